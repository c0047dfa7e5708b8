"""Where the program finds its templates and where it writes, in a checkout and installed."""

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


def test_a_child_looks_for_our_package_first_and_for_the_current_folder_last(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", "/srv/more")
    monkeypatch.chdir(tmp_path)
    told = places.same_code()
    assert told["PYTHONSAFEPATH"] == "1"
    assert told["PYTHONPATH"].split(":") == [str(places.PACKAGE.parent), "/srv/more", str(tmp_path)]


def test_a_current_folder_that_was_taken_away_stops_nothing(monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert str(places.PACKAGE.parent) in places.same_code()["PYTHONPATH"].split(":")
