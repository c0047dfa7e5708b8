"""What a reason of the ledger says, in an editor's words. Where none fits, the raw one has to do."""

import re
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.events.kinds import EventKind, bounce_kind

_BY_SERVER = re.compile(r"(?:rcpt|data|end of data) ([45])\d\d ?(\S*)$")
_SAID: tuple[tuple[str, Promise], ...] = (
    ("left$", _("left meanwhile")),
    ("suppressed$", _("suppressed")),
    ("erased$", _("erased")),
    ("worker lost", _("the sending process ended in the middle")),
    ("no answer|no outcome", _("no answer came back")),
    ("told by the provider", _("confirmed by the provider")),
    ("found at the receiving side", _("found at the receiving side")),
    ("not at the receiving side", _("was not at the receiving side, sent again")),
    ("called back", _("called back from the provider")),
    ("sent again by the policy", _("sent again by the rule for doubts")),
    ("http 400 to", _("the provider calls the address wrong")),
    ("http 401|http 403", _("the provider refused our key")),
    ("http 429", _("the provider asked us to wait")),
    ("http 4", _("the provider refused the request")),
    ("http 5", _("the provider had trouble")),
    ("connect", _("the server could not be reached")),
    ("lease over", _("its turn did not come in time")),
    ("smtputf8", _("the server takes no such address")),
    ("421", _("the server hung up")),
)


def said(reason: str) -> str:
    """Return the reason in the language of the page; empty where it needs no words of ours."""
    for begins, words in _WRAPPED:
        if reason.startswith(begins):
            rest = reason.removeprefix(begins).strip()
            return str(words(said(rest) or rest))
    if found := _BY_SERVER.match(reason):
        return str(_by_server(permanent=found[1] == "5", status=found[2]))
    return next((str(text) for pattern, text in _SAID if re.match(pattern, reason)), "")


_WRAPPED: tuple[tuple[str, Callable[[str], Promise | str]], ...] = (
    ("asked: ", lambda why: _("waits for your decision: %(why)s") % {"why": why}),
    ("gave up: ", lambda why: _("given up: %(why)s") % {"why": why}),
    ("left by ", lambda who: _("left as it is by %(who)s") % {"who": who}),
    ("tried again by ", lambda who: _("tried again by %(who)s") % {"who": who}),
)


def _by_server(*, permanent: bool, status: str) -> Promise:
    if not permanent:
        return _("the reader's server asked to try later")
    match bounce_kind(status):
        case EventKind.HARD_BOUNCED:
            return _("there is no such mailbox")
        case EventKind.BLOCKED:
            return _("the reader's server refuses us")
    if status == "5.2.2":
        return _("the mailbox is full")
    return _("the reader's server refused the letter")
