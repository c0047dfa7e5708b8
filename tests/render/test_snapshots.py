"""A mail changes only when somebody means it to."""

from functools import cache

import pytest

from tests.sample_mails import MAILS, named
from tests.snapshots.shots import FOLDER, taken

FILES = [f"{named(*one)}.{kind}" for one in MAILS for kind in ("html", "txt")]
UPDATE = "if this was meant: .venv/bin/python -m tests.snapshots.update"


@cache
def now() -> dict[str, str]:
    return taken()


@pytest.mark.parametrize("name", FILES)
def test_a_mail_is_what_it_was(name):
    assert now()[name] == (FOLDER / name).read_text(encoding="utf-8"), UPDATE


def test_there_is_a_snapshot_of_every_mail_and_no_other():
    kept = {file.name for file in FOLDER.iterdir() if file.suffix in {".html", ".txt"}}
    assert kept == set(now()), UPDATE
