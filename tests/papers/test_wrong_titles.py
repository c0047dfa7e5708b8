"""A wrong title beside an id draws no other paper to itself once arXiv has told its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.papers.models import Paper
from tests.factories import an_entry, listed

pytestmark = pytest.mark.django_db

WRONG = "Diffusion Models for Protein Folding"
OWN = "A Survey of Robot Grasping Benchmarks"


def wrongly_called(arxiv_id: str = "2601.00001", title: str = WRONG, own: str = OWN) -> None:
    """A paper that a digest once gave a title, and arXiv gives its own."""
    listed(an_entry(arxiv_id, title), source="wrong")
    Paper.objects.filter(arxiv_id=arxiv_id).update(
        title=own, title_key=own.lower().replace(" ", ""), arxiv_title=own
    )


def test_the_paper_that_is_really_called_so_is_another():
    wrongly_called()
    assert listed(an_entry(None, WRONG), source="late").arxiv_ids == (None,)
    assert Paper.objects.count() == 2


def test_a_title_that_is_only_spelled_otherwise_still_finds_its_paper():
    wrongly_called(title="A Survey of Robotic Grasping Benchmark Suites")
    entry = an_entry(None, "A Survey of Robotic Grasping Benchmark Suites")
    assert listed(entry, source="late").arxiv_ids == ("2601.00001",)


def test_more_wrong_titles_take_no_more_statements():
    def statements(source: str, entries: list) -> int:
        with CaptureQueriesContext(connection) as asked:
            listed(*entries, source=source)
        return len(asked)

    words = ["Apples", "Bridges", "Clouds", "Dunes", "Engines", "Forests"]
    for number, word in enumerate(words):
        wrongly_called(f"2601.0000{number}", f"{word} {WRONG}", f"{OWN} {word}")
    entries = [an_entry(None, f"{word} {WRONG}", raw=word) for word in words]
    one, many = statements("one", entries[:1]), statements("many", entries[1:])
    assert one == many
