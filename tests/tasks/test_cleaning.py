from datetime import timedelta

import pytest
import time_machine

from newsletter.common import clock
from newsletter.common.cadence import Cadence, Language
from newsletter.subscribers import subscriptions
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Subscriber
from newsletter.tasks.maintain import forget_unconfirmed
from tests.readers import a_reader

pytestmark = pytest.mark.django_db


def test_who_never_confirmed_is_forgotten_and_readers_stay():
    reader = a_reader("reader@example.com")
    address = parse_address("unsure@example.com")
    subscriptions.sign_up(address, [Cadence.WEEKLY], Language.KOREAN, "", "form")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        forget_unconfirmed()
    assert list(Subscriber.objects.all()) == [reader]
