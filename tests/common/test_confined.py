"""Parsing in a child: what each limit does, what an answer may be, and that nothing is left behind.

The children are real, and so is what is wrong with them (see ``hostile_parsers.py``).
"""

import contextlib
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newsletter.common import confined, confined_wire
from newsletter.common.confined import OverLimit, ParserBroke, ParserFailed
from newsletter.common.confined_wire import Limits
from newsletter.common.errors import BadInput, Refused
from tests.common import hostile_parsers as parsers
from tests.common.children import fork_server, is_running
from tests.servers import wait_until

BACKTRACKING = "a" * 60 + "b"


def limit_passed_by(function, *args, **limits):
    with pytest.raises(OverLimit) as error:
        confined.call(function, *args, place="https://feeds.example", limits=Limits(**limits))
    assert error.value.place == "https://feeds.example"
    assert error.value.code == f"parser.{error.value.limit}"
    return error.value.limit


def test_an_answer_is_what_the_function_returned():
    assert confined.call(parsers.well, b"words") == parsers.well(b"words")


@pytest.mark.parametrize(
    ("function", "limit"),
    [
        (parsers.eats_memory, "memory"),
        (parsers.kills_itself, "died"),
        (parsers.crashes, "died"),
        (parsers.leaves, "died"),
        (parsers.answers_too_much, "answer"),
        (parsers.answers_with_a_function, "died"),
    ],
)
def test_a_parser_that_goes_wrong_costs_its_own_input_and_says_how(function, limit):
    assert limit_passed_by(function) == limit
    assert confined.call(parsers.well, b"next")


def test_a_parser_that_spins_in_c_is_stopped_at_its_cpu_time():
    before = resource.getrusage(resource.RUSAGE_SELF)
    assert limit_passed_by(parsers.spins, BACKTRACKING, cpu_seconds=1) == "cpu"
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_a_parser_that_waits_for_ever_is_stopped_at_its_time():
    assert limit_passed_by(parsers.sleeps, seconds=0.3) == "time"


@pytest.mark.parametrize(
    ("function", "args", "limits", "may_pass"),
    [
        (parsers.sleeps, (), {"seconds": 0.3}, True),
        (parsers.kills_itself, (), {}, True),
        (parsers.spins, (BACKTRACKING,), {"cpu_seconds": 1}, False),
        (parsers.eats_memory, (), {}, False),
        (parsers.answers_too_much, (), {}, False),
        (parsers.is_wrong, (), {}, False),
    ],
)
def test_only_what_the_machine_may_have_done_is_worth_another_try(function, args, limits, may_pass):
    with pytest.raises(ParserFailed) as error:
        confined.call(function, *args, limits=Limits(**limits))
    assert error.value.may_pass is may_pass


