"""F16: the disk is full under the database, the broker's file, the logs, and what is read in."""

import os
import sqlite3
import subprocess
import sys
import time

import pytest
import redis

from newsletter.commands.children import redis_binary
from newsletter.commands.logs import CAP, Log
from tests.collect import posts
from tests.faults import invariants
from tests.faults.conftest import BATCH, READERS, sent
from tests.faults.postgres import nothing_moves
from tests.faults.test_the_machine_in_trouble import module, printed
from tests.servers import running, wait_until
from tests.skips import needs_root

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database, needs_root]
_COUNTED = """
SELECT (SELECT count(*) FROM collect_storeddigest), (SELECT count(*) FROM papers_paper)
"""


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_f16_a_disk_that_is_full_for_a_while(engine, sendgrid, small_disk):
    """The worker lives, nothing is half done, and it goes on by itself when there is space."""
    database = small_disk / "one.sqlite3"
    url = {"DATABASE_URL": f"sqlite:///{database}", "DELIVERY_BATCH_SIZE": str(BATCH)}
    issue_id = int(printed(module("begin", READERS, **url)))
    engine.environment |= url
    sendgrid.seconds = 0.1
    worker = engine.start()
    engine.start_beat()
    wait_until(lambda: len(sendgrid.requests) >= 3, "requests")
    filler = small_disk / "filler"
    fill(filler)
    time.sleep(6)
    filler.unlink()

    def ask(query):
        with sqlite3.connect(database) as reader:
            return reader.execute(query).fetchall()

    wait_until(lambda: nothing_moves(ask), "the end of what can be handed over")
    assert worker.poll() is None
    engine.stop()
    told = invariants.check(
        invariants.books(issue_id, ask), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert set(told) <= {"accepted", "uncertain"}
    assert told["uncertain"] <= 2 * BATCH, "what two processes had in hand when the disk was full"


def fill(filler):
    """Write until there is no room for another byte."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def check(issue, sendgrid):
    told = invariants.check(
        invariants.books(issue.pk), sendgrid.taken(), invariants.contents(sendgrid.mails)
    )
    assert told == {"accepted": READERS}


def test_f16_logs_that_cannot_be_written_stop_no_letter(issue, engine, sendgrid, small_disk):
    """Nor do they end the programs: these write on when there is space again."""
    log = small_disk / "celery.log"
    log.touch()
    engine.log.symlink_to(log)
    filler = small_disk / "filler"
    fill(filler)
    worker = engine.start_as_up_does()  # which tells of each task
    engine.start(1, queues="house")
    engine.start_beat()
    wait_until(lambda: sent(issue), "the end of the send")
    assert log.stat().st_size == 0, "not a word could be written"
    check(issue, sendgrid)
    filler.unlink()
    assert worker.poll() is None
    worker.terminate()
    wait_until(lambda: log.stat().st_size > 0, "its last words in the log")


def test_f16_a_log_for_whose_copy_there_is_no_room_is_begun_anew(small_disk):
    """The parent of all processes does this, and must not fall over it."""
    log = Log(small_disk / "child.log")
    with log.open() as output:
        output.write(b"x" * (CAP + 1))
        output.flush()
        log.cap()
        output.write(b"the next line\n")
    assert log.path.read_text() == "the next line\n"
    assert [file.name for file in small_disk.iterdir()] == ["child.log"]


@pytest.fixture
def broker_on_disk(engine, small_disk, data_dir):
    """A Redis that keeps its file on the small disk, as the product has it keep one."""
    path = data_dir / "redis.sock"
    options = ("--port", "0", "--unixsocket", path, "--dir", small_disk, "--save", "")
    words = (redis_binary(), *options, "--appendonly", "yes", "--maxmemory-policy", "noeviction")
    engine.environment["REDIS_URL"] = f"redis+socket://{path}"
    with running(*words, log=data_dir / "log"), redis.Redis(unix_socket_path=str(path)) as client:
        wait_until(lambda: takes_writes(client), "redis")
        yield client


def takes_writes(client):
    try:
        return client.set("anything", "a task")
    except redis.RedisError:
        return False


def test_f16_a_broker_that_cannot_write_its_file_for_a_while(
    issue, engine, sendgrid, broker_on_disk, small_disk
):
    sendgrid.seconds = 0.1
    engine.start()
    engine.start_beat()
    wait_until(lambda: len(sendgrid.requests) >= 3, "requests")
    filler = small_disk / "filler"
    fill(filler)
    wait_until(lambda: not takes_writes(broker_on_disk), "a broker that takes nothing")
    assert not sent(issue)
    filler.unlink()

    def sent_at_last():
        engine.restart_the_dead()
        return sent(issue)

    wait_until(sent_at_last, "the end of the send")
    check(issue, sendgrid)


def test_f16_a_digest_read_in_on_a_full_disk_is_refused_whole(small_disk, tmp_path):
    """The one line says what is wrong; with space again the same command does all of it."""
    database = small_disk / "one.sqlite3"
    home = {"DATABASE_URL": f"sqlite:///{database}", "NEWSLETTER_DATA_DIR": str(small_disk)}
    printed(module("begin", 10, **home))
    post = tmp_path / "2026-02-09.md"
    post.write_text(posts.top5())
    before = counted(database)
    filler = small_disk / "filler"
    fill(filler)
    refused = import_(post, home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1
    assert "disk.full" in refused.stderr
    filler.unlink()
    assert counted(database) == before
    assert import_(post, home).returncode == 0
    digests, papers = before
    assert counted(database) == (digests + 1, papers + 3)


def import_(post, home):
    command = [sys.executable, "-m", "newsletter", "import", post]
    return subprocess.run(
        command, env={**os.environ, **home}, capture_output=True, text=True, check=False
    )


def counted(database):
    """How many digests and papers there are; the file itself is whole."""
    reader = sqlite3.connect(database)
    try:
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return reader.execute(_COUNTED).fetchone()
    finally:
        reader.close()
