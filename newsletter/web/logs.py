"""Keeps the tokens of our links out of the log: whoever reads a log must not be able to use one."""

import logging
import re

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
