import pytest

from newsletter.collect.models import Source
from tests.brokers import broker_at
from tests.factories import a_source

pytestmark = pytest.mark.django_db

BLOG = {
    "kind": "feed",
    "address": "https://blog.example/feed.xml",
    "name": "논문 읽는 밤",
    "slug": "night",
    "interval": "weekly",
    "credit": "논문 읽는 밤, 지은",
    "licence": "CC BY 4.0",
    "mail": "",
    "written_by": "person",
}


@pytest.fixture(autouse=True)
def queue_away(tmp_path):
    """What is read at once is for the tests of the engine; here nobody listens."""
    with broker_at(f"redis+socket://{tmp_path}/nothing.sock"):
        yield


def add(editor, follow=True, **told):
    return editor.post("/desk/sources/add/", BLOG | told, follow=follow)


def test_a_source_is_added_with_all_that_was_said_of_it(editor):
    page = add(editor).text
    source = Source.objects.get(slug="night")
    assert (source.kind, source.address) == ("feed", "https://blog.example/feed.xml")
    assert (source.name, source.credit) == ("논문 읽는 밤", "논문 읽는 밤, 지은")
    assert (source.interval, source.licence, source.written_by) == ("weekly", "CC BY 4.0", "person")
    assert source.may_be_mailed
    assert "작업 대기열이 돌아오는 대로 읽습니다: 논문 읽는 밤" in page
    assert "매주" in page


def test_what_is_wrong_is_told_and_what_was_typed_stays(editor):
    answer = add(editor, address="ftp://blog.example/feed.xml")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="ftp://blog.example/feed.xml"' in answer.text
    assert 'value="논문 읽는 밤, 지은"' in answer.text
    assert '<option value="weekly" selected>' in answer.text
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "gopher"}, "소스의 종류는"),
        ({"slug": "Night Blog"}, "짧은 이름은 영문 소문자"),
        ({"address": ""}, "http"),
        ({"kind": "arxiv-announce", "address": "cs.NOPE"}, "arXiv에 없는 분류"),
        ({"address": "https://me:secret@blog.example/"}, "암호를 넣을 수 없습니다"),
    ],
)
def test_each_mistake_is_told_in_words(editor, told, said):
    answer = add(editor, **told)
    assert answer.status_code == 400
    assert said in answer.text
    assert "secret" not in answer.text.partition("</h1>")[0]


def test_a_licence_that_forbids_mailing_links_unless_there_is_leave(editor):
    assert "글은 싣지 않고 링크만 합니다" in add(editor, licence="CC BY-NC-ND 4.0").text
    assert not Source.objects.get(slug="night").may_be_mailed
    page = add(editor, licence="CC BY-NC-ND 4.0", slug="leave", mail="yes").text
    assert Source.objects.get(slug="leave").may_be_mailed
    assert "라이선스와 달리" in page


def test_files_that_were_imported_are_taken_over_when_asked(editor):
    a_source("night")
    refused = add(editor)
    assert refused.status_code == 400
    assert 'name="adopt"' in refused.text
    add(editor, adopt="yes")
    assert Source.objects.get(slug="night").address == "https://blog.example/feed.xml"


def test_a_name_that_is_taken_is_refused_and_changes_nothing(editor):
    add(editor)
    assert "이미 등록된 소스" in add(editor, address="https://other.example/feed.xml").text
    assert Source.objects.get(slug="night").address == "https://blog.example/feed.xml"


def test_a_form_that_is_not_ours_still_gets_the_usual_values(editor):
    add(editor, interval="each minute", written_by="a ghost")
    source = Source.objects.get(slug="night")
    assert (source.interval, source.written_by) == ("daily", "")


def test_looking_at_the_form_adds_nothing(editor):
    page = editor.get("/desk/sources/add/").text
    assert "무엇을 읽나요?" in page
    assert not Source.objects.exists()


def test_adding_is_for_editors(client):
    assert client.get("/desk/sources/add/").status_code == 302
    assert client.post("/desk/sources/add/", BLOG).status_code == 302
    assert not Source.objects.exists()
