"""The mailbox that bounces come back to, read over IMAP from a server on loopback."""

import itertools
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import DataError, OperationalError

from newsletter.common import clock
from newsletter.common.errors import ConfigurationError, Refused
from newsletter.delivery import verp
from newsletter.events import bounce_mailbox, imap
from newsletter.events.models import MessageEvent
from newsletter.tasks import events as tasks
from tests.collect.hostile_answers import FIELDS_WITHOUT_END
from tests.events.fake_imap import PASSWORD, USER, fake_imap
from tests.events.given import an_issue_that_left, suppressed
from tests.events.notifications import NO_BOUNCE, a_dsn
from tests.ports import free_port

pytestmark = pytest.mark.django_db


def url(port, password=PASSWORD, path="", tls="?tls=none"):
    return f"imap://{USER}:{quote(password)}@127.0.0.1:{port}{path}{tls}"


@pytest.fixture
def box(settings):
    with fake_imap() as box:
        settings.BOUNCE_IMAP_URL = url(box.port)
        yield box


@pytest.fixture
def bounce():
    letter = an_issue_that_left("bora@example.com")["bora@example.com"]
    key = django_settings.SECRET_KEY.encode()
    return a_dsn(to=verp.return_path(letter.pk, "bounce@news.example.com", key))


def test_a_bounce_in_the_mailbox_is_taken_and_marked_as_seen(box, bounce):
    box.add(bounce)
    assert bounce_mailbox.read() == imap.MailboxRead(read=1, flagged=0)
    assert suppressed("bora@example.com")
    assert box.flags == [{r"\Seen"}]


def test_other_mail_is_flagged_for_a_person(box, bounce):
    box.add(NO_BOUNCE, bounce)
    assert bounce_mailbox.read() == imap.MailboxRead(read=2, flagged=1)
    assert box.flags == [{r"\Seen", r"\Flagged"}, {r"\Seen"}]


def test_what_was_seen_is_not_read_again(box, bounce):
    box.add(bounce)
    bounce_mailbox.read()
    assert bounce_mailbox.read() == imap.MailboxRead()
    assert box.fetched == 1


def test_a_connection_that_breaks_before_the_mark_loses_nothing_and_counts_nothing_twice(
    box, bounce
):
    box.add(bounce)
    box.breaks_after_fetch = 1
    with pytest.raises(Refused, match="bounce mailbox could not be read"):
        bounce_mailbox.read()
    assert suppressed("bora@example.com")
    box.breaks_after_fetch = 0
    assert bounce_mailbox.read().read == 1
    assert MessageEvent.objects.count() == 1


@pytest.mark.parametrize(
    "date", ["1 Jan 99999999999 00:00:00 +0000", "31 Dec 9999 23:59:59 -1200", "yesterday"]
)
def test_a_bounce_with_an_impossible_date_is_taken_like_any_other(box, bounce, date):
    box.add(re.sub(rb"Date: [^\r]+", f"Date: {date}".encode(), bounce, count=1))
    assert bounce_mailbox.read() == imap.MailboxRead(read=1, flagged=0)
    assert suppressed("bora@example.com")
    assert clock.now() - MessageEvent.objects.get().at < timedelta(minutes=1)


def broken_by(error, *broken):
    """A reader that some messages break, by their place, and that understands the others."""
    places = itertools.count(1)

    def take(raw):
        if next(places) in broken:
            raise error
        return bounce_mailbox.take(raw)

    return take


def read_with(take, settings):
    return imap.read_mailbox(imap.parse_server(settings.BOUNCE_IMAP_URL), take, largest=20_000)


@pytest.mark.parametrize(
    "error", [OverflowError("for bora@example.com"), DataError("for bora@example.com")]
)
def test_a_message_that_breaks_its_reader_is_left_to_a_person_and_stops_no_other(
    box, bounce, settings, caplog, error
):
    box.add(NO_BOUNCE, bounce)
    assert read_with(broken_by(error, 1), settings) == imap.MailboxRead(read=2, flagged=1)
    assert box.flags == [{r"\Seen", r"\Flagged"}, {r"\Seen"}]
    assert suppressed("bora@example.com")
    assert f"message 1 of the bounce mailbox is left to a person: {type(error).__name__}" in (
        caplog.text
    )
    assert "bora@example.com" not in caplog.text


