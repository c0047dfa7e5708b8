"""Bounces and complaints that come back as mail, from a pipe or a file."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from newsletter.commands.line import newsletter
from newsletter.common import clock
from newsletter.delivery import message_ids, verp
from newsletter.delivery.status import DeliveryStatus
from newsletter.events import bounce_mailbox, bounces
from newsletter.events.kinds import EventKind, standing
from newsletter.events.models import DeliveryFate, MessageEvent
from tests.collect.hostile_answers import FIELDS_WITHOUT_END
from tests.common.children import busy_children_of, fork_server
from tests.events.given import an_issue_that_left, facts_of, reasons, suppressed
from tests.events.notifications import NO_BOUNCE, a_complaint, a_dsn
from tests.ports import free_port
from tests.servers import wait_until

KEY = b"a key of ours"


@pytest.fixture
def letter(db):
    return an_issue_that_left("bora@example.com")["bora@example.com"]


def return_path(letter):
    return verp.return_path(letter.pk, "bounce@news.example.com", settings.SECRET_KEY.encode())


def message_id(letter):
    return message_ids.of_delivery(letter.pk, letter.issue)


@given(st.integers(1, 36**12 - 1))
def test_a_return_path_names_its_letter_and_fits_an_envelope(delivery_id):
    path = verp.return_path(delivery_id, "bounce@news.example.com", KEY)
    local = path.rpartition("@")[0]
    assert len(local) <= 64
    assert path == path.lower()
    assert verp.delivery_of(f"Delivered-To: <{path.upper()}>", [b"a newer key", KEY]) == delivery_id


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_return_path_cannot_be_made_up_for_another_letter(mine, yours):
    local, _, rest = verp.return_path(mine, "bounce@news.example.com", KEY).partition("+")
    tag = rest.partition(".")[2]
    forged = f"{local}+{verp.base36(yours)}.{tag}"
    assert verp.delivery_of(forged, [KEY]) == (mine if mine == yours else None)


def test_a_bounce_to_its_return_path_suppresses_its_reader(letter):
    assert bounce_mailbox.take(a_dsn(to=return_path(letter)))
    assert standing(facts_of(letter)) is EventKind.HARD_BOUNCED
    assert reasons() == ["bounced"]


def test_the_envelope_of_a_pipe_tells_as_much_as_a_header(letter):
    assert bounce_mailbox.take(a_dsn(), return_path(letter))
    assert suppressed("bora@example.com")


def test_a_forwarded_letter_bounces_at_another_address_and_counts_all_the_same(letter):
    assert bounce_mailbox.take(a_dsn("elsewhere@example.org", to=return_path(letter)))
    assert suppressed("bora@example.com")
    assert not suppressed("elsewhere@example.org")


@pytest.mark.parametrize("returned_as", ["message/rfc822", "text/rfc822-headers"])
def test_without_a_return_path_the_letter_that_came_back_tells(letter, returned_as):
    assert bounce_mailbox.take(a_dsn(message_id=message_id(letter), returned_as=returned_as))
    assert suppressed("bora@example.com")


def test_the_original_recipient_counts_where_the_final_one_is_another(letter):
    dsn = a_dsn("elsewhere@example.org", original="bora@example.com", message_id=message_id(letter))
    assert bounce_mailbox.take(dsn)
    assert suppressed("bora@example.com")


def test_s15_a_message_id_of_ours_with_a_strangers_address_tells_nothing(letter):
    assert not bounce_mailbox.take(a_dsn("eve@example.com", message_id=message_id(letter)))
    assert MessageEvent.objects.count() == 0


def test_s15_a_message_id_that_no_letter_bore_tells_nothing(letter):
    for made_up in (f"d{letter.pk}.aaaaaaaaaaaa.1@localhost", "d999999.a.1@localhost"):
        assert not bounce_mailbox.take(a_dsn(message_id=made_up))
    assert MessageEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "fate"),
    [
        ("failed", "5.1.1", "smtp; 550 5.1.1 no such user", EventKind.HARD_BOUNCED),
        ("failed", "5.0.0", "smtp; 550 5.1.1 no such user", EventKind.HARD_BOUNCED),
        ("Failed", "5.2.2 (mailbox full)", "smtp; 552 5.2.2 full", EventKind.SOFT_BOUNCED),
        ("failed", "5.0.0", "smtp; 550 spam", EventKind.SOFT_BOUNCED),
        ("failed", "nonsense", "", EventKind.SOFT_BOUNCED),
        ("failed", "4.4.7", "smtp; 451 gave up after five days", EventKind.SOFT_BOUNCED),
        ("failed", "5.7.1", "smtp; 550 5.7.1 policy", EventKind.BLOCKED),
        ("delayed", "4.4.1", "smtp; 421 later", EventKind.DEFERRED),
        ("delivered", "2.0.0", "", EventKind.DELIVERED),
        ("relayed", "2.0.0", "", EventKind.ACCEPTED),
    ],
)
def test_action_and_status_tell_what_became_of_the_letter(letter, action, status, diagnostic, fate):
    dsn = a_dsn(to=return_path(letter), action=action, status=status, diagnostic=diagnostic)
    assert bounce_mailbox.take(dsn)
    assert standing(facts_of(letter)) is fate
    assert suppressed("bora@example.com") == (fate is EventKind.HARD_BOUNCED)


def test_what_the_server_said_is_kept_without_the_address(letter):
    bounce_mailbox.take(a_dsn(to=return_path(letter)))
    raw = MessageEvent.objects.get().raw
    assert raw["status"] == "5.1.1"
    assert "Recipient address rejected" in raw["diagnostic"]
    assert "bora" not in raw["diagnostic"]


@pytest.mark.parametrize(
    ("ahead", "kept"), [(timedelta(days=-2), timedelta(days=-2)), (timedelta(days=400), None)]
)
def test_a_bounce_from_the_future_is_of_now_and_an_older_one_of_its_day(letter, ahead, kept):
    now = clock.now().replace(microsecond=0)
    with time_machine.travel(now + ahead, tick=False):
        dsn = a_dsn(to=return_path(letter))
    with time_machine.travel(now, tick=False):
        assert bounce_mailbox.take(dsn)
    assert MessageEvent.objects.get().at == now + (kept or timedelta())


def test_a_bounce_read_by_two_ways_counts_once(letter):
    dsn = a_dsn(to=return_path(letter))
    assert bounce_mailbox.take(dsn)
    assert bounce_mailbox.take(b"Received: by another way\r\n" + dsn)
    assert MessageEvent.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        "Original-Mail-From: <{path}>\n",
        "Original-Rcpt-To: <bora@example.com>\n",
        "Original-Rcpt-To: <redacted>\nOriginal-Mail-From: {path}\n",
    ],
)
def test_a_complaint_suppresses_at_once(letter, told):
    told = told.format(path=return_path(letter))
    assert bounce_mailbox.take(a_complaint(told=told, message_id=message_id(letter)))
    assert reasons() == ["complained"]


def test_a_complaint_that_names_nobody_is_left_to_a_person(letter):
    assert not bounce_mailbox.take(a_complaint(message_id=message_id(letter)))
    assert reasons() == []


@pytest.mark.parametrize("feedback", ["not-spam", "auth-failure"])
def test_feedback_that_is_no_complaint_suppresses_nobody(letter, feedback):
    assert not bounce_mailbox.take(a_complaint(to=return_path(letter), feedback=feedback))
    assert reasons() == []


def test_f10_a_bounce_settles_a_letter_in_doubt(db):
    letters = an_issue_that_left("bora@example.com", status=DeliveryStatus.UNCERTAIN)
    letter = letters["bora@example.com"]
    bounce_mailbox.take(a_dsn(to=return_path(letter)))
    letter.refresh_from_db()
    assert letter.status == DeliveryStatus.ACCEPTED


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        NO_BOUNCE,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\n" * 50,
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
            for n in range(3000)
        ),
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n",
    ],
    ids=["nothing", "no text", "an answer", "no parts", "too deep", "no recipient"],
)
def test_a_message_that_is_no_bounce_tells_nothing_and_breaks_nothing(letter, raw):
    assert bounces.events_in(raw, return_path(letter)) == []
    assert not bounce_mailbox.take(raw, return_path(letter))
    assert DeliveryFate.objects.count() == 0


def test_the_command_takes_a_message_from_a_pipe(letter):
    dsn = a_dsn()
    told = CliRunner().invoke(newsletter, ["bounces", "--to", return_path(letter)], input=dsn)
    assert told.exit_code == 0, told.output
    assert "Recorded" in told.output
    assert suppressed("bora@example.com")


def test_the_command_takes_files_and_is_calm_about_other_mail(letter, tmp_path):
    files = [tmp_path / "bounce.eml", tmp_path / "answer.eml"]
    for file, octets in zip(files, [a_dsn(to=return_path(letter)), NO_BOUNCE], strict=True):
        file.write_bytes(octets)
    told = CliRunner().invoke(newsletter, ["bounces", *map(str, files)])
    assert told.exit_code == 0
    assert told.output.count("Recorded") == 1
    assert told.output.count("No bounce") == 1


@pytest.mark.django_db(transaction=True)  # none is open while it is parsed
def test_a_message_that_no_try_can_read_is_taken_and_its_code_is_logged(letter, caplog):
    told = CliRunner().invoke(
        newsletter, ["bounces", "--to", return_path(letter)], input=FIELDS_WITHOUT_END
    )
    assert told.exit_code == 0
    (logged,) = [one for one in caplog.records if one.name == "newsletter.commands.bounces"]
    assert (logged.levelname, logged.getMessage()) == (
        "WARNING",
        "a message was not read and is not tried again: parser.cpu",
    )


@pytest.mark.django_db(transaction=True)  # none is open while it is parsed
def test_a_parser_that_was_killed_says_nothing_of_the_message_and_asks_for_another_try(letter):
    """The kernel does so where memory runs out, and a stop of the machine."""
    server = fork_server()

    def kill() -> None:
        wait_until(lambda: busy_children_of(server), "the child that reads the message")
        for child in busy_children_of(server):
            os.kill(child, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    told = CliRunner().invoke(newsletter, ["bounces"], input=FIELDS_WITHOUT_END)
    killer.join()
    assert told.exit_code == 75
    assert "parser.died" in told.stderr


def test_while_the_database_is_away_the_mail_server_is_asked_to_try_again(tmp_path):
    (tmp_path / "message.eml").write_bytes(NO_BOUNCE)
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", "bounces", tmp_path / "message.eml"],
        env={**os.environ, "DATABASE_URL": nowhere},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 75, done.stderr
