"""How adapters ask an address for a source: conditionally, in turn, and within one budget."""

from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus

from newsletter.collect.connection import SLOW, Deadline
from newsletter.collect.feed_errors import Fault, FeedError
from newsletter.collect.fetch import Limits, fetch
from newsletter.collect.fetched import NO_VALIDATORS, FetchedFeed, NotModified, Validators
from newsletter.collect.models import KnownAnswer, Source
from newsletter.collect.sources.adapter import Ask

# All addresses of one source together; below the time limit of its task.
SECONDS = 90.0
# One that has just failed must prove itself before it may take so long again.
SECONDS_AFTER_FAILURE = 30.0
# arXiv is asked for facts slowly and in order; nobody waits for that.
SECONDS_FOR_FACTS = 240.0
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class Visitor:
    """Asks addresses for one source and keeps in mind what will be known of them.

    What a server gave for the next conditional request is written down only by
    :meth:`remember`, after the answers were stored: otherwise a crash in between
    would turn into "nothing new" for ever.
    """

    def __init__(self, source: Source | None, *, limits: Limits | None = None) -> None:
        self._source = source
        self._limits = limits or Limits()
        self._budget = Deadline(_seconds(source))
        self._known: dict[str, Validators] = {}
        self.moved_to = ""
        self.answered = 0
        """How many answers held something, so were neither unchanged nor absent."""

    def __call__(self, ask: Ask) -> FetchedFeed | None:
        """Return the answer, or ``None`` where nothing is new or, if optional, nothing is."""
        try:
            left = self._budget.left
        except SLOW as error:
            raise Fault.TIMEOUT.at(ask.url, seconds=self._budget.seconds) from error
        try:
            fetched = self._fetch(ask, left)
        except FeedError as error:
            if ask.optional and error.status in _GONE:
                return None
            raise
        if isinstance(fetched, NotModified):
            return None
        self.answered += 1
        self.moved_to = self.moved_to or fetched.moved_to
        self._known[_hash(ask.url)] = fetched.validators
        return fetched

    @property
    def seconds(self) -> float:
        """How long all addresses of the source may take together."""
        return self._budget.seconds

    def remember(self) -> None:
        """Write down what was given for the next conditional requests."""
        for url_hash, validators in self._known.items():
            KnownAnswer.objects.update_or_create(
                source=self._source,
                url_hash=url_hash,
                defaults={"etag": validators.etag, "last_modified": validators.last_modified},
            )

    def _fetch(self, ask: Ask, left: float) -> FetchedFeed | NotModified:
        validators = NO_VALIDATORS if ask.whole else self._validators(ask.url)
        return fetch(
            ask.url,
            expected=ask.expected,
            validators=validators,
            limits=replace(self._limits, seconds=min(self._limits.seconds, left), patience=left),
        )

    def _validators(self, url: str) -> Validators:
        known = KnownAnswer.objects.filter(source=self._source, url_hash=_hash(url)).first()
        return Validators(known.etag, known.last_modified) if known else NO_VALIDATORS


def _seconds(source: Source | None) -> float:
    if source is None:
        return SECONDS_FOR_FACTS
    return SECONDS_AFTER_FAILURE if source.failures_in_a_row else SECONDS


def _hash(url: str) -> str:
    return sha256(url.encode()).hexdigest()