@pytest.mark.django_db(transaction=True)  # none is open while it is parsed
def test_a_message_that_cannot_be_parsed_within_limits_is_left_to_a_person(box, bounce, caplog):
    box.add(FIELDS_WITHOUT_END, bounce)
    assert bounce_mailbox.read() == imap.MailboxRead(read=2, flagged=1)
    assert box.flags == [{r"\Seen", r"\Flagged"}, {r"\Seen"}]
    assert suppressed("bora@example.com")
    assert "message 1 of the bounce mailbox is left to a person: parser.cpu" in caplog.text


def test_a_machine_that_can_start_no_parser_costs_no_message(box, bounce, settings):
    box.add(bounce)
    busy = Refused("parser.unavailable", "지금은 안 됩니다.", "Not now.")
    with pytest.raises(Refused, match=r"parser\.unavailable"):
        read_with(broken_by(busy, 1), settings)
    assert box.flags == [set()]


def test_a_database_that_is_away_costs_no_message(box, bounce, settings):
    box.add(bounce)
    with pytest.raises(OperationalError):
        read_with(broken_by(OperationalError("database is locked"), 1), settings)
    assert box.flags == [set()]
    assert bounce_mailbox.read().read == 1


def test_a_very_large_message_is_read_only_as_far_as_it_matters(box, bounce, settings):
    box.add(bounce + b"x" * 200_000)
    assert read_with(bounce_mailbox.take, settings) == imap.MailboxRead(read=1)


def test_another_folder_may_be_named(box, bounce, settings):
    box.folder = "Bounces/2026"
    box.add(bounce)
    settings.BOUNCE_IMAP_URL = url(box.port, path="/Bounces/2026")
    assert bounce_mailbox.read().read == 1


def test_without_tls_no_password_leaves_this_machine_unless_the_operator_says_so(box, settings):
    settings.BOUNCE_IMAP_URL = url(box.port, tls="")
    with pytest.raises(Refused, match="bounce mailbox could not be read"):
        bounce_mailbox.read()


def test_tls_from_the_first_byte(box, bounce, settings, certificate):
    authority, box.tls = certificate
    box.add(bounce)
    address = url(box.port, tls=f"?ca={authority}")
    settings.BOUNCE_IMAP_URL = address.replace("imap:", "imaps:")
    assert bounce_mailbox.read().read == 1


def test_starttls_where_the_server_offers_it(box, bounce, settings, certificate):
    authority, box.starttls = certificate
    box.add(bounce)
    settings.BOUNCE_IMAP_URL = url(box.port, tls=f"?ca={authority}")
    assert bounce_mailbox.read().read == 1


@pytest.mark.parametrize("how", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_password(box, settings, certificate, how):
    setattr(box, how, certificate[1])
    scheme = "imaps:" if how == "tls" else "imap:"
    settings.BOUNCE_IMAP_URL = url(box.port, tls="").replace("imap:", scheme)
    with pytest.raises(Refused, match="SSLCertVerificationError"):
        bounce_mailbox.read()


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"path": "/Nowhere"}])
def test_a_server_that_refuses_is_told_in_one_error(box, settings, change):
    settings.BOUNCE_IMAP_URL = url(box.port, **change)
    with pytest.raises(Refused) as refusal:
        bounce_mailbox.read()
    assert refusal.value.place == f"127.0.0.1:{box.port}"
    assert "wrong" not in str(refusal.value)


def test_a_server_that_is_down_does_not_break_the_task(settings, caplog):
    settings.BOUNCE_IMAP_URL = url(free_port())
    tasks.read_bounces()
    assert "bounces were not read" in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        "https://example.com",
        "imaps://",
        "imaps://mail.example.com",
        "imaps://a:b@mail.example.com:port/INBOX",
        "imaps://a:b@mail.example.com:99999/INBOX",
        "imaps://a:b@[mail.example.com/INBOX",
        "imaps://a:b@mail.example.com/INBOX#1",
        "imap://a:b@mail.example.com?tls=never",
        "imap://a:b@mail.example.com?tls=",
        "imaps://a:b@mail.example.com?cafile=/etc/ca.pem",
    ],
)
def test_an_address_of_a_mailbox_that_is_none_says_how_it_should_look(wrong):
    with pytest.raises(ConfigurationError, match="BOUNCE_IMAP_URL"):
        imap.parse_server(wrong)


def test_ports_follow_the_scheme():
    assert imap.parse_server("imaps://a:b@mail.example.com").port == 993
    assert imap.parse_server("imap://a:b@mail.example.com").port == 143
