"""A later, better title mends an earlier one: in the papers, in drafts, in rows of an older version."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsletter.issues.drafting import draft
from newsletter.papers.models import Paper, Summary
from tests.factories import FRIDAY, a_weekly, an_entry, listed

BEFORE = [("papers", "0003_who_says_withdrawn")]
GDPO = "GDPO: Group Rewards"


def the_title() -> str:
    return Paper.objects.get().title


@pytest.mark.django_db
def test_a_title_comes_in_place_of_the_words_that_stood_for_one():
    listed(an_entry(title="arXiv Links"), source="feed")
    assert the_title() == "2601.05242"
    listed(an_entry(title=GDPO), source="top")
    assert the_title() == GDPO


@pytest.mark.django_db
def test_words_of_a_section_that_come_later_change_nothing():
    listed(an_entry(title=GDPO), source="top")
    for source in ("one", "two"):
        listed(an_entry(title="arXiv Links"), source=source)
    assert the_title() == GDPO


@pytest.mark.django_db
def test_the_majority_overrules_who_spoke_first():
    listed(an_entry(title="A Typo of One Source"), source="hasty")
    listed(an_entry(title=GDPO), source="one")
    assert the_title() == "A Typo of One Source"
    listed(an_entry(title="GDPO - group rewards"), source="two")
    assert the_title() == GDPO


@pytest.mark.django_db
def test_who_was_told_first_is_a_matter_of_days_and_not_of_the_import():
    listed(an_entry(title="The Later One"), source="late", listed_on=FRIDAY)
    listed(an_entry(title=GDPO), source="early", listed_on=FRIDAY.replace(day=2))
    assert the_title() == GDPO


@pytest.mark.django_db(transaction=True)
def test_what_arxiv_told_a_moment_ago_is_not_overwritten():
    """Between the votes of the sources and the writing of their title, arXiv has told its own."""
    own = {"title": GDPO, "title_key": "gdpogrouprewards", "arxiv_title": GDPO}
    told = []

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('UPDATE "papers_paper"') and not told:
            told.append(sql)
            Paper.objects.update(**own)
        return execute(sql, params, many, context)

    listed(an_entry(title="AI summary"), source="feed")
    with connection.execute_wrapper(meanwhile):
        listed(an_entry(title="GDPO, as the digest calls it"), source="top")
    assert told
    assert the_title() == GDPO


@pytest.mark.django_db
def test_a_draft_shows_the_better_title_at_once():
    issue = a_weekly()
    for source in ("one", "two"):
        listed(an_entry("2601.05241", GDPO), source=source)
    assert GDPO in {item.title for item in draft(issue).content.items}


@pytest.fixture
def as_before(transactional_db):
    """The tables as an older version left them; the newest again afterwards."""
    listed(an_entry("2601.00001", GDPO), source="one")
    listed(an_entry("2601.00001", GDPO.upper()), source="two")
    listed(an_entry("2601.00002", "AI summary"), source="one", raw=b"2")
    listed(an_entry("2601.00003", GDPO + " 3"), source="one", raw=b"3")
    listed(an_entry(None, "Abstract"), source="one", raw=b"4")
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps.get_model("papers", "Paper")
    call_command("migrate", verbosity=0)


def test_papers_of_an_older_version_are_mended(as_before):
    of = {paper.arxiv_id: paper for paper in as_before.objects.all()}
    for arxiv_id, title, key in (
        ("2601.00001", "arXiv Links", "arxivlinks"),
        ("2601.00002", "AI summary", "aisummary"),
        ("2601.00003", GDPO + " 3", "gdpogrouprewards3"),
        (None, "Abstract", "abstract"),
    ):
        as_before.objects.filter(pk=of[arxiv_id].pk).update(title=title, title_key=key)
    own = r"GDPO of $\pi$: Group Rewards 3"
    as_before.objects.filter(arxiv_id="2601.00003").update(arxiv_title=own)
    call_command("migrate", verbosity=0)
    titles = dict(Paper.objects.values_list("arxiv_id", "title"))
    assert titles == {
        "2601.00001": GDPO,
        "2601.00002": "2601.00002",
        "2601.00003": "GDPO of π: Group Rewards 3",
        None: "Abstract",
    }
    keys = Summary.objects.values_list("title_key", flat=True)
    assert sorted(keys) == ["", "", "gdpogrouprewards", "gdpogrouprewards", "gdpogrouprewards3"]
    # Each is found by what it is called now and was called before, and by nothing else.
    told = listed(
        an_entry(None, "GDPO of π - Group Rewards 3"), an_entry(None, GDPO + " 3"), an_entry(None, GDPO),
        an_entry(None, "Abstract"), source="later",
    )  # fmt: skip
    assert told.arxiv_ids == ("2601.00003", "2601.00003", "2601.00001", None)
    assert told.papers_new == 0
