"""The built-in inbox: every mail this machine sent to itself. It exists on loopback only."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsletter.delivery.inbox_store import InboxStore, ReceivedMessage
from newsletter.web.framed import framed, mail_document

_PER_PAGE = 50
_DIGITS = 10
_VIEWS = ("html", "text", "headers", "source")


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """List what came in, the newest first, to everybody or to one address."""
    store, to = _store(), request.GET.get("to", "").strip()
    total = store.count(to)
    pages = -(-total // _PER_PAGE)
    page = _page(request.GET.get("page", ""), pages)
    context = {
        "mails": store.messages(page, to, per_page=_PER_PAGE),
        "to": to,
        "total": total,
        "page": page,
        "pages": pages,
    }
    return render(request, "web/inbox/list.html", context)


@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """Show one mail as its HTML, its text, its headers or its source."""
    received = _message(number)
    mail = _parsed(received)
    chosen = request.GET.get("as", "html")
    context = {
        "message": received,
        "chosen": chosen if chosen in _VIEWS else "html",
        "views": _VIEWS,
        "sender": str(mail["From"] or ""),
        "text": _part(mail, "plain"),
        "headers": [(name, str(value)) for name, value in mail.items()],
        "source": received.raw.decode("utf-8", "replace"),
    }
    return render(request, "web/inbox/message.html", context)


@require_safe
@framed
def html(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Return the HTML part of one mail, to be framed."""
    return mail_document(_part(_parsed(_message(number)), "html"))


def _page(asked: str, pages: int) -> int:
    """Return the page that is meant: the first for what is no number, the last for too much."""
    number = int(asked) if asked.isdecimal() and len(asked) < _DIGITS else 1
    return max(1, min(number, pages))


def _store() -> InboxStore:
    if settings.MAIL_BACKEND != "inbox" or not _on_loopback():
        raise Http404
    return InboxStore(settings.DATA_DIR / "inbox.sqlite3")


def _message(number: int) -> ReceivedMessage:
    received = _store().message(number)
    if received is None:
        raise Http404
    return received


def _parsed(received: ReceivedMessage) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(received.raw)


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part else ""


def _on_loopback() -> bool:
    host = urlsplit(settings.BASE_URL).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
