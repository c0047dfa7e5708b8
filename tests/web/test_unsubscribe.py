import pytest
from django.test import Client

from newsletter.subscribers import subscriptions
from tests.readers import BOTH, a_reader, confirm_path, gets, notices_to, unsubscribe_path

pytestmark = pytest.mark.django_db

MULTIPART = (
    '--cut\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    "One-Click\r\n--cut--\r\n"
)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def machine() -> Client:
    """A mail provider: no cookie, no form, no patience."""
    return Client(enforce_csrf_checks=True)


def test_s04_looking_changes_nothing_however_often(client):
    reader = a_reader()
    path = unsubscribe_path(reader)
    for _ in range(200):
        client.get(path)
        client.head(path)
        client.options(path)
    assert gets(reader) == {"daily", "weekly"}


def test_the_page_shows_what_would_end_and_a_button(client):
    page = client.get(unsubscribe_path(a_reader()))
    assert "구독을 해지할까요" in page.text
    assert "Daily" in page.text
    assert 'name="List-Unsubscribe" value="One-Click"' in page.text


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=cut",
            MULTIPART,
        ),
    ],
)
def test_s04_one_post_ends_everything(machine, content_type, body, slash):
    reader = a_reader("bora@example.com", *BOTH)
    answer = machine.post(unsubscribe_path(reader) + slash, body, content_type=content_type)
    assert answer.status_code == 200
    assert not answer.cookies
    assert gets(reader) == set()


def test_the_same_post_again_is_still_right_and_says_goodbye_once(machine):
    reader = a_reader()
    for _ in range(3):
        assert machine.post(unsubscribe_path(reader), ONE_CLICK).status_code == 200
    assert notices_to(reader.email) == ["goodbye"]


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Maybe"}, {"other": "One-Click"}])
def test_s04_another_body_is_refused_and_changes_nothing(machine, body):
    reader = a_reader()
    assert machine.post(unsubscribe_path(reader), body).status_code == 400
    assert gets(reader) == {"daily", "weekly"}


def test_an_old_mail_still_knows_the_way_out(machine, settings):
    reader = a_reader()
    path = unsubscribe_path(reader)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the key of the year after"
    assert machine.post(path, ONE_CLICK).status_code == 200
    assert gets(reader) == set()


def test_a_reader_who_was_erased_gets_a_kind_answer(machine):
    reader = a_reader()
    path = unsubscribe_path(reader)
    subscriptions.erase(reader)
    assert machine.post(path, ONE_CLICK).status_code == 200
    assert machine.get(path).status_code == 200


@pytest.mark.parametrize("token", ["preview", "1.AAAAAAAAAAAAAAAAAAAAAA", "1-zz.x", "..", "~"])
def test_row_36_a_wrong_token_gets_a_kind_page_and_shows_nothing(client, token):
    a_reader()
    page = client.get(f"/u/{token}")
    assert page.status_code == 404
    assert "더 이상 쓸 수 없는 링크" in page.text
    assert "bora" not in page.text


def test_s03_a_token_with_one_letter_changed_opens_nothing(client):
    path = unsubscribe_path(a_reader())
    for place in range(len("/u/"), len(path)):
        other = "A" if path[place] != "A" else "B"
        changed = path[:place] + other + path[place + 1 :]
        assert client.post(changed, ONE_CLICK).status_code == 404


def test_s03_a_token_is_good_for_its_own_purpose_alone(client):
    reader = a_reader()
    token = unsubscribe_path(reader).removeprefix("/u/")
    assert client.get(f"/p/{token}").status_code == 404
    assert client.post(f"/c/{token}").status_code == 404


def test_stepping_down_keeps_the_weekly(client):
    reader = a_reader("bora@example.com", *BOTH)
    page = client.post(unsubscribe_path(reader) + "/weekly/")
    assert "Weekly만" in page.text
    assert gets(reader) == {"weekly"}


def test_who_has_left_is_promised_no_weekly(client):
    reader = a_reader()
    client.post(unsubscribe_path(reader), ONE_CLICK)
    page = client.post(unsubscribe_path(reader) + "/weekly/")
    assert "구독을 해지했습니다" in page.text
    assert "일주일에 한 번" not in page.text
    assert notices_to(reader.email) == ["goodbye"]


def test_the_goodbye_page_offers_a_return_that_only_the_mailbox_can_take(client):
    reader = a_reader()
    goodbye = client.post(unsubscribe_path(reader), ONE_CLICK)
    assert "다시 구독하기" in goodbye.text
    client.post(unsubscribe_path(reader) + "/return/")
    assert gets(reader) == set()
    client.post(confirm_path(reader.email))
    assert gets(reader) == {"daily", "weekly"}


def test_an_english_reader_is_answered_in_english(client):
    reader = a_reader(language="en")
    assert "Unsubscribe?" in client.get(unsubscribe_path(reader)).text


def test_the_address_may_ask_for_another_language(client):
    reader = a_reader(language="en")
    assert "구독을 해지할까요" in client.get(unsubscribe_path(reader) + "?lang=ko").text
