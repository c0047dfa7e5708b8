"""What arXiv adds to papers that digests told of: facts, lost ids, withdrawals."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.collect.fetched import FetchedFeed
from newsletter.collect.sources.adapter import Ask, Reading
from newsletter.collect.sources.arxiv import ArxivPaper
from newsletter.common import clock
from newsletter.issues.assemble import assemble
from newsletter.papers import arxiv_facts
from newsletter.papers.keeping import keep
from newsletter.papers.models import Paper
from tests.factories import a_source, an_entry, listed, the_week

pytestmark = pytest.mark.django_db

TITLE = "GDPO: Group reward-Decoupled Normalization Policy Optimization"
# So nearly the same that arXiv's id is taken for it.
MISSPELLED = "GDPO: Group reward-Decoupled Normalisation Policy Optimization"


class Arxiv:
    """An arXiv that knows some papers: by id, and by the words of their titles."""

    def __init__(self, *papers: str) -> None:
        self.entries = papers
        self.asked: list[dict[str, list[str]]] = []

    def __call__(self, ask: Ask) -> FetchedFeed:
        query = parse_qs(urlsplit(ask.url).query)
        self.asked.append(query)
        ids = query.get("id_list", [""])[0].split(",")
        told = [
            one
            for one in self.entries
            if "search_query" in query or any(f"/{i}v" in one for i in ids if i)
        ]
        body = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{"".join(told)}</feed>'
        return FetchedFeed(ask.url, body.encode())

    @property
    def ids(self) -> list[str]:
        return [
            one for query in self.asked for one in query.get("id_list", [""])[0].split(",") if one
        ]


def told(
    arxiv_id: str = "2601.05242", title: str = TITLE, comment: str = "12 pages", version: int = 1
) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{arxiv_id}v{version}</id><title>{title}</title>"
        f"<summary>We decouple the rewards.</summary><published>2026-01-08T18:59:24Z</published>"
        f'<author><name>Shih-Yang Liu</name></author><category term="cs.CL"/><arxiv:comment>{comment}</arxiv:comment></entry>'
    )


def fill(arxiv: Arxiv, later: timedelta = timedelta()) -> arxiv_facts.Filled:
    return arxiv_facts.fill(arxiv, clock.now() + later)


def offered(title: str) -> ArxivPaper:
    return ArxivPaper("2601.05242", 1, title, "", (), ())


def test_what_digests_lack_is_filled_and_what_they_said_stays():
    listed(an_entry(title="GDPO, as the digest calls it", authors=("Somebody Else",)))
    filled = fill(Arxiv(told(version=3)))
    paper = Paper.objects.get()
    assert (filled.filled, filled.missing) == (1, ())
    assert (paper.abstract, paper.categories, paper.version) == (
        "We decouple the rewards.",
        ["cs.CL"],
        3,
    )
    assert paper.summaries.get().title == "GDPO, as the digest calls it"


@pytest.mark.parametrize("title", ["2601.05242", "arXiv Links", "Another Paper", TITLE[:30] + "…"])
def test_a_paper_goes_by_the_own_title_of_arxiv_whatever_a_digest_calls_it(title):
    listed(an_entry(title=title))
    fill(Arxiv(told()))
    listed(an_entry(title=title), source="two")
    listed(an_entry(title=title), source="three")
    assert Paper.objects.get().title == TITLE


def test_a_title_of_arxiv_is_shown_and_cited_with_its_formulas():
    written = r"LLM$\times$MapReduce: Simplified Long-Sequence Processing"
    listed(an_entry())
    fill(Arxiv(told(title=written)))
    paper = Paper.objects.get()
    # In a citation, the signs of TeX would be escaped and stand there as they came.
    assert paper.title == paper.arxiv_title == "LLM×MapReduce: Simplified Long-Sequence Processing"


def test_a_paper_is_found_by_each_title_that_it_ever_had():
    listed(an_entry(title="GDPO, a Group Reward Normalization for Policies"))
    fill(Arxiv(told()))
    spelled = "GDPO - A Group Reward Normalization for Policies"
    listed(an_entry(None, spelled), source="without-links")
    listed(an_entry(None, TITLE), source="another")
    assert Paper.objects.get().summaries.count() == 3


def test_a_title_that_arxiv_tells_while_a_digest_comes_in_stays():
    listed(an_entry(title="GDPO, as the digest calls it"))
    slow = SlowArxiv(told(), meanwhile=lambda: listed(an_entry(title="GDPO!"), source="late"))
    fill(slow)
    assert Paper.objects.get().title == TITLE


def test_arxiv_is_not_asked_for_what_is_no_title():
    listed(an_entry(None, "Abstract"))
    arxiv = Arxiv(told(title="Abstract"))
    fill(arxiv)
    assert (arxiv.asked, Paper.objects.get().arxiv_id) == ([], None)


def test_a_paper_that_arxiv_does_not_know_yet_is_asked_for_on_another_day():
    listed(an_entry())
    arxiv = Arxiv()
    assert fill(arxiv).missing == ("2601.05242",)
    fill(arxiv, timedelta(hours=1))
    assert arxiv.ids == ["2601.05242"]
    arxiv.entries = (told(),)
    assert fill(arxiv, timedelta(days=1)).filled == 1


def test_a_paper_that_is_withdrawn_after_it_was_listed_is_noticed():
    listed(an_entry())
    arxiv = Arxiv(told())
    assert fill(arxiv).withdrawn == ()
    arxiv.entries = (told(version=2, comment="This paper has been withdrawn by the authors"),)
    assert fill(arxiv, timedelta(days=1)).withdrawn == ("2601.05242",)
    assert Paper.objects.get().withdrawn_at is not None


def test_a_paper_that_is_no_longer_withdrawn_comes_back():
    listed(an_entry())
    arxiv = Arxiv(told(comment="This paper has been withdrawn by the authors"))
    fill(arxiv)
    arxiv.entries = (told(version=2, comment="A corrected version"),)
    fill(arxiv, timedelta(days=1))
    assert Paper.objects.get().withdrawn_at is None


def test_what_another_source_calls_withdrawn_stays_so_whatever_arxiv_knows():
    listed(an_entry())
    keep(Reading(withdrawn=("2601.05242",)), a_source("hf"))
    fill(Arxiv(told()))
    assert Paper.objects.get().withdrawn_by == "hf"
    assert Paper.objects.get().withdrawn_at is not None


def test_an_old_paper_is_not_watched_for_ever():
    listed(an_entry())
    arxiv = Arxiv(told())
    fill(arxiv)
    Paper.objects.update(first_seen_at=clock.now() - timedelta(days=30))
    fill(arxiv, timedelta(days=1))
    assert arxiv.ids == ["2601.05242"]


def test_a_lost_id_is_found_by_the_title_with_a_stated_confidence():
    listed(
        an_entry(
            arxiv_id=None, title="GDPO: Group reward-decoupled normalization policy optimization."
        )
    )
    (match,) = fill(Arxiv(told())).identified
    paper = Paper.objects.get()
    assert (paper.arxiv_id, paper.id_confidence) == ("2601.05242", 1.0)
    assert match.confidence == 1.0


def test_an_id_that_is_found_for_a_known_paper_makes_the_two_one():
    listed(an_entry(arxiv_id=None, title=MISSPELLED), source="without-links")
    listed(an_entry(title=TITLE), source="with-links")
    fill(Arxiv(told()))
    assert Paper.objects.get().summaries.count() == 2


class SlowArxiv(Arxiv):
    """An arXiv that takes so long to tell of papers that something else happens meanwhile."""

    def __init__(self, *papers: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(*papers)
        self.meanwhile = meanwhile

    def __call__(self, ask: Ask) -> FetchedFeed:
        if "id_list" in ask.url:
            self.meanwhile()
        return super().__call__(ask)


def test_a_withdrawal_that_comes_in_while_arxiv_is_asked_is_not_overwritten():
    listed(an_entry())
    reading = Reading(withdrawn=("2601.05242",))
    slow = SlowArxiv(told(), meanwhile=lambda: keep(reading, a_source("hf")))
    assert fill(slow).withdrawn == ()
    assert Paper.objects.get().withdrawn_by == "hf"
    assert Paper.objects.get().withdrawn_at is not None


def test_what_a_digest_tells_while_arxiv_is_asked_is_not_overwritten():
    listed(an_entry())
    entry = an_entry(title_ko="보상을 따로")
    fill(SlowArxiv(told(), meanwhile=lambda: listed(entry, source="late")))
    assert Paper.objects.get().title_ko == "보상을 따로"


def test_the_authors_stand_in_the_order_of_arxiv():
    listed(an_entry(authors=("Somebody Else", "Shih-Yang Liu")))
    fill(Arxiv(told()))
    listed(an_entry(authors=("Somebody Else",)), source="late")
    assert Paper.objects.get().authors == ["Shih-Yang Liu"]


def test_authors_that_a_digest_told_stay_where_arxiv_names_none():
    listed(an_entry(authors=("Somebody Else",)))
    fill(Arxiv(told().replace("<author><name>Shih-Yang Liu</name></author>", "")))
    assert Paper.objects.get().authors == ["Somebody Else"]


def a_paper_without_id_that_a_draft_shows():
    """Its id is another row's, which came later; what the draft shows stays as it is."""
    listed(an_entry(arxiv_id=None, title=MISSPELLED), source="without-links")
    assemble(the_week())
    listed(an_entry(title=TITLE), source="with-links")


