"""The faults this house promises to survive, F01 to F33, and that none is only a promise."""

import re
from pathlib import Path

FAULTS = {
    "f01": "pool processes killed",
    "f02": "the whole worker killed, or the machine",
    "f03": "Redis killed, its data gone",
    "f04": "Redis down, silent, or full",
    "f05": "a worker that consumes nothing after a reconnect",
    "f06": "PostgreSQL restarted between the provider's yes and our note of it",
    "f07": "the answer to a commit lost",
    "f08": "several writers on SQLite",
    "f09": "the provider refuses, has no name, or no certificate",
    "f10": "the provider accepts, and its answer never comes",
    "f11": "429, with a time, without one, with nonsense",
    "f12": "5xx for ten minutes, or every second time",
    "f13": "one poisoned reader among a thousand",
    "f14": "401, 403, 413",
    "f15": "what SMTP servers do",
    "f16": "the disk full",
    "f17": "a clock two hours wrong",
    "f18": "two beats",
    "f19": "two workers, one batch; a stale worker that wakes",
    "f20": "events doubled, reversed, replayed",
    "f21": "our webhook down for a day",
    "f22": "what feeds do",
    "f23": "a template that fails",
    "f24": "a deployment in the middle of a send",
    "f25": "pause, resume, cancel in the middle",
    "f26": "an edit in the middle",
    "f27": "a reader who leaves, complains or is erased in the middle",
    "f28": "a restored copy, a cloned server",
    "f29": "a poison task",
    "f30": "a long run",
    "f31": "a preview during a send",
    "f32": "one provider after another",
    "f33": "the power cut in the middle of a send",
}


def test_every_fault_is_named_by_a_test():
    tests = Path(__file__).parents[1].rglob("test_*.py")
    named = {
        fault for file in tests for fault in re.findall(r"def test_(f\d\d)_", file.read_text())
    }
    assert sorted(set(FAULTS) - named) == []
    assert sorted(named - set(FAULTS)) == []
