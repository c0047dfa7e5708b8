"""At the desk an editor says whose texts a source has, and on what terms."""

import pytest

from newsletter.collect.models import Source
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.papers.models import Summary
from tests.factories import KOREAN, a_source, an_entry, listed, the_week

pytestmark = pytest.mark.django_db

FORM = {
    "name": "논문 읽는 밤", "credit": "지은", "licence": "CC BY 4.0", "mail": "",
    "written_by": "person", "derived_from": "",
}  # fmt: skip


@pytest.fixture
def notes() -> Source:
    """A source with texts of which nobody has said whose they are."""
    source = Source.objects.create(slug="notes", name="notes (wtp 형식)")
    listed(an_entry(votes=3), source="notes")
    return source


def confirm(editor, slug="notes", **changes):
    return editor.post(f"/desk/sources/{slug}/terms/", {**FORM, **changes}, follow=True)


def sources(editor) -> str:
    return editor.get("/desk/sources/").text


def test_the_desk_asks_with_words_and_the_form_is_their_remedy(editor, notes):
    page = sources(editor)
    for told in ("확인 필요", "아무도 확인하지 않아", "아래 ‘이용 조건’에서", "<summary>이용 조건",
                 'action="/desk/sources/notes/terms/"'):  # fmt: skip
        assert told in page
    assert "정상" not in page
    english = editor.get("/desk/sources/?lang=en").text
    for told in (
        "Not confirmed",
        "Nobody has said who wrote its texts",
        "Say it below, under Terms.",
    ):
        assert told in english


def test_who_has_no_text_of_its_own_is_not_asked_for(editor):
    Source.objects.create(slug="list", name="목록")
    assert "확인 필요" not in sources(editor)
    listed(an_entry(sections=()), source="list")
    assert "확인 필요" not in sources(editor)


def test_who_is_asked_for_stands_before_those_that_are_well(editor, notes):
    a_source("a-good-one")
    page = sources(editor)
    assert page.index("notes (wtp") < page.index("a-good-one 다이제스트")


def test_what_is_said_is_kept_with_the_editors_name_and_drafts_follow(editor, notes):
    issue = assemble(the_week()).issue
    assert editing.content_of(issue).items[0].sections == ()
    page = confirm(editor).text
    assert "확인했습니다. 글을 싣습니다: 논문 읽는 밤" in page
    assert "확인 필요" not in page
    assert "에 확인: minji" in page
    notes.refresh_from_db()
    assert (notes.confirmed_by, notes.is_confirmed, notes.may_be_mailed) == ("minji", True, True)
    assert (notes.credit, notes.licence, notes.written_by) == ("지은", "CC BY 4.0", "person")
    assert editing.content_of(issue).items[0].sections == (KOREAN,)


@pytest.mark.parametrize(
    ("changes", "mailed", "told"),
    [
        ({"licence": "CC BY-NC 4.0"}, False, "글은 싣지 않고 링크만 합니다"),
        ({"licence": "CC BY-NC 4.0", "mail": "yes"}, True, "라이선스와 달리 글을 싣습니다"),
        ({"licence": "", "mail": "yes"}, True, "확인했습니다. 글을 싣습니다"),
        ({"mail": "no"}, False, "글은 싣지 않고 링크만 합니다"),
        ({"licence": ""}, False, "아직 확인되지 않았습니다"),
        ({"licence": "물어보세요"}, False, "아직 확인되지 않았습니다"),
    ],
)
def test_the_choice_of_mailing_stands_above_the_licence(editor, notes, changes, mailed, told):
    assert told in confirm(editor, **changes).text
    notes.refresh_from_db()
    assert notes.may_be_mailed is mailed
    assert notes.is_confirmed is ("아직" not in told)


def test_the_form_shows_what_was_said_and_sending_it_again_changes_nothing(editor, notes):
    for changes in ({"licence": "CC BY-NC 4.0", "mail": "yes"}, {"mail": "no"}, {}):
        confirm(editor, **changes)
        page = sources(editor)
        chosen = changes.get("mail", "")
        assert (
            f'<option value="{chosen}" selected>'
            in page.split('name="mail"')[1].split("</select>")[0]
        )
        assert f'name="licence" value="{changes.get("licence", "CC BY 4.0")}"' in page


def test_leave_ends_when_the_licence_is_to_decide_again(editor, notes):
    confirm(editor, licence="CC BY-NC 4.0", mail="yes")
    confirm(editor, licence="CC BY-NC 4.0", mail="")
    notes.refresh_from_db()
    assert not notes.may_be_mailed


def test_a_source_tells_whose_list_it_tells_again(editor, notes):
    a_source("first")
    page = confirm(editor, derived_from="first").text
    assert "다른 소스의 목록을 옮긴 글입니다: first 다이제스트" in page
    page = confirm(editor, derived_from="").text
    assert "목록을 옮긴 글입니다" not in page


def test_bad_input_1_a_circle_is_refused_and_what_was_typed_stays(editor, notes):
    first = a_source("first")
    Source.objects.filter(slug="notes").update(derived_from=first)
    answer = confirm(editor, "first", derived_from="notes", licence="MIT", name="다른 이름")
    assert answer.status_code == 400
    assert "자기 자신이나 자신을 옮긴 소스" in answer.text
    assert '<details id="terms-first" open>' in answer.text
    assert 'value="다른 이름"' in answer.text
    first.refresh_from_db()
    assert (first.derived_from, first.name) == (None, "first 다이제스트")


def test_bad_input_2_what_nobody_sees_in_a_typed_line_is_not_kept(editor, notes):
    confirm(editor, name="논문\x00 읽는\r\n밤\u202e", credit="지\u2066은\x1b")
    notes.refresh_from_db()
    assert (notes.name, notes.credit) == ("논문 읽는 밤", "지은")


def test_bad_input_3_a_name_that_does_not_fit_is_refused_and_stays_typed(editor, notes):
    answer = confirm(editor, name="밤" * 500)
    assert answer.status_code == 400
    assert "200자까지" in answer.text
    assert "밤" * 500 in answer.text
    notes.refresh_from_db()
    assert notes.name == "notes (wtp 형식)"


def test_what_the_posts_say_of_their_maker_is_offered_and_not_taken(editor, notes):
    Summary.objects.update(credit="<b>어느 모형</b>이 정리하였습니다.")
    page = sources(editor)
    assert "글에 적힌 말: &lt;b&gt;어느 모형&lt;/b&gt;이 정리하였습니다." in page
    assert 'name="credit" value=""' in page


def test_looking_at_the_address_of_the_form_changes_nothing(editor, notes):
    assert editor.get("/desk/sources/notes/terms/").status_code == 405
    assert editor.post("/desk/sources/nobody/terms/", FORM).status_code == 404


def test_terms_are_for_editors(client, notes):
    assert client.post("/desk/sources/notes/terms/", FORM).status_code == 302
    notes.refresh_from_db()
    assert not notes.is_confirmed


def test_who_registers_a_source_at_the_desk_has_said_its_terms(editor):
    form = {"kind": "feed", "address": "https://night.example/feed.xml", "slug": "night",
            "interval": "weekly", "licence": "CC BY 4.0"}  # fmt: skip
    editor.post("/desk/sources/add/", form)
    assert Source.objects.get().confirmed_by == "minji"
    editor.post("/desk/sources/add/", {**form, "slug": "silent", "licence": ""})
    assert not Source.objects.get(slug="silent").is_confirmed
