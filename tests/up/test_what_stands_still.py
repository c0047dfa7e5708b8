"""A process that runs and does nothing is found by what it no longer does, and started again."""

import os
import signal

import pytest

from newsletter.commands import children
from newsletter.commands.supervisor import Supervisor
from newsletter.commands.watchdog import LOOK_EVERY, LOOKS, Watch, changes
from tests.faults.sizes import SOAK
from tests.ports import free_port
from tests.servers import wait_until

# A look has to find what is well: beat writes every second here, and a busy machine is slow.
LOOK = 3.0


@pytest.fixture
def one_of_each(redis_server, settings, monkeypatch):
    """The children of ``newsletter up`` that are asked whether they are well, by name."""
    monkeypatch.setenv("RECONCILE_SECONDS", "1")
    # The ports of this process may be those of a server that all tests share: it would
    # answer in place of the one that was stopped.
    for name in ("WEB_PORT", "INBOX_PORT"):
        setattr(settings, name, free_port())
        monkeypatch.setenv(name, str(getattr(settings, name)))
    return {child.name: child for child in children.system()}


@pytest.mark.parametrize("name", ["beat", "web", "inbox"])
def test_who_was_stopped_is_started_again_and_the_terminal_says_so(data_dir, one_of_each, name):
    events = []
    supervisor = Supervisor(
        [one_of_each[name]], data_dir, lambda *event: events.append(event[1]), look_every=LOOK
    )

    def stop_it_and_wait():
        assert name != "beat" or children.beat_wrote(), "beat is ready when it has begun"
        (running,) = supervisor._all  # noqa: SLF001 - the process that is to be stopped
        first = running.process.pid
        os.kill(first, signal.SIGSTOP)
        wait_until(lambda: "restarted" in events, f"the new one: {events}")
        return first

    first = supervisor.run(stop_it_and_wait)
    assert events == ["ready", "stuck", "ended", "restarted"]
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


if SOAK:  # two minutes: the looks of earnest

    @pytest.mark.timeout(300)
    @pytest.mark.parametrize("words", [" beat ", "web.server", "redis-server", "inbox_server"])
    def test_newsletter_up_replaces_what_was_stopped_within_two_minutes(system, words):
        system.up()
        before = system.pids(words)
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        wait_until(
            lambda: system.pids(words) and not set(before) & set(system.pids(words)),
            f"another {words}: {system.terminal}",
            (LOOKS + 2) * LOOK_EVERY,
        )
        assert "stands still" in system.terminal


def test_one_bad_look_is_not_enough_and_a_good_one_forgives():
    answers = iter([False] * (LOOKS - 1) + [True] + [False] * LOOKS)
    watch = Watch(lambda: next(answers))
    told = [watch.stands_still() for _ in range(2 * LOOKS)]
    assert told == [False] * (2 * LOOKS - 1) + [True]


def test_a_sign_of_life_is_one_that_changes():
    signs = iter([1.0, 1.0, 2.0, 2.0])
    has_changed = changes(lambda: next(signs))
    assert [has_changed() for _ in range(4)] == [True, False, True, False]


def test_what_cannot_be_looked_at_keeps_nobody_else_from_it(data_dir):
    """One question that breaks must not be the end of all of them."""
    events = []

    def breaks():
        raise OSError

    sleeper = ("/bin/sleep", "60")
    pair = [
        children.Child("broken", sleeper, lambda: True, stuck=breaks),
        children.Child("stopped", sleeper, lambda: True, stuck=lambda: not events[2:]),
    ]
    supervisor = Supervisor(pair, data_dir, lambda *event: events.append(event), look_every=0.1)

    def wait_for_it():
        wait_until(lambda: ("stopped", "restarted") in events, f"the new one: {events}")
        return 0

    supervisor.run(wait_for_it)
    assert ("broken", "ended") not in events
