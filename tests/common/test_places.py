"""Where the program finds its templates and where it writes, in a checkout and installed."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from newsletter.common import places


@pytest.fixture
def checkout(tmp_path):
    """A package whose templates lie beside it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "newsletter").mkdir()
    return tmp_path / "newsletter"


@pytest.fixture
def installed(tmp_path):
    """A package that was taken out of a wheel."""
    (tmp_path / "site-packages" / "newsletter" / "templates").mkdir(parents=True)
    return tmp_path / "site-packages" / "newsletter"


def test_a_checkout_keeps_all_it_writes_below_itself(checkout, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "/srv/state")
    assert places.templates(checkout) == checkout.parent / "templates"
    assert places.data_folder(checkout) == checkout.parent / "var"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, "/home/minji/.local/state/newsletter"),
        ("", "/home/minji/.local/state/newsletter"),
        ("relative/state", "/home/minji/.local/state/newsletter"),
        ("/srv/state", "/srv/state/newsletter"),
    ],
)
def test_an_installed_program_writes_to_the_folder_for_state_of_its_user(
    installed, monkeypatch, state, expected
):
    monkeypatch.setenv("HOME", "/home/minji")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    if state is not None:
        monkeypatch.setenv("XDG_STATE_HOME", state)
    assert places.templates(installed) == installed / "templates"
    assert places.data_folder(installed) == Path(expected)


def test_this_very_checkout_finds_its_own_templates():
    assert (places.templates() / "mail" / "confirm" / "subject.txt").is_file()
    assert not places.is_installed()


def test_a_child_looks_for_our_package_first_and_in_the_current_folder_after_all_else(
    monkeypatch, tmp_path
):
    monkeypatch.setenv("PYTHONPATH", "/srv/more")
    monkeypatch.chdir(tmp_path)
    told = places.same_code()
    path = told["PYTHONPATH"].split(":")
    assert told["PYTHONSAFEPATH"] == "1"
    assert path[:2] == [str(places.PACKAGE.parent), "/srv/more"]
    assert path[-1] == str(tmp_path)
    assert {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")} <= set(path[2:-1])


@pytest.mark.parametrize("started", [["-c"], ["-P", "-c"]], ids=["not safe", "safe"])
def test_nothing_in_the_current_folder_runs_in_a_child_or_in_its_parser(tmp_path, started):
    """Without ``-P`` the parent itself looks there first; it has imported all it needs before."""
    program = (
        "import os, subprocess, sys\n"
        "from newsletter.common import confined, places\n"
        "from tests.common import hostile_parsers\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "environment = {**os.environ, **places.same_code()}\n"
        "subprocess.run([sys.executable, '-c', 'import colorsys'], env=environment, check=True)\n"
        "print(confined.call(hostile_parsers.imported, 'colorsys'))\n"
    )
    (tmp_path / "colorsys.py").write_text("raise SystemExit('of the current folder')\n")
    done = subprocess.run(
        [sys.executable, *started, program],
        env={**os.environ, "PYTHONPATH": str(places.PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == f"{sysconfig.get_path('stdlib')}/colorsys.py", done.stderr


def test_a_current_folder_that_was_taken_away_stops_nothing(monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert str(places.PACKAGE.parent) in places.same_code()["PYTHONPATH"].split(":")
