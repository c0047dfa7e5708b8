"""A reader gets a paper once: the Weekly points to the Daily that a reader was sent."""

from datetime import timedelta

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Cadence
from newsletter.common.clock import SEOUL
from newsletter.delivery import preflight, sending
from newsletter.delivery.models import Delivery
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.window import window_around
from newsletter.subscribers.models import Subscriber, Subscription
from tests.delivery.given import Mailbox, readers
from tests.events.given import earlier_letter
from tests.factories import FRIDAY, KOREAN, an_entry, five_papers, listed, the_week

POINTS = Section("핵심 포인트", "ko", "실험에서 기존 방법보다 안정적으로 학습했습니다.")

pytestmark = pytest.mark.django_db


def send(issue, way):
    preflight.approve(issue, "지은")
    sending.start(issue.pk, "지은")
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)


@pytest.fixture
def both_sent():
    """A Daily and the Weekly of its week, sent; the second of four readers gets both."""
    listed(*[an_entry(f"2601.0000{n}", f"Paper {n}", sections=(KOREAN, POINTS)) for n in (1, 2, 3)])
    daily = assemble(window_around(Cadence.DAILY, FRIDAY, SEOUL)).issue
    readers(4, Cadence.WEEKLY)
    Subscription.objects.create(
        subscriber=Subscriber.objects.order_by("pk")[1], cadence=Cadence.DAILY
    )
    way = Mailbox()
    send(daily, way)
    weekly = assemble(the_week()).issue
    send(weekly, way)
    weekly.refresh_from_db()
    return weekly, way


def test_only_who_was_sent_the_daily_gets_the_brief_weekly(both_sent):
    weekly, _ = both_sent
    lengths = Delivery.objects.filter(issue=weekly).order_by("subscriber").values_list("length")
    assert [length for (length,) in lengths] == ["full", "brief", "full", "full"]


def test_the_brief_weekly_points_back_instead_of_repeating(both_sent):
    _, way = both_sent
    _, *weekly_letters = {letter.mail.html: letter.mail for letter in way.letters}.values()
    brief, full = sorted(weekly_letters, key=lambda mail: len(mail.html))
    assert KOREAN.text in brief.html
    assert POINTS.text in full.html
    assert POINTS.text not in brief.html
    assert "/issues/2026-01-09-daily/" in brief.html
    assert "/issues/2026-01-09-daily/" not in full.html


def test_a_reader_whose_daily_was_refused_gets_the_paper_in_full():
    five_papers()
    daily = assemble(window_around(Cadence.DAILY, FRIDAY, SEOUL)).issue
    readers(1, Cadence.WEEKLY)
    Subscription.objects.create(subscriber=Subscriber.objects.get(), cadence=Cadence.DAILY)
    send(daily, Mailbox())
    Delivery.objects.update(status="rejected")
    weekly = assemble(the_week()).issue
    send(weekly, Mailbox())
    assert Delivery.objects.get(issue=weekly).length == "full"


def test_who_missed_one_of_two_dailies_gets_the_weekly_in_full():
    """Of three readers of the Weekly one was sent both Dailies, one the first, one the second.

    That the last has an older letter as well makes no two Dailies of it.
    """
    dailies = []
    readers(3, Cadence.WEEKLY)
    both, first, second = Subscriber.objects.order_by("pk")
    for number, who in enumerate([(both, first), (both, second)]):
        day = FRIDAY - timedelta(days=1 - number)
        papers = [an_entry(f"2601.0{number}00{n}", f"Paper {number} {n}") for n in range(1, 6)]
        listed(*papers, listed_on=day)
        Subscription.objects.filter(cadence=Cadence.DAILY).delete()
        Subscription.objects.bulk_create(
            Subscription(subscriber=reader, cadence=Cadence.DAILY) for reader in who
        )
        dailies.append(assemble(window_around(Cadence.DAILY, day, SEOUL)).issue)
        send(dailies[-1], Mailbox())
    earlier_letter(Delivery.objects.filter(subscriber=second).get(), days=400, facts=0)
    weekly = assemble(the_week()).issue
    send(weekly, Mailbox())
    weekly.refresh_from_db()
    pointed_at = {item.seen_in for item in editing.content_of(weekly).items}
    assert pointed_at >= {daily.slug for daily in dailies}
    lengths = Delivery.objects.filter(issue=weekly).order_by("subscriber").values_list("length")
    assert [length for (length,) in lengths] == ["brief", "full", "full"]
    others = Delivery.objects.exclude(issue=weekly)
    assert set(others.values_list("length", flat=True)) == {"full"}