def test_two_rows_that_cannot_become_one_are_not_said_to_be_identified():
    a_paper_without_id_that_a_draft_shows()
    assert fill(Arxiv(told())).identified == ()
    assert Paper.objects.count() == 2


def test_arxiv_is_asked_for_a_title_that_has_to_stay_on_another_day_and_not_every_hour():
    a_paper_without_id_that_a_draft_shows()
    arxiv = Arxiv(told())
    asked = []
    for hours in (0, 1, 2, 24):
        fill(arxiv, timedelta(hours=hours))
        asked.append(sum("search_query" in query for query in arxiv.asked))
    assert asked == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("ours", "theirs", "sure"),
    [
        ("LLM×MapReduce: Simplified Long-Sequence Processing", r"LLM$\times$MapReduce: Simplified Long-Sequence Processing", True),
        ("Attention Is All You Need", "Attention is all you need!", True),
        ("Attention Is All You Need", "Attention Is Not All You Need Anymore", False),
        ("MoA 2", "MoA 3", False),
        ("DeepSeek-V3 Technical Report", "DeepSeek-V2 Technical Report", False),
    ],
)  # fmt: skip
def test_a_title_is_taken_for_another_only_if_it_is_nearly_the_same(ours, theirs, sure):
    nearest = arxiv_facts.match(ours, [offered(theirs)])
    assert (nearest.confidence >= arxiv_facts.CONFIDENT) is sure


def test_a_title_that_nobody_knows_has_no_match():
    assert arxiv_facts.match("Attention Is All You Need", []) is None
