"""A digest that was read by guess, beside its original at the desk."""

import pytest

from newsletter.collect.digests.read import read
from newsletter.collect.models import StoredDigest
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.issues.candidates import candidates
from newsletter.issues.window import window_around
from newsletter.papers.ingest import store
from newsletter.papers.models import Summary
from tests.collect.makers import NUMBERED_ITEMS
from tests.factories import a_source, five_papers

pytestmark = pytest.mark.django_db

NEWS = "\n## 소식\n\n가게가 문을 열었다.\n"


@pytest.fixture
def guessed() -> StoredDigest:
    file = read((NUMBERED_ITEMS + NEWS).encode(), "2026-01-30.md")
    store(file, a_source("maker"))
    return StoredDigest.objects.get()


def page(digest: StoredDigest) -> str:
    return f"/desk/digests/{digest.pk}/"


def summary(title: str) -> Summary:
    return Summary.objects.get(title=title)


def judged(editor, digest, title, verdict):
    form = {"summary": summary(title).pk, "verdict": verdict}
    return editor.post(f"{page(digest)}judge/", form, follow=True).text


def taken(digest: StoredDigest) -> set[str]:
    day = window_around(Cadence.DAILY, digest.listed_on, SEOUL)
    return {one.key for one in candidates(day)}


def test_what_was_read_stands_beside_its_lines(editor, guessed):
    told = editor.get(page(guessed)).text
    for words in (
        "짐작으로 읽음", "1. **A Made-up Paper About Sorting** (⬆ 12)", "<h2>A Made-up Paper About Sorting</h2>",
        "2601.00101", "Kim A, Lee B", "눈을 감고 정렬하는 지어낸 방법이다.", "논문으로 읽지 않음", "가게가 문을 열었다.", "13행",
    ):  # fmt: skip
        assert words in told
    assert "Read by guess" in editor.get(f"{page(guessed)}?lang=en").text


def test_the_page_is_reached_from_its_source_and_from_no_other(editor, guessed):
    five_papers()
    told = editor.get("/desk/sources/").text
    assert told.count("/desk/digests/") == 1
    assert page(guessed) in told


def test_nobody_sees_it_without_a_login(client, guessed):
    for address in (page(guessed), f"{page(guessed)}judge/"):
        answer = client.post(address) if address.endswith("judge/") else client.get(address)
        assert answer.status_code == 302
        assert "/desk/login/" in answer.headers["Location"]


def test_what_an_editor_calls_no_paper_is_in_no_issue_and_its_row_stays(editor, guessed):
    assert taken(guessed) == {"2601.00101", "2601.00102"}
    told = judged(editor, guessed, "Counting Without Numbers", "no-paper")
    assert "저장했습니다" in told
    assert "논문이 아님: 호에 싣지 않음" in told
    assert taken(guessed) == {"2601.00101"}
    assert Summary.objects.count() == 2


def test_a_verdict_is_taken_back(editor, guessed):
    judged(editor, guessed, "Counting Without Numbers", "no-paper")
    judged(editor, guessed, "Counting Without Numbers", "")
    assert taken(guessed) == {"2601.00101", "2601.00102"}


def test_what_is_right_is_marked_and_stays(editor, guessed):
    told = judged(editor, guessed, "Counting Without Numbers", "right")
    assert "그대로 맞음</span>" in told
    assert taken(guessed) == {"2601.00101", "2601.00102"}


@pytest.mark.parametrize("verdict", ["perhaps", "no-paper\0"])
def test_another_verdict_is_refused(editor, guessed, verdict):
    assert "알 수 없는 판정" in judged(editor, guessed, "Counting Without Numbers", verdict)
    assert summary("Counting Without Numbers").verdict == ""


@pytest.mark.parametrize("number", ["", "x", "9" * 30])
def test_a_paper_that_is_not_of_this_digest_is_not_found(editor, guessed, number):
    answer = editor.post(f"{page(guessed)}judge/", {"summary": number, "verdict": "right"})
    assert answer.status_code == 404


def test_looking_changes_nothing(editor, guessed):
    before = list(Summary.objects.values())
    editor.get(page(guessed))
    assert list(Summary.objects.values()) == before
    assert editor.get(f"{page(guessed)}judge/").status_code == 405
