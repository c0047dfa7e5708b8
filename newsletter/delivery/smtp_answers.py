"""What a refusal of an SMTP server means for its letter, and for all others. Pure.

Who waits is decided by step, code and enhanced code, as real servers use them:

=====================  ============================  =============================================
step                   answer                        who waits, and who says so
=====================  ============================  =============================================
MAIL                   any 4xx                       all: it has not heard of the reader yet
                                                     (Postfix "450 4.7.1 too much mail from")
any                    454                           all (SES "454 Throttling failure")
any                    452 4.3.x; 452 after RCPT     all: no room (Postfix, Exchange 4.3.1)
any                    4xx 4.7.20 and above          all: our address or domain (Gmail 4.7.28,
                                                     Outlook 4.7.500 and 4.7.650)
RCPT, DATA, end        450 or 451 4.7.1, 4.2.0, …    this letter: greylisting, milters
RCPT, DATA, end        450 4.2.1, 452 4.2.2, …       this letter: a busy or full mailbox
=====================  ============================  =============================================

A 421 is no answer but the end of the connection; what it means is decided where
connections are counted.
"""

import re
from collections.abc import Sequence

from newsletter.delivery.backends.base import (
    HaltSending,
    PermanentSendError,
    SendError,
    Throttled,
    TransientSendError,
)
from newsletter.delivery.smtp_connection import Reply

GO_AHEAD = 354
_PERMANENT = 500
_AUTHENTICATION_NEEDED = 530
_TOO_MUCH = 454
_NO_ROOM = 452
_ENHANCED = re.compile(r"4\.(\d{1,3})\.(\d{1,3})")
_SYSTEM, _POLICY = 3, 7
# RFC 3463 and its registry: below it are a reader's own refusals and greylisting, from it on
# whatever is said of the sender's authentication, address and rate.
_OF_THE_SENDER = 20


def first_refusal(steps: Sequence[str], replies: Sequence[Reply]) -> SendError | None:
    """Return the error of the first step that was not taken."""
    for step, reply in zip(steps, replies, strict=False):
        if not reply.ok or (step == "data" and reply.code != GO_AHEAD):
            return refusal(step, reply)
    return None


def refusal(step: str, reply: Reply) -> SendError:
    """Return what becomes of a letter that was refused at ``step``."""
    reason = reply.reason(step)
    if reply.code < _PERMANENT:
        return (Throttled if _everybody_waits(step, reply) else TransientSendError)(reason)
    # A sender that is refused is refused for every reader.
    if step == "mail" or reply.code == _AUTHENTICATION_NEEDED:
        return HaltSending(reason)
    return PermanentSendError(reason)


def _everybody_waits(step: str, reply: Reply) -> bool:
    if step == "mail" or reply.code == _TOO_MUCH:
        return True
    enhanced = _ENHANCED.match(reply.text)
    if enhanced is None:
        return reply.code == _NO_ROOM and step != "rcpt"
    subject, detail = int(enhanced[1]), int(enhanced[2])
    if reply.code == _NO_ROOM and subject == _SYSTEM:
        return True
    return subject == _POLICY and detail >= _OF_THE_SENDER
