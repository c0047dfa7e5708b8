import json
from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.events import record, sendgrid
from newsletter.subscribers import subscriptions, suppression
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber, Suppression
from tests.events.given import an_event, an_issue_that_left
from tests.readers import (
    BOTH,
    a_reader,
    confirm_path,
    gets,
    notices_to,
    preferences_path,
    reader_at,
    unsubscribe_path,
)

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


def complained(reader):
    suppression.suppress(parse_address(reader.email), Suppression.Reason.COMPLAINED)


def test_who_complained_gets_no_letter_whatever_is_pressed_and_whoever_presses(client):
    reader = a_reader()
    complained(reader)
    as_ever = client.post("/link/", {"email": "nobody@example.com"}).content
    assert client.post("/link/", {"email": reader.email}).content == as_ever
    client.post(unsubscribe_path(reader) + "/weekly/")
    client.post(unsubscribe_path(reader), {"List-Unsubscribe": "One-Click"})
    client.post(unsubscribe_path(reader) + "/return/")
    assert gets(reader) == set()
    assert notices_to(reader.email) == []


def test_who_complained_before_confirming_is_not_welcomed(client):
    client.post(
        "/subscribe/", {"email": "haru@example.com", "cadences": "weekly", "language": "ko"}
    )
    complained(reader_at("haru@example.com"))
    client.post(confirm_path("haru@example.com"))
    assert notices_to("haru@example.com") == ["confirm"]


def test_a_reader_takes_home_all_that_is_kept_of_them(client):
    letter = an_issue_that_left("bora@example.com", "other@example.com")["bora@example.com"]
    path = preferences_path(letter.subscriber)
    for email in ("bora@example.com", "other@example.com"):
        client.post("/link/", {"email": email})
    client.post(path, {"cadences": ["daily"], "language": "ko"})
    client.post(path + "/address/", {"email": "new@example.com"})
    complaint = json.dumps([an_event(letter, "spamreport", reason="marked")]).encode()
    record.record("sendgrid", sendgrid.parse(complaint).events)

    data = client.get(path + "/data.json").json()
    assert shape(data) == {
        "email": "str",
        "name": "str",
        "language": "str",
        "status": "str",
        "created_at": "str",
        "confirmed_at": "str",
        "left_at": "NoneType",
        "subscriptions": ["cadence since"],
        "consents": ["act at cadences language text_version via"] * 2,
        "address_changes": ["asked_at changed_at email via"],
        "letters": [
            "attempts changed_at issue language length provider_id reason status",
        ],
        "events": ["at details issue kind provider received_at"],
        "notices": ["address created_at kind language reason status"],
        "suppressions": ["at note reason"],
        "mails_asked_for": 1,
    }
    assert data["events"][0]["details"]["reason"] == "marked"
    assert data["suppressions"][0]["reason"] == "complained"
    assert data["address_changes"][0]["email"] == "new@example.com"
    assert (data["notices"][0]["kind"], data["notices"][0]["address"]) == (
        "new_link",
        "bora@example.com",
    )
    assert "other@" not in str(data)


def shape(data):
    """The names of everything in a reader's data, and the kind of each single value."""
    return {name: shape_of(value) for name, value in data.items()}


def shape_of(value):
    if not isinstance(value, list):
        return type(value).__name__
    rows = [" ".join(sorted(one)) for one in value if isinstance(one, dict)]
    return rows or len(value)


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
