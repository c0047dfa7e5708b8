"""Writes to papers the titles that their sources agree on, whenever one more has spoken."""

from collections import defaultdict
from collections.abc import Iterable

from newsletter.papers.identity import title_key
from newsletter.papers.models import Paper, Summary
from newsletter.papers.titles import Told, agreed


def agree(papers: Iterable[Paper]) -> None:
    """Give each paper the title that was agreed on; in two statements, however many there are.

    Where arXiv has told its own title, that stays, even if it was told a moment ago.
    """
    open_to_all = {paper.pk: paper for paper in papers if not paper.arxiv_title}
    told = _told(open_to_all)
    changed = [paper for pk, paper in open_to_all.items() if _learn(paper, told[pk])]
    Paper.objects.filter(arxiv_title="").bulk_update(changed, ["title", "title_key"])


def _told(papers: Iterable[int]) -> defaultdict[int, list[Told]]:
    """Return what was told of each of these papers, by the day on which it was listed."""
    rows = Summary.objects.filter(paper__in=list(papers)).order_by("listed_on", "pk")
    told: defaultdict[int, list[Told]] = defaultdict(list)
    for pk, source, title in rows.values_list("paper_id", "source_id", "title"):
        told[pk].append(Told(source, title))
    return told


def _learn(paper: Paper, told: list[Told]) -> bool:
    """Take on the title that was agreed on; tell whether it is another than before."""
    title = agreed(told, own=paper.title) or paper.arxiv_id or paper.title
    key = title_key(title)
    # Without an id it is the key that makes a paper: two of them never have the same.
    if title == paper.title or (paper.arxiv_id is None and key != paper.title_key):
        return False
    paper.title, paper.title_key = title, key
    return True
