"""What may be left out of a run: on a developer's machine what cannot be had there, in CI nothing."""

import os
import subprocess
import sys

import pytest

ALLOWED = """
from tests.skips import needs_root, needs_root_for_postfix, needs_shared_data
import pytest
@pytest.mark.parametrize("mark", [needs_root, needs_root_for_postfix, needs_shared_data])
def test_of_what_cannot_be_had(mark):
    pytest.skip(mark.kwargs["reason"])
"""
OTHER = """
import pytest
def test_that_nobody_feels_like_running():
    pytest.skip("not today")
"""
WHOLE_FILE = """
import pytest
pytest.skip("not today", allow_module_level=True)
"""


@pytest.fixture
def run(tmp_path):
    """Run the tests of a tiny file with the skips of this house; the exit code, and what it said."""

    def run(text, **environment):
        (tmp_path / "test_tiny.py").write_text(text)
        kept = {name: value for name, value in os.environ.items() if name != "CI"}
        words = ("-m", "pytest", "-q", "-p", "tests.skips", "-p", "no:cacheprovider")
        where = ("-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path))
        done = subprocess.run(
            [sys.executable, *words, *where],
            env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_what_cannot_be_had_on_a_machine_may_be_skipped_there(run):
    code, said = run(ALLOWED)
    assert (code, "3 skipped" in said, "without leave" in said) == (0, True, False)


def test_in_ci_such_a_skip_fails_the_run_and_is_named(run):
    code, said = run(ALLOWED, CI="true")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert said.count("skipped without leave: test_tiny.py::test_of_what_cannot_be_had") == 3


@pytest.mark.parametrize("text", [OTHER, WHOLE_FILE], ids=["one test", "a whole file"])
def test_any_other_skip_fails_every_run(run, text):
    code, said = run(text)
    assert code != pytest.ExitCode.OK
    assert "without leave: test_tiny.py" in said
    assert "not today" in said
