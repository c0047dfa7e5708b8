"""Which way out the settings name: one line for each backend."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from newsletter.common.errors import ConfigurationError
from newsletter.delivery.backends.base import MailBackend
from newsletter.delivery.backends.guard import GuardedBackend

if TYPE_CHECKING:
    from newsletter.delivery.dkim import Signer


def _inbox() -> MailBackend:
    from newsletter.delivery.backends.inbox import InboxBackend

    return InboxBackend(settings.INBOX_PORT, settings.DATA_DIR / "inbox.sqlite3")


def _smtp() -> MailBackend:
    from newsletter.delivery.backends.smtp import SmtpBackend
    from newsletter.delivery.smtp_server import parse_server

    server = parse_server(settings.SMTP_URL, settings.PUBLICATION_DOMAIN)
    return SmtpBackend(server, _signers())


def _signers() -> list["Signer"]:
    if len(settings.DKIM_SELECTOR) != len(settings.DKIM_KEY_FILE):
        raise ConfigurationError(
            "config.dkim",
            "DKIM_SELECTOR와 DKIM_KEY_FILE은 개수가 같아야 합니다.",
            "DKIM_SELECTOR and DKIM_KEY_FILE must name equally many.",
            place="DKIM_SELECTOR",
        )
    keys = zip(settings.DKIM_SELECTOR, settings.DKIM_KEY_FILE, strict=True)
    return [_signer(selector, Path(file)) for selector, file in keys]


def _signer(selector: str, file: Path) -> "Signer":
    from newsletter.delivery import dkim_keys

    try:
        pem = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "config.dkim",
            f"DKIM_KEY_FILE을 읽을 수 없습니다: {file} ({type(error).__name__})",
            f"DKIM_KEY_FILE cannot be read: {file} ({type(error).__name__})",
            place="DKIM_KEY_FILE",
        ) from None
    return dkim_keys.load(settings.DKIM_DOMAIN, selector, pem)


def _sendgrid() -> MailBackend:
    from newsletter.delivery.backends.sendgrid import SendGridBackend
    from newsletter.delivery.recalls import batch_of

    return SendGridBackend(
        settings.SENDGRID_API_KEY,
        settings.SENDGRID_BASE_URL,
        sandbox=settings.SENDGRID_SANDBOX,
        batch_of=batch_of,
        readers=settings.SENDGRID_READERS,
    )


BACKENDS: dict[str, Callable[[], MailBackend]] = {
    "inbox": _inbox,
    "smtp": _smtp,
    "sendgrid": _sendgrid,
}


@cache
def backend() -> MailBackend:
    """Return the way out of this process; its connections stay open between calls."""
    return new()


def new() -> MailBackend:
    """Return a way out for the caller alone, who closes it: a thread of its own, for example."""
    ways = [GuardedBackend(BACKENDS[name]()) for name in names()]
    if len(ways) == 1:
        return ways[0]
    # It writes to the editors, and so imports all that makes a mail: a third of what `status` does.
    from newsletter.delivery.backends.failover import FailoverBackend

    return FailoverBackend(ways)


def check() -> None:
    """Set up every way out once, to no server; raises :class:`ConfigurationError` for what it lacks.

    Not at every start: whoever runs the site alone may neither have the keys nor need them.
    """
    for name in names():
        BACKENDS[name]().close()


def names() -> list[str]:
    """Return the backends that the settings name, the first choice first.

    Raises :class:`ConfigurationError` for one that does not exist.
    """
    chosen = [name for name in (settings.MAIL_BACKEND, settings.FAILOVER_BACKEND) if name]
    for setting, name in zip(("MAIL_BACKEND", "FAILOVER_BACKEND"), chosen, strict=False):
        if name not in BACKENDS:
            raise ConfigurationError(
                "config.invalid",
                f"{setting} 값은 다음 중 하나여야 합니다: {', '.join(BACKENDS)}",
                f"{setting} must be one of {', '.join(BACKENDS)}.",
                place=setting,
            )
    return chosen
