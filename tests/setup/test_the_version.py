"""The version has one name, in ``pyproject.toml``, and the changelog goes with it."""

import re
import runpy
import tomllib
from importlib.metadata import version
from pathlib import Path

from newsletter import settings as read_settings

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
HEADINGS = re.findall(
    r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$",
    (ROOT / "CHANGELOG.md").read_text(),
    re.MULTILINE,
)


def numbers(name):
    return tuple(map(int, name.partition(".dev")[0].split(".")))


def test_the_changelog_begins_with_what_is_unreleased_and_dates_every_release():
    assert HEADINGS[0] == ("Unreleased", "")
    assert all(day for _, day in HEADINGS[1:])
    released = [numbers(name) for name, _ in HEADINGS[1:]]
    assert released == sorted(set(released), reverse=True)


def test_the_version_is_the_newest_release_or_a_later_one_in_the_making():
    newest = HEADINGS[1][0]
    if ".dev" in VERSION:
        assert numbers(VERSION) > numbers(newest)
    else:
        assert newest == VERSION


def test_sources_see_the_version_that_is_installed(monkeypatch):
    monkeypatch.delenv("FETCH_USER_AGENT", raising=False)
    told = runpy.run_path(read_settings.__file__)["FETCH_USER_AGENT"]
    assert told.startswith(f"newsletter/{version('newsletter')} (+http")


def test_no_other_file_of_the_program_names_a_version_of_it():
    naming = [
        str(path)
        for path in [*(ROOT / "newsletter").rglob("*.py"), ROOT / "celeryconfig.py"]
        if re.search(r"newsletter[/ -]\d+\.\d", path.read_text())
    ]
    assert naming == []
