import json

import pytest
from django.apps import apps
from django.core import serializers

from newsletter.common.cadence import Cadence, Language
from newsletter.common.errors import Refused
from newsletter.delivery import notices
from newsletter.subscribers import gone, links, moving, subscriptions, suppression
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.audience import audience
from newsletter.subscribers.models import Subscriber, Suppression
from tests.readers import BOTH, a_reader, acts, gets

pytestmark = pytest.mark.django_db

BORA = parse_address("bora@example.com")


def test_leaving_ends_both_issues_and_is_recorded():
    reader = a_reader("bora@example.com", *BOTH)
    assert subscriptions.leave(reader, "one-click")
    assert gets(reader) == set()
    assert not audience(Cadence.DAILY).exists()
    assert acts(reader) == ["confirmed", "withdrawn"]
    assert reader.consents.latest("pk").cadences == ["daily", "weekly"]


def test_leaving_again_changes_nothing():
    reader = a_reader()
    subscriptions.leave(reader, "one-click")
    assert not subscriptions.leave(reader, "one-click")
    assert acts(reader) == ["confirmed", "withdrawn"]


def test_stepping_down_keeps_the_weekly_alone():
    reader = a_reader("bora@example.com", *BOTH)
    subscriptions.step_down(reader, "unsubscribe page")
    assert gets(reader) == {"weekly"}


def test_stepping_down_does_not_bring_back_who_has_left():
    reader = a_reader()
    subscriptions.leave(reader, "one-click")
    subscriptions.step_down(reader, "unsubscribe page")
    assert gets(reader) == set()


def test_a_change_is_what_the_reader_gets_from_then_on():
    reader = a_reader("bora@example.com", Cadence.WEEKLY)
    subscriptions.change(reader, [Cadence.DAILY], Language.BOTH, "보라 김")
    reader.refresh_from_db()
    assert gets(reader) == {"daily"}
    assert (reader.language, reader.name) == (Language.BOTH, "보라 김")
    assert acts(reader) == ["confirmed", "changed"]


def test_choosing_nothing_is_leaving():
    reader = a_reader()
    subscriptions.change(reader, [], Language.KOREAN, "")
    assert acts(reader)[-1] == "withdrawn"


def test_a_suppressed_mailbox_gets_nothing_whatever_else_is_asked():
    a_reader("bora@example.com", *BOTH)
    suppression.suppress(BORA, Suppression.Reason.COMPLAINED)
    assert not audience(Cadence.DAILY).exists()
    assert subscriptions.sign_up(BORA, [Cadence.DAILY], Language.KOREAN, "", "form") is None


def test_suppression_outlives_erasure():
    reader = a_reader()
    suppression.suppress(BORA, Suppression.Reason.BOUNCED)
    subscriptions.erase(reader)
    with pytest.raises(Refused) as refused:
        a_reader("BORA@example.com")
    assert refused.value.code == "subscriber.suppressed"


def test_suppression_outlives_a_new_secret_key(settings):
    suppression.suppress(BORA, Suppression.Reason.BOUNCED)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the key of the year after"
    assert suppression.is_suppressed(BORA)
    known = suppression.hash_of(BORA)
    assert Suppression.objects.filter(address_hash=known).exists()


def test_a_suppression_says_nothing_of_the_address():
    suppression.suppress(BORA, Suppression.Reason.MANUAL)
    told = json.dumps(list(Suppression.objects.values("address_hash", "note")))
    assert "bora" not in told


def test_erasure_leaves_no_address_and_no_name_behind():
    reader = a_reader("bora@example.com", name="보라돌이")
    notices.queue("welcome", address=reader.email, language=Language.KOREAN, subscriber=reader)
    subscriptions.erase(reader)
    rows = (row for model in apps.get_models() for row in model.objects.all())
    everything = serializers.serialize("json", rows, ensure_ascii=False)
    assert "bora" not in everything
    assert "보라돌이" not in everything


def test_the_token_of_somebody_erased_is_known_to_be_theirs():
    reader = a_reader()
    token = links.token(links.Purpose.UNSUBSCRIBE, reader.pk)
    subscriptions.erase(reader)
    with pytest.raises(gone.ReaderGone):
        links.reader_of(links.Purpose.UNSUBSCRIBE, token)


@pytest.mark.parametrize(
    "press",
    [
        subscriptions.confirm,
        lambda reader: subscriptions.change(reader, [Cadence.WEEKLY], Language.KOREAN, ""),
        lambda reader: subscriptions.step_down(reader, "unsubscribe page"),
        lambda reader: subscriptions.leave(reader, "one-click"),
        lambda reader: moving.ask(reader, parse_address("new@example.com"), "preferences"),
    ],
    ids=["confirm", "change", "step down", "leave", "move"],
)
def test_who_presses_in_the_moment_in_which_they_are_erased_is_told_that_they_are(press):
    reader = a_reader()
    subscriptions.erase(Subscriber.objects.get(pk=reader.pk))
    with pytest.raises(gone.ReaderGone):
        press(reader)
