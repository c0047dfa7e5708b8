"""``newsletter sources confirm``: somebody says whose texts they are, and drafts follow at once."""

import json

import pytest

from newsletter.collect.models import Source
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from tests.collect import posts
from tests.commands.run import newsletter
from tests.factories import the_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes(tmp_path):
    """Posts of which nobody knows who wrote them."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "2026-01-09.md").write_text(posts.top5())
    assert newsletter("import", str(folder)).code == 0
    return "notes-top5"


def confirm(slug, *said):
    return newsletter("sources", "confirm", slug, *said)


def row(slug):
    lines = newsletter("sources", "list", "--json").out.splitlines()
    return {one["slug"]: one for one in map(json.loads, lines)}[slug]


def test_until_somebody_says_it_the_list_asks_and_no_text_is_in_a_draft(notes):
    issue = assemble(the_week()).issue
    assert [item.sections for item in editing.content_of(issue).items] == [(), (), ()]
    assert [one["code"] for one in row(notes)["findings"]] == ["source.not_confirmed"]
    asked = newsletter("sources", "list").out
    assert f"newsletter sources confirm {notes}" in asked
    assert "Nobody has said who wrote these texts" in asked


def test_what_is_said_is_kept_with_name_and_day_and_drafts_follow_at_once(notes):
    issue = assemble(the_week()).issue
    ran = confirm(
        notes, "--name", "논문 읽는 밤", "--credit", "지은", "--licence", "CC BY 4.0",
        "--written-by", "person", "--by", "minji",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "확인했습니다" in ran.out
    told = row(notes)
    assert (told["name"], told["licence"], told["may_be_mailed"]) == (
        "논문 읽는 밤",
        "CC BY 4.0",
        True,
    )
    assert (told["confirmed_by"], told["findings"]) == ("minji", [])
    assert told["confirmed_at"]
    assert all(item.sections for item in editing.content_of(issue).items)
    assert editing.findings(issue) == ()


def test_who_says_nothing_of_themselves_is_the_command_line(notes):
    confirm(notes, "--no-mail")
    assert row(notes)["confirmed_by"] == "command line"


@pytest.mark.parametrize(
    ("said", "mailed", "confirmed"),
    [
        (["--licence", "CC0"], True, True),
        (["--licence", "CC BY-NC 4.0"], False, True),
        (["--licence", "CC BY-NC 4.0", "--mail"], True, True),
        (["--licence", "CC BY 4.0", "--no-mail"], False, True),
        (["--mail"], True, True),
        (["--no-mail"], False, True),
        (["--licence", "ask us"], False, False),
        (["--name", "밤"], False, False),
        ([], False, False),
    ],
)
def test_an_answer_is_a_known_licence_or_a_word_on_mailing(notes, said, mailed, confirmed):
    ran = confirm(notes, *said)
    told = row(notes)
    assert (told["may_be_mailed"], bool(told["confirmed_by"])) == (mailed, confirmed)
    assert ran.code == int(not confirmed)
    assert ("not confirmed" in ran.out) is not confirmed


def test_a_licence_that_turns_against_mailing_links_unless_leave_is_said(notes):
    confirm(notes, "--licence", "CC BY 4.0")
    confirm(notes, "--licence", "CC BY-NC 4.0")
    assert not row(notes)["may_be_mailed"]
    assert "although the licence forbids it" in confirm(notes, "--mail").out
    assert row(notes)["may_be_mailed"]


def test_what_was_said_of_mailing_outlasts_a_new_name(notes):
    confirm(notes, "--licence", "CC BY-NC 4.0", "--mail")
    confirm(notes, "--name", "밤")
    assert row(notes)["may_be_mailed"]
    confirm(notes, "--licence", "CC BY 4.0", "--no-mail")
    confirm(notes, "--written-by", "machine")
    assert not row(notes)["may_be_mailed"]


def test_leave_without_a_licence_needs_no_word_at_each_paper(notes):
    confirm(notes, "--mail")
    assert editing.findings(assemble(the_week()).issue) == ()


def test_what_was_approved_stays_as_it_was(notes):
    confirm(notes, "--licence", "CC BY 4.0")
    issue = assemble(the_week()).issue
    editing.approve(issue, "지은")
    confirm(notes, "--no-mail")
    assert all(item.sections for item in editing.content_of(issue).items)


def test_a_source_may_tell_another_ones_list_again_but_not_in_a_circle(notes):
    Source.objects.create(slug="first", name="처음")
    assert confirm(notes, "--derived-from", "first", "--no-mail").code == 0
    assert row(notes)["derived_from"] == "first"
    for wrong, code in ((notes, "source.own_origin"), ("nobody", "source.unknown")):
        ran = confirm(notes, "--derived-from", wrong)
        assert (ran.code, row(notes)["derived_from"]) == (2, "first")
        assert code in ran.err
    assert "source.own_origin" in confirm("first", "--derived-from", notes).err
    confirm(notes, "--derived-from", "")
    assert row(notes)["derived_from"] is None


def test_the_words_of_the_posts_themselves_are_offered_and_never_used(tmp_path):
    folder = tmp_path / "rank"
    folder.mkdir()
    (folder / "2026-01-09.md").write_text(posts.hf_ranking())
    newsletter("import", str(folder))
    ran = confirm("rank-hf-ranking", "--mail")
    assert "글에 적힌 말: somebody / The posts themselves say: somebody" in ran.out
    (credit,) = editing.content_of(assemble(the_week()).issue).items[0].credits
    assert credit.name == "rank (hf-ranking 형식)"


def test_a_source_that_nobody_knows_is_not_found():
    ran = confirm("nobody", "--mail")
    assert ran.code == 2
    assert "source.unknown" in ran.err


def test_a_source_without_a_text_of_its_own_asks_for_nobody():
    Source.objects.create(slug="list", name="목록")
    assert row("list")["findings"] == []


def test_arxiv_itself_needs_nobody_to_give_its_abstracts_away():
    newsletter("sources", "add", "arxiv-announce", "cs.CL+cs.LG", "--slug", "arxiv")
    told = row("arxiv")
    assert (told["licence"], told["may_be_mailed"]) == ("CC0 1.0", True)
    elsewhere = "https://mirror.example/rss/cs.CL"
    newsletter("sources", "add", "arxiv-announce", elsewhere, "--slug", "mirror")
    assert (row("mirror")["licence"], row("mirror")["may_be_mailed"]) == ("", False)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["--licence", "CC BY 4.0" + " " * 5 + "(texts) " * 12 + "NC"], "source.licence_length"),
        (["--name", "밤" * 201], "source.name_length"),
        (["--credit", "밤" * 301], "source.credit_length"),
        (["--name", ""], "source.name_empty"),
        (["--name", "\u202e"], "source.name_empty"),
        (["--name", "…", "--credit", "…", "--licence", "…"], "source.placeholder"),
        (["--licence", "..."], "source.placeholder"),
    ],
)
def test_bad_input_1_what_cannot_be_kept_as_it_was_said_is_refused_and_not_cut(notes, said, code):
    ran = confirm(notes, *said, "--mail")
    assert (ran.code, code in ran.err) == (2, True)
    assert (row(notes)["confirmed_by"], row(notes)["name"]) == ("", "notes (top5 형식)")


def test_a_name_is_kept_in_one_line_without_what_turns_letters_around(notes):
    confirm(notes, "--name", "논문\n읽는\u202e 밤\x07", "--credit", "지은\t팀\u2028", "--mail")
    assert Source.objects.values_list("name", "credit").get() == ("논문 읽는 밤", "지은 팀")


def test_a_licence_that_is_not_known_is_named(notes):
    told = confirm(notes, "--licence", "ask us").out
    assert "모르는 라이선스(ask us)" in told
    assert "the licence ask us is not known here" in told


def test_what_is_printed_can_be_pasted_as_it_stands(notes):
    (asked,) = [line for line in newsletter("sources", "list").out.splitlines() if "Nobody" in line]
    assert "…" not in asked
    assert f"newsletter sources confirm {notes} --help" in asked


def test_the_table_has_slugs_whole_and_the_terms_at_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    slug = "a-very-long-slug-of-fifty-letters-for-a-ranking-wt"
    for name in ("hf-rankings-papers-ko", slug):
        Source.objects.create(slug=name, name="남")
    table = newsletter("sources", "list").out
    assert "hf-rankings-papers-ko" in table
    assert slug in table
    for told in ("확인 필요", "not confirmed"):
        assert told in table
