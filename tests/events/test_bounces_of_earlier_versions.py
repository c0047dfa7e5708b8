"""A bounce of a letter that a released version has sent names its letter still."""

from datetime import timedelta

import pytest
import time_machine

from newsletter.delivery.models import Delivery
from newsletter.events import bounce_mailbox
from newsletter.events.kinds import EventKind, standing
from tests.events.given import facts_of, suppressed
from tests.events.notifications import a_dsn
from tests.stored_letters import RELEASES, Release

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("folder", RELEASES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("kind", ["weekly-ko", "weekly-en"])
def test_a_bounce_to_the_return_path_of_a_stored_letter_counts(folder, kind, settings):
    release = Release(folder)
    release.recreate(settings)
    letter, reader = release.letter(kind), release.reader(kind)
    with time_machine.travel(release.written_at + timedelta(hours=1)):
        assert bounce_mailbox.take(a_dsn(reader.email, to=letter["Return-Path"].strip("<>")))
    delivery = Delivery.objects.get(subscriber_id=reader.pk)
    assert standing(facts_of(delivery)) is EventKind.HARD_BOUNCED
    assert suppressed(reader.email)
