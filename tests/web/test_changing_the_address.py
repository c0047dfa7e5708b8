import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import serializers

from newsletter.common import clock
from newsletter.common.cadence import Cadence
from newsletter.delivery import notices
from newsletter.delivery.models import Notice
from newsletter.delivery.status import DeliveryStatus
from newsletter.subscribers import gone, moving, subscriptions
from newsletter.subscribers.audience import audience
from newsletter.subscribers.models import AddressChange, Subscriber, SubscriberStatus
from tests.delivery.given import Mailbox, an_issue_being_sent, deliver_all
from tests.readers import (
    a_reader,
    acts,
    confirm_path,
    gets,
    notices_to,
    preferences_path,
    reader_at,
    unsubscribe_path,
)
from tests.web.moving import NEW, OLD, ask, button

pytestmark = pytest.mark.django_db


def mails():
    """What goes out now: the address and the text of each letter."""
    mailbox = Mailbox()
    for notice in Notice.objects.filter(status=DeliveryStatus.QUEUED).order_by("pk"):
        notices.deliver(notice.pk, mailbox)
    texts = [letter.mail.text for letter in mailbox.letters]
    return list(zip(mailbox.addresses, texts, strict=True))


def test_a_reader_moves_to_a_new_address_with_all_they_have(client):
    reader = a_reader(OLD, Cadence.WEEKLY, language="both", name="보라")
    page = ask(client, reader)
    assert "새 주소의 메일함을 확인해 주세요" in page.text
    assert notices_to(NEW) == ["new_address"]
    assert reader_at(OLD) == reader

    page = client.post(button())
    assert f"이제 {NEW} 주소로" in page.text
    moved = reader_at(NEW)
    assert (moved, moved.email, moved.name, moved.language) == (reader, NEW, "보라", "both")
    assert list(audience(Cadence.WEEKLY)) == [reader]
    assert Subscriber.objects.count() == 1
    assert notices_to(OLD) == ["address_changed"]


def test_the_change_is_recorded_with_its_time_and_where_it_came_from(client):
    reader = a_reader(OLD, Cadence.WEEKLY)
    ask(client, reader)
    client.post(button())
    assert acts(reader) == ["confirmed", "moved"]
    told = reader.consents.latest("pk")
    assert (told.via, told.cadences) == ("preferences", ["weekly"])
    assert clock.now() - told.at < timedelta(minutes=1)


def test_both_mails_say_in_the_readers_language_what_to_do(client):
    reader = a_reader(OLD, language="en", name="Bora")
    ask(client, reader)
    [(asked, question)] = mails()
    assert asked == NEW
    assert "The address works for 48 hours." in question
    client.post(re.search(r"http://127.0.0.1:8000(/c/\S+)", question).group(1))
    [(told, word)] = mails()
    assert told == OLD
    assert "answer this mail" in word
    assert NEW not in word
    assert reader_at(NEW) == reader


def test_looking_at_the_button_changes_nothing(client):
    reader = a_reader(OLD)
    ask(client, reader)
    for _ in range(20):
        assert NEW in client.get(button()).text
        assert client.head(button()).status_code == 200
    assert reader_at(OLD) == reader


def test_the_page_of_the_button_does_not_tell_a_stranger_who_asked(client):
    reader = a_reader(OLD, name="보라돌이")
    ask(client, reader)
    page = client.get(button()).text
    assert OLD not in page
    assert "보라돌이" not in page
    notice = Notice.objects.get(kind="new_address")
    assert notice.subscriber.name == ""
    assert notice.subscriber != reader


def test_pressing_twice_moves_once_and_says_so_without_opening_anything(client):
    reader = a_reader(OLD)
    ask(client, reader)
    path = button()
    client.post(path)
    for page in (client.post(path), client.get(path)):
        assert "이미 바뀌었습니다" in page.text
        assert "/p/" not in page.text
        assert NEW not in page.text
    assert notices_to(OLD) == ["address_changed"]
    assert acts(reader) == ["confirmed", "moved"]


def test_the_button_works_for_two_days_and_not_longer(client):
    ask(client, a_reader(OLD))
    path = button()
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        assert client.get(path).status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410
    assert reader_at(OLD)


def test_a_newer_request_takes_the_place_of_an_older_one(client):
    reader = a_reader(OLD)
    ask(client, reader, "first@example.org")
    first = button("first@example.org")
    ask(client, reader, NEW)
    assert client.post(first).status_code == 410
    assert "더 새로운 요청" in client.get(first).text
    assert notices_to("first@example.org") == []
    client.post(button())
    assert reader_at(NEW) == reader


def test_a_button_pressed_while_its_request_is_taken_back_is_told_that_it_was(client):
    reader = a_reader(OLD)
    ask(client, reader)
    wish = moving.open_wish(reader)
    moving.withdraw(reader)
    with pytest.raises(gone.LinkUsed):
        moving.move(wish)
    assert reader_at(OLD) == reader


