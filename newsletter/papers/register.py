"""Finds the paper that each entry speaks of, or makes it: by id first, then by title.

By any title that a source ever gave it: the one that it goes by may change. A title
that must be another paper's, by the one that arXiv itself gives, finds nothing.
"""

from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q

from newsletter.collect.digests.digest import DigestEntry
from newsletter.papers.identity import key_without_title, title_key
from newsletter.papers.models import Paper, Summary, VoteObservation
from newsletter.papers.titles import are_two_papers, is_title, key_of


class Register:
    """The papers of one file, looked up together and written together."""

    def __init__(self, entries: Sequence[DigestEntry]) -> None:
        self._by_id: dict[str, Paper] = {}
        self._by_key: dict[str, Paper] = {}
        self._new: list[Paper] = []
        self._changed: dict[int, Paper] = {}
        self._united: dict[int, Paper] = {}
        self._load(entries)

    def papers_of(self, entries: Sequence[DigestEntry]) -> list[Paper]:
        """Return the paper of each entry, in order; entries of one paper share one row."""
        found = [self._paper_of(entry) for entry in entries]
        papers = [self._united.get(id(paper), paper) for paper in found]
        # In one order for everybody, so that two imports never wait for each other.
        Paper.objects.bulk_create(sorted(self._new, key=lambda paper: paper.title_key))
        Paper.objects.bulk_update(
            self._changed.values(), ["arxiv_id", "title_ko", "authors", "image"]
        )
        return papers

    @property
    def created(self) -> int:
        """How many papers were new."""
        return len(self._new)

    def _load(self, entries: Sequence[DigestEntry]) -> None:
        ids = {entry.arxiv_id for entry in entries if entry.arxiv_id}
        keys = {_key(entry) for entry in entries} - {""}
        told = Summary.objects.filter(title_key__in=keys)
        rows = told.values_list("title_key", "paper_id", "title", "paper__arxiv_title")
        # An id beside a wrong title must not draw the paper that is really called so to itself.
        earlier = [
            (key, pk)
            for key, pk, title, own in rows.order_by("paper_id").distinct()
            if not are_two_papers(own, title)
        ]
        known = Q(arxiv_id__in=ids) | Q(title_key__in=keys) | Q(pk__in={pk for _, pk in earlier})
        papers = {paper.pk: paper for paper in Paper.objects.filter(known).order_by("pk")}
        for paper in sorted(papers.values(), key=lambda paper: paper.arxiv_id not in ids):
            self._remember(paper)
        # A paper that goes by a title now comes before one that somebody called so once.
        for key, pk in earlier:
            if (once := papers.get(pk)) and once.pk:
                self._by_key.setdefault(key, once)

    def _remember(self, paper: Paper) -> None:
        if paper.arxiv_id:
            self._by_id.setdefault(paper.arxiv_id, paper)
        if not paper.title_key:
            return  # a title of signs alone equals no other
        known = self._by_key.setdefault(paper.title_key, paper)
        if paper.arxiv_id:
            self._unite(paper, known)

    def _paper_of(self, entry: DigestEntry) -> Paper:
        paper = self._find(entry)
        if paper is None:
            paper = _paper(entry)
            self._new.append(paper)
            self._remember(paper)
        if key := _key(entry):
            self._unite(paper, self._by_key.setdefault(key, paper))
        self._learn(paper, entry)
        return paper

    def _unite(self, paper: Paper, namesake: Paper | None) -> None:
        """Merge the row that an earlier digest without links made under this title."""
        if namesake is not None and namesake is not paper and namesake.arxiv_id is None:
            self._by_key[namesake.title_key] = paper
            if namesake.pk is None:
                self._new = [new for new in self._new if new is not namesake]
                self._united[id(namesake)] = paper
            else:
                merge(namesake, paper)

    def _find(self, entry: DigestEntry) -> Paper | None:
        if entry.arxiv_id and entry.arxiv_id in self._by_id:
            return self._by_id[entry.arxiv_id]
        paper = self._by_key.get(_key(entry))
        if paper and entry.arxiv_id and paper.arxiv_id:
            return None  # two papers that share a title
        return paper

    def _learn(self, paper: Paper, entry: DigestEntry) -> None:
        """Fill what the paper lacks from what this entry knows; never overwrite."""
        image = entry.image if entry.image and entry.image.startswith("https://") else ""
        offers = {
            "arxiv_id": entry.arxiv_id,
            "title_ko": entry.title_ko[:500],
            "authors": list(entry.authors),
            "image": image[:1000],
        }
        for field, value in offers.items():
            if value and not getattr(paper, field):
                setattr(paper, field, value)
                if paper.pk:
                    self._changed[paper.pk] = paper
        if paper.arxiv_id:
            self._by_id.setdefault(paper.arxiv_id, paper)


def merge(lost: Paper, kept: Paper) -> bool:
    """Move everything said of ``lost`` to ``kept`` and remove the empty row; tell whether it is gone.

    A paper that an issue already shows stays as it is: what readers saw does not change.
    """
    if lost.pk is None or kept.pk is None:
        return False
    with suppress(ProtectedError), transaction.atomic():
        digests = Summary.objects.filter(paper=kept).values("digest")
        Summary.objects.filter(paper=lost).exclude(digest__in=digests).update(paper=kept)
        moments = VoteObservation.objects.filter(
            paper=kept, source=OuterRef("source"), observed_at=OuterRef("observed_at")
        )
        VoteObservation.objects.filter(~Exists(moments), paper=lost).update(paper=kept)
        lost.delete()
        return True
    return False


def _paper(entry: DigestEntry) -> Paper:
    """Return the new paper that an entry speaks of; without a title, its id stands in for it."""
    key = _key(entry)
    title = entry.title if is_title(entry.title) else entry.arxiv_id or entry.title
    return Paper(arxiv_id=entry.arxiv_id, title=title[:500], title_key=key or title_key(title))


def _key(entry: DigestEntry) -> str:
    """Return by what a paper is found, beside its id.

    An entry that has neither id nor title is known by all that it says, and equals no other.
    """
    key = key_of(entry.title)
    return key if key or entry.arxiv_id else key_without_title(entry.title, entry.raw)
