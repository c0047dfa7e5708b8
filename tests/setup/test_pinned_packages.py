import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN = PROJECT["dependencies"]
TEST = [*RUN, *PROJECT["optional-dependencies"]["test"]]


def pins(name):
    """Return the version and the number of hashes for each package of a lock file."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        requirement, *hashes = line.split("--hash=")
        package, version = requirement.partition(";")[0].strip().split("==")
        found[package] = (version, len(hashes))
    return found


@pytest.mark.parametrize(("name", "wanted"), [("run.txt", RUN), ("test.txt", TEST)])
def test_what_the_project_asks_for_is_what_the_lock_pins(name, wanted):
    pinned = pins(name)
    for requirement in wanted:
        package, version = re.match(r"([\w.-]+)(?:\[.*?\])?==([\w.]+)", requirement).groups()
        assert pinned[package.lower()][0] == version, requirement


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_pin_has_its_hashes_and_names_no_host(name):
    assert [package for package, (_, hashes) in pins(name).items() if not hashes] == []
    assert "//" not in (ROOT / "requirements" / name).read_text()


def test_both_locks_agree():
    run, test = pins("run.txt"), pins("test.txt")
    assert {package: test[package] for package in run} == run