def test_asking_twice_for_the_same_address_keeps_the_button_in_the_mail(client):
    reader = a_reader(OLD)
    ask(client, reader)
    path = button()
    ask(client, reader)
    assert notices_to(NEW) == ["new_address"]
    client.post(path)
    assert reader_at(NEW) == reader


def test_every_old_link_still_leads_to_its_reader(client):
    reader = a_reader(OLD)
    page, way_out = preferences_path(reader), unsubscribe_path(reader)
    ask(client, reader)
    client.post(button())
    assert NEW in client.get(page).text
    assert client.get(way_out).status_code == 200
    client.post(way_out, {"List-Unsubscribe": "One-Click"})
    assert gets(reader) == set()
    assert notices_to(NEW)[-1] == "goodbye"


def test_a_reader_can_go_back_to_the_old_address(client):
    reader = a_reader(OLD)
    ask(client, reader)
    client.post(button())
    ask(client, reader, OLD)
    client.post(button(OLD))
    assert reader_at(OLD) == reader
    assert Subscriber.objects.count() == 1


def test_a_letter_goes_where_the_reader_was_when_it_was_claimed(client):
    issue = an_issue_being_sent(1)
    reader = Subscriber.objects.get()
    ask(client, reader)
    client.post(button())
    mailbox = Mailbox()
    deliver_all(mailbox, issue)
    assert mailbox.addresses == [NEW]


@pytest.mark.parametrize("typed", ["", "bora", "홍길동@example.com", '"><script>x</script>', OLD])
def test_a_wrong_address_is_explained_beside_its_field(client, typed):
    reader = a_reader(OLD)
    page = ask(client, reader, typed)
    assert page.status_code == 422
    assert 'aria-describedby="address-error"' in page.text
    assert 'value="weekly" checked' in page.text
    assert "<script>x" not in page.text
    assert not AddressChange.objects.exists()


def test_the_spelling_of_the_own_address_is_no_new_one(client):
    page = ask(client, a_reader(OLD), "BORA@Example.com")
    assert "지금 받고 계신 주소와 같습니다" in page.text


def test_s01_the_sixth_in_a_minute_is_asked_to_wait(client):
    path = preferences_path(a_reader(OLD)) + "/address/"
    answers = [client.post(path, {"email": f"r{number}@example.org"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].headers["Retry-After"] == "60"
    assert 'value="r5@example.org"' in answers[5].text


def test_who_has_left_moves_nowhere(client):
    reader = a_reader(OLD)
    ask(client, reader)
    subscriptions.leave(reader, "one-click")
    assert client.get(button()).status_code == 409
    assert client.post(button()).status_code == 409
    assert ask(client, reader, "third@example.org").status_code == 409
    assert "이메일 주소 바꾸기" not in client.get(preferences_path(reader)).text
    assert reader_at(OLD).status == SubscriberStatus.LEFT


def test_a_button_of_one_kind_opens_nothing_of_the_other(client):
    reader = a_reader(OLD)
    ask(client, reader)
    of_address = button().split("/")[2]
    client.post("/subscribe/", {"email": "haru@example.com", "cadences": "daily", "language": "ko"})
    of_sign_up = confirm_path("haru@example.com").split("/")[2]
    assert client.post(f"/c/{of_address}").status_code == 404
    assert client.post(f"/c/{of_sign_up}/address").status_code == 404
    assert client.post(f"/c/{of_address[:-1]}/address").status_code == 404


@pytest.mark.parametrize("moved", [False, True])
def test_erasure_leaves_neither_the_old_nor_the_new_address(client, moved):
    reader = a_reader(OLD)
    ask(client, reader)
    path = button()
    if moved:
        client.post(path)
    client.post(preferences_path(reader) + "/erase/", {"sure": "yes"})
    rows = (row for model in apps.get_models() for row in model.objects.all())
    assert "bora" not in serializers.serialize("json", rows)
    assert client.post(path).status_code == 410


def test_what_nobody_answered_is_forgotten_after_two_days(client):
    reader = a_reader(OLD)
    ask(client, reader)
    subscriptions.forget_unconfirmed()
    assert notices_to(NEW) == ["new_address"]
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        subscriptions.forget_unconfirmed()
    assert list(Subscriber.objects.all()) == [reader]
    assert notices_to(NEW) == []
    assert moving.open_wish(reader) is None
    assert not AddressChange.objects.exists()


def test_what_is_told_of_a_letter_to_the_old_address_is_known_to_be_of_the_old_one(client):
    reader = a_reader(OLD)
    before = clock.now()
    hash_before = reader.address_hash
    ask(client, reader)
    client.post(button())
    former, now = moving.former_of([reader.pk]), reader_at(NEW).address_hash
    assert moving.hash_then(former, reader.pk, before, now) == hash_before
    assert moving.hash_then(former, reader.pk, clock.now(), now) == now != hash_before