def test_what_a_parser_prints_does_not_reach_the_output_of_a_command():
    program = (
        "from newsletter.common import confined\n"
        "from tests.common import hostile_parsers as parsers\n"
        "print(confined.call(parsers.prints))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout == b"well\n"


def test_what_a_parser_writes_to_every_open_file_is_no_answer():
    assert limit_passed_by(parsers.scribbles) in {"answer", "died"}
    assert confined.call(parsers.well, b"next")


def test_an_error_of_ours_is_raised_as_it_was_and_a_defect_says_where_without_the_input():
    with pytest.raises(BadInput) as error:
        confined.call(parsers.refuses)
    assert str(error.value) == "a.code [line 3]: 한국어 / English"
    with pytest.raises(ParserBroke, match=r"KeyError at is_wrong:\d+") as defect:
        confined.call(parsers.is_wrong)
    assert "words of the input" not in str(defect.value)


def test_only_what_was_registered_is_called():
    with pytest.raises(ParserBroke, match="PermissionError"):
        confined.call(parsers.not_registered)


def test_the_others_are_answered_while_one_spins():
    """Threads of one process waited for the one that held the interpreter."""
    ended: list[str] = []

    def hostile() -> None:
        limit_passed_by(parsers.spins, BACKTRACKING)
        ended.append("hostile")

    thread = threading.Thread(target=hostile)
    thread.start()
    for _ in range(15):
        confined.call(parsers.well, b"words")
    ended.append("the others")
    thread.join()
    assert ended == ["the others", "hostile"]


def test_a_child_knows_no_framework_no_database_and_no_secret_and_holds_no_file_of_ours():
    program = (
        "import django, json, psycopg, redis, sqlite3, sys\n"
        "from newsletter.common import confined\n"
        "from tests.common import hostile_parsers as parsers\n"
        "with open('/dev/null'), sqlite3.connect(':memory:'):\n"
        "    print(json.dumps(confined.call(parsers.surroundings)))\n"
    )
    secrets = {"SECRET_KEY": "a key of ours", "DATABASE_URL": "postgresql://a:b@c/d"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | secrets,
        capture_output=True,
        check=True,
    )
    told = json.loads(ran.stdout)
    roots = {name.partition(".")[0] for name in told["modules"]}
    assert roots.isdisjoint({"django", "celery", "redis", "psycopg", "sqlite3", "httpx"})
    assert told["environment"].keys().isdisjoint(secrets)
    # Standard input, output and error, the job, and the listing itself.
    assert told["files"] == 5


def test_a_server_that_was_killed_is_started_again():
    server = fork_server()
    os.kill(server, signal.SIGKILL)
    assert fork_server() != server


def test_a_server_that_was_stopped_is_ended_and_another_one_answers():
    """It holds its turn for ever otherwise, and with it every thread that parses."""
    server = fork_server()
    os.kill(server, signal.SIGSTOP)
    try:
        assert confined.call(parsers.well, b"words") == parsers.well(b"words")
        assert not is_running(server)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


def test_a_process_that_was_forked_gets_a_server_of_its_own():
    mine = fork_server()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(fork_server()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(read, 20))
    for fd in (read, write):
        os.close(fd)
    assert theirs != mine
    assert fork_server() == mine
    wait_until(lambda: not is_running(theirs), "the end of the server whose parent has gone")


def test_a_fork_server_ends_with_its_process_though_a_fork_of_that_lives_on():
    program = (
        "import os, time\n"
        "from tests.common.children import fork_server\n"
        "server = fork_server()\n"
        "fork = os.fork() or time.sleep(600)\n"
        "print(server, fork, flush=True)\n"
        "time.sleep(600)\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    with asking.stdout as told:
        server, fork = map(int, told.readline().split())
    asking.kill()
    asking.wait()
    try:
        wait_until(lambda: not is_running(server), "the end of the server")
    finally:
        os.kill(fork, signal.SIGKILL)


def test_nothing_outlives_a_process_that_is_killed_while_a_parser_runs(tmp_path):
    """Neither the fork server nor the child that spins or sleeps."""
    program = (
        "import sys\n"
        "from newsletter.common import confined\n"
        "from tests.common import hostile_parsers as parsers\n"
        "confined.call(parsers.sleeps, sys.argv[1])\n"
    )
    note = tmp_path / "note"
    asking = subprocess.Popen([sys.executable, "-c", program, str(note)])
    child, server = read_when_written(note)
    asking.kill()
    asking.wait()
    wait_until(lambda: not is_running(server) and not is_running(child), "the end of both")


def test_a_child_ends_with_its_fork_server_and_its_job_is_tried_once_more(tmp_path):
    note = tmp_path / "note"
    refusals = []

    def ask() -> None:
        try:
            confined.call(parsers.sleeps, str(note))
        except Refused as refusal:
            refusals.append(refusal.code)

    thread = threading.Thread(target=ask)
    thread.start()
    for _ in range(2):
        child, server = read_when_written(note)
        note.unlink()
        os.kill(server, signal.SIGKILL)
        wait_until(lambda child=child: not is_running(child), "the end of the child")
    thread.join()
    assert refusals == ["parser.unavailable"]


def read_when_written(note: Path) -> tuple[int, int]:
    """Return the process that sleeps, and its parent."""
    wait_until(note.exists, "a child that sleeps")
    child, server = map(int, note.read_text().split())
    return child, server


class Door:
    """What an answer must not be able to open."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("exit 1",)


@pytest.mark.parametrize(
    "answer",
    [
        Door(),
        os.getcwd,
        BaseException(),
        subprocess.Popen,
        confined_wire.pack,
        bytearray(3),
    ],
)
def test_an_answer_builds_plain_values_and_our_own_and_calls_nothing_else(answer):
    with pytest.raises(pickle.UnpicklingError):
        confined_wire.unpack(pickle.dumps(answer))


@pytest.mark.parametrize("octets", [b"", b"x" * 100, b"\x80\x05]", b"\x80\x05c__main__\nDoor\n."])
def test_octets_that_are_no_answer_are_refused(octets):
    with pytest.raises(pickle.UnpicklingError):
        confined_wire.unpack(octets)
