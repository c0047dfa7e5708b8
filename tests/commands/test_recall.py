"""``newsletter recall``: an issue that SendGrid has taken is called back at the command line."""

import pytest

from newsletter.delivery import recalls
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.ledger import counts
from newsletter.delivery.reconcile import batches_to_publish, reconcile
from newsletter.delivery.send import deliver_batch
from tests.commands.run import newsletter
from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
from tests.delivery.given import an_issue_being_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def way(settings):
    settings.SENDGRID_RECALL_MINUTES = 30
    with fake_sendgrid() as sendgrid:
        yield SendGridBackend(KEY, sendgrid.url, batch_of=recalls.batch_of)


def delivered(way):
    issue = an_issue_being_sent(3)
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, way)
    return issue


def test_an_issue_that_waits_at_sendgrid_is_called_back(way):
    issue = delivered(way)
    ran = newsletter("recall", issue.slug, "--confirm", "--by", "지은")
    assert ran.code == 0
    assert issue.slug in ran.out
    reconcile(way)
    issue.refresh_from_db()
    assert (counts(issue).cancelled, issue.state) == (3, "cancelled")


def test_nothing_is_called_back_without_a_yes(way):
    issue = delivered(way)
    ran = newsletter("recall", issue.slug)
    assert (ran.code, "--confirm" in ran.err) == (2, True)
    reconcile(way)
    assert counts(issue).accepted == 3


def test_an_issue_that_left_without_a_window_is_refused(way, settings):
    settings.SENDGRID_RECALL_MINUTES = 0
    issue = delivered(way)
    ran = newsletter("recall", issue.slug, "--confirm")
    assert ran.code == 2
    assert "recall.closed" in ran.err
    assert counts(issue).accepted == 3
