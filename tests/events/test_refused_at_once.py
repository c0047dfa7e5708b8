"""A mailbox that a server refuses while the letter is offered, as SMTP servers and SendGrid do."""

import pytest

from newsletter.delivery import reconcile, send
from newsletter.delivery.backends.sendgrid import SendGridBackend
from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.models import Batch, Delivery
from newsletter.delivery.smtp_server import parse_server
from newsletter.delivery.status import DeliveryStatus
from newsletter.events.kinds import EventKind, standing
from newsletter.events.models import MessageEvent
from newsletter.tasks.events import take_refusals
from tests.delivery.fake_sendgrid import KEY, fake_sendgrid
from tests.delivery.given import an_issue_being_sent
from tests.delivery.smtp_servers import Script, scripted_server
from tests.events.given import facts_of, reasons, suppressed

pytestmark = pytest.mark.django_db


def sent_by_smtp(answers):
    """An issue of three readers, sent to a server that answers so."""
    an_issue_being_sent(3)
    with scripted_server(Script(answers=answers)) as port:
        way = SmtpBackend(parse_server(f"smtp://127.0.0.1:{port}?tls=none&connections=1", "here"))
        for batch in reconcile.batches_to_publish():
            send.deliver_batch(batch, way)
        way.close()
    return list(Delivery.objects.select_related("subscriber").order_by("pk"))


def test_a_mailbox_that_is_not_there_is_never_written_to_again():
    letters = sent_by_smtp({("rcpt", 2): "550 5.1.1 no such user"})
    take_refusals()
    assert [suppressed(letter.subscriber.email) for letter in letters] == [False, True, False]
    assert reasons() == ["bounced"]
    assert standing(facts_of(letters[1])) is EventKind.HARD_BOUNCED
    letters[1].refresh_from_db()
    assert letters[1].status == DeliveryStatus.REJECTED, "the ledger keeps what it did"


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 we do not like you", "552 5.2.2 mailbox full", "550 go away"]
)
def test_a_refusal_that_says_nothing_of_the_mailbox_suppresses_nobody(answer):
    sent_by_smtp({("rcpt", 2): answer})
    take_refusals()
    assert reasons() == []


def test_a_refusal_counts_once_however_often_it_is_looked_at():
    sent_by_smtp({("rcpt", 1): "550 5.1.1 no such user"})
    take_refusals()
    take_refusals()
    assert MessageEvent.objects.count() == 1


def test_a_later_refusal_is_found_as_well():
    sent_by_smtp({("rcpt", 1): "550 5.1.1 no such user"})
    take_refusals()
    letter = Delivery.objects.select_related("subscriber").order_by("pk")[2]
    Delivery.objects.filter(pk=letter.pk).update(
        status=DeliveryStatus.REJECTED, reason="rcpt 550 5.1.10"
    )
    take_refusals()
    assert suppressed(letter.subscriber.email)


def test_an_address_that_sendgrid_names_as_wrong_is_never_written_to_again():
    an_issue_being_sent(3)
    with fake_sendgrid() as fake:
        fake.poisoned.add("reader1@example.com")
        send.deliver_batch(Batch.objects.get().pk, SendGridBackend(KEY, fake.url))
    take_refusals()
    assert suppressed("reader1@example.com")
    assert reasons() == ["bounced"]
