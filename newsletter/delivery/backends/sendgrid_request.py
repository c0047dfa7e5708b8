"""The JSON of one mail/send request.

SendGrid puts one value into both bodies, but a name is escaped in HTML only; so
the HTML gets a word of its own for it. Ids in ``custom_args`` are opaque: SendGrid
keeps them long and does not treat them as personal.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from newsletter.delivery import headers
from newsletter.delivery.backends.base import Letter, OutgoingMessage
from newsletter.delivery.message import subject_of, unsubscribe_url

# Tracking would rewrite links, count opens, and add a second List-Unsubscribe.
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


def request_body(
    letter: Letter,
    messages: Iterable[OutgoingMessage],
    *,
    sandbox: bool = False,
    batch_id: str = "",
) -> dict[str, Any]:
    """Return the body that sends ``letter`` to each reader in ``messages``.

    In the sandbox SendGrid checks the request and sends nothing. A ``batch_id`` lets
    the letters wait there until the end of the letter's window.
    """
    mail = letter.mail
    headers.unstructured("Subject", subject_of(letter))  # refuses what must not be in a header
    html = mail.html.replace(mail.tokens.name, _name_in_html(letter))
    return {
        "from": {"email": letter.mail_from, "name": letter.from_name},
        **({"reply_to": {"email": letter.reply_to}} if letter.reply_to else {}),
        "subject": subject_of(letter),
        "content": [
            {"type": "text/plain", "value": mail.text},
            {"type": "text/html", "value": html},
        ],
        "headers": _shared_headers(letter),
        "personalizations": [_personalization(letter, message) for message in messages],
        "tracking_settings": _NO_TRACKING,
        **({"mail_settings": {"sandbox_mode": {"enable": True}}} if sandbox else {}),
        **_schedule(letter, batch_id),
    }


def _schedule(letter: Letter, batch_id: str) -> dict[str, Any]:
    if letter.window is None or not batch_id:
        return {}
    return {"batch_id": batch_id, "send_at": int(letter.window.send_at.timestamp())}


def _shared_headers(letter: Letter) -> dict[str, str]:
    if not letter.bulk:
        return {"Auto-Submitted": "auto-generated"}
    shared = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {**shared, "List-Id": f"<{letter.list_id}>"} if letter.list_id else shared


def _personalization(letter: Letter, message: OutgoingMessage) -> dict[str, Any]:
    person, words = message.values, letter.mail.tokens
    name = person.name if headers.is_safe(person.name) else ""
    personalization: dict[str, Any] = {
        "to": [{"email": message.address, **({"name": name} if name else {})}],
        "substitutions": {
            words.name: name,
            _name_in_html(letter): escape(name),
            words.unsubscribe: person.unsubscribe,
            words.preferences: person.preferences,
        },
        "custom_args": {"delivery": str(message.delivery_id), "attempt": message.attempt},
    }
    if letter.bulk:
        url = unsubscribe_url(letter, person.unsubscribe)
        personalization["headers"] = {"List-Unsubscribe": f"<{url}>"}
    return personalization


def _name_in_html(letter: Letter) -> str:
    return letter.mail.tokens.name.replace("__NAME_", "__NAME_IN_HTML_")
