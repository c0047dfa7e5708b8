"""Where providers tell what became of letters. No page: the caller is a machine.

Refusals first, then the events are stored, and only then is the answer "taken".
Anything but a 2xx makes the provider tell it again, so nothing is lost to a
database that was down.
"""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsletter.common.errors import BadInput, ConfigurationError, NewsletterError, Refused
from newsletter.events import record, sendgrid, signature
from newsletter.web import client

logger = logging.getLogger(__name__)

LARGEST = 5 * 1024 * 1024


class TooLarge(BadInput):
    """The body is larger than any that the provider sends."""


# The most telling class first: the first that fits decides.
_STATUS = {TooLarge: 413, ConfigurationError: 503, BadInput: 400, Refused: 403}


@csrf_exempt
@require_POST
def sendgrid_events(request: HttpRequest) -> HttpResponse:
    """Take one post of SendGrid's event webhook; say how many events were new."""
    try:
        raw = _body(request)
        signature.check(
            raw,
            request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", ""),
            request.headers.get("X-Twilio-Email-Event-Webhook-Signature", ""),
        )
        post = sendgrid.parse(raw)
    except NewsletterError as error:
        return _refusal(request, error)
    told = record.record(sendgrid.PROVIDER, post.events)
    foreign = told.foreign + post.skipped.get("foreign", 0)
    skipped = {**post.skipped, **({"foreign": foreign} if foreign else {})}
    return JsonResponse({"stored": told.stored, "known": told.known, "skipped": skipped})


def _body(request: HttpRequest) -> bytes:
    """Return the raw bytes, on which the signature rests; Django's own limit would be too low."""
    raw = request.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooLarge(
            "webhook.too_large", "요청이 5 MB보다 큽니다.", "The request is larger than 5 MB."
        )
    return raw


def _refusal(request: HttpRequest, error: NewsletterError) -> HttpResponse:
    logger.warning("events of %s were refused: %s", client.name_in_logs(request), error.code)
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    told = {"error": error.code, "ko": error.ko, "en": error.en}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
