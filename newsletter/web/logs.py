"""What the log does not say: the tokens of our links, and each login that has to wait.

Whoever reads a log must not be able to use one of the links, and nobody must be able to roll the
log over with logins, so that older lines are lost.
"""

import logging
import re
from http import HTTPStatus

from django.conf import settings

_LATER = HTTPStatus.SERVICE_UNAVAILABLE
_LINK = re.compile(r"/([cpu])/[A-Za-z0-9_.~%-]+")


class HideTokens(logging.Filter):
    """Replace the token in ``/c/…``, ``/p/…`` and ``/u/…`` by three dots, in every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its tokens hidden."""
        told = record.getMessage()
        hidden = _LINK.sub(r"/\1/…", told)
        if hidden != told:
            record.msg, record.args = hidden, None
        return True


class QuietBusyLogins(logging.Filter):
    """Make of Django's error for each 503 of the login, which says "later", a line of ``DEBUG``."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record through that is still of the level of its logger."""
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if (
            match
            and match.view_name == settings.LOGIN_URL
            and getattr(record, "status_code", 0) == _LATER
        ):
            record.levelno, record.levelname = logging.DEBUG, logging.getLevelName(logging.DEBUG)
        return record.levelno >= logging.getLogger(record.name).getEffectiveLevel()
