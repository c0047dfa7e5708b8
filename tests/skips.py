"""A test that was skipped proved nothing: only what cannot be had here may be left out.

With ``CI=true`` nothing may be: a run that others rely on has the real posts, and is root.
"""

import os
from collections.abc import Iterator

import pytest

from tests.shared_data import needs_shared_data

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
needs_root_for_postfix = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run Postfix")
CANNOT_BE_HAD = (needs_shared_data, needs_root, needs_root_for_postfix)
EXPECTED = {
    mark.kwargs["reason"] for mark in CANNOT_BE_HAD if os.environ.get("CI", "").lower() != "true"
}
unexpected: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped without leave."""
    _remember(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember a file that was skipped as a whole."""
    _remember(report)


def _remember(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason not in EXPECTED:
            unexpected.add(f"{report.nodeid}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Fail the run in which something was skipped without leave."""
    if unexpected and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped without leave."""
    for line in sorted(unexpected):
        terminalreporter.write_line(f"skipped without leave: {line}", red=True)
