from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber, Suppression
from tests.readers import BOTH, a_reader, gets, notices_to, preferences_path

pytestmark = pytest.mark.django_db


def test_a_reader_changes_what_they_get_in_which_language_and_under_which_name(client):
    reader = a_reader("bora@example.com", *BOTH)
    form = {"cadences": ["daily"], "language": "en", "name": "Bora"}
    page = client.post(preferences_path(reader), form, follow=True)
    assert "Saved." in page.text
    reader.refresh_from_db()
    assert gets(reader) == {"daily"}
    assert (reader.language, reader.name) == ("en", "Bora")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ㅂ" * 101, "100자까지"),
        ("보라\nBcc: x@example.com", "줄바꿈"),
        ("보라\u202e", "보이지 않는 글자"),
    ],
)
def test_a_name_that_cannot_be_written_is_refused_and_not_cut(client, name, told):
    reader = a_reader("bora@example.com", *BOTH)
    page = client.post(preferences_path(reader), {"language": "en", "name": name})
    assert page.status_code == 422
    assert told in page.text
    assert 'value="en" checked' in page.text
    reader.refresh_from_db()
    assert (reader.name, gets(reader)) == ("보라", {"daily", "weekly"})


def test_a_name_of_a_hundred_letters_is_kept_whole(client):
    reader = a_reader()
    client.post(
        preferences_path(reader), {"cadences": ["weekly"], "language": "ko", "name": "ㅂ" * 100}
    )
    reader.refresh_from_db()
    assert reader.name == "ㅂ" * 100


def test_the_page_says_truly_what_the_name_is_for(client):
    page = client.get(preferences_path(a_reader())).text
    assert "받는 사람 이름에만" in page
    assert "인사말" not in page


def test_unticking_everything_is_leaving(client):
    reader = a_reader()
    client.post(preferences_path(reader), {"language": "ko", "name": ""})
    assert gets(reader) == set()
    assert notices_to(reader.email) == ["goodbye"]


def test_the_leave_button_leaves(client):
    reader = a_reader()
    page = client.post(preferences_path(reader) + "/leave/")
    assert "구독을 해지했습니다" in page.text
    assert gets(reader) == set()


def test_who_left_can_begin_again_on_their_own_page(client):
    reader = a_reader()
    subscriptions.leave(reader, "one-click")
    assert "지금은 받아 보는 메일이 없습니다" in client.get(preferences_path(reader)).text
    client.post(preferences_path(reader), {"cadences": ["weekly"], "language": "ko"})
    assert gets(reader) == {"weekly"}


def test_a_reader_whose_mail_came_back_is_told_so(client):
    reader = a_reader()
    suppression.suppress(parse_address(reader.email), Suppression.Reason.BOUNCED)
    assert "반송" in client.get(preferences_path(reader)).text


def test_a_reader_takes_their_data_home(client):
    reader = a_reader()
    answer = client.get(preferences_path(reader) + "/data.json")
    data = answer.json()
    assert data["email"] == "bora@example.com"
    assert [one["cadence"] for one in data["subscriptions"]] == ["daily", "weekly"]
    assert [one["act"] for one in data["consents"]] == ["confirmed"]


def test_erasing_asks_whether_it_is_meant(client):
    reader = a_reader()
    assert client.post(preferences_path(reader) + "/erase/").status_code == 422
    assert Subscriber.objects.filter(pk=reader.pk).exists()
    page = client.post(preferences_path(reader) + "/erase/", {"sure": "yes"})
    assert "모두 삭제했습니다" in page.text
    assert not Subscriber.objects.filter(pk=reader.pk).exists()


def test_row_36_an_old_link_offers_a_new_one_and_shows_no_data(client):
    path = preferences_path(a_reader())
    with time_machine.travel(clock.now() + timedelta(days=32)):
        page = client.get(path)
    assert page.status_code == 410
    assert "새 링크 받기" in page.text
    assert "bora" not in page.text


def test_a_name_cannot_bring_markup(client):
    reader = a_reader(name="<img src=x onerror=alert(1)>")
    assert "<img" not in client.get(preferences_path(reader)).text


@pytest.mark.parametrize("form", [{"language": "xx"}, {"cadences": ["hourly"], "language": "ko"}])
def test_a_form_that_nobody_could_have_filled_in_changes_nothing(client, form):
    reader = a_reader()
    assert client.post(preferences_path(reader), form).status_code == 422
    assert gets(reader) == {"daily", "weekly"}
