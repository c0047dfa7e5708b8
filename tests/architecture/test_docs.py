"""The documents say what is true: every setting, room, command and state, and no dead link."""

import ast
import re
from collections.abc import Iterator

import click
import pytest
from django.conf import global_settings

from newsletter.commands.line import COMMANDS, newsletter
from newsletter.delivery.status import DeliveryStatus, SkipReason
from newsletter.issues.states import IssueState
from tests.architecture.house import DOCS, PACKAGE, ROOT, modules, rooms

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
STATES = [*IssueState, *DeliveryStatus, *SkipReason]


def variables() -> dict[str, str]:
    """Return each variable that the settings read, with the setting that it decides."""
    tree = ast.parse((PACKAGE / "settings.py").read_text())
    return {
        variable: ast.unparse(statement.targets[0])
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for variable in _read_by(statement)
    }


def _read_by(statement: ast.Assign) -> Iterator[str]:
    for node in ast.walk(statement):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env")),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def rows(page: str) -> set[str]:
    """Return the words that the first column of a page's tables describes."""
    return set(re.findall(r"^\| `([^`]+)` \|", (DOCS / page).read_text(), re.MULTILINE))


def test_every_setting_is_described_and_nothing_that_is_none():
    assert rows("settings.md") == set(variables())


def test_every_setting_decides_something():
    sources = (
        "\n".join(path.read_text() for path in modules() if path.is_relative_to(PACKAGE))
        + (ROOT / "celeryconfig.py").read_text()
    )
    idle = {
        setting
        for setting in variables().values()
        if not hasattr(global_settings, setting)
        and len(re.findall(rf"\b{setting}\b", sources)) == _in_its_own_line(setting)
    }
    assert idle == set()


def _in_its_own_line(setting: str) -> int:
    source = (PACKAGE / "settings.py").read_text()
    line = next(line for line in source.splitlines() if line.startswith(f"{setting} ="))
    return len(re.findall(rf"\b{setting}\b", line))


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_on_the_map(room):
    assert room in rows("architecture.md")


def table_of_commands() -> list[str]:
    """Return what the runbook's table of commands has in its first column."""
    text = (DOCS / "operations.md").read_text().partition("\n## Every command\n")[2]
    lines = text.partition("\n## ")[0].splitlines()
    return [line.split(" | ")[0] for line in lines if line.startswith("| `")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_table_of_the_runbook(command):
    rows = [row for row in table_of_commands() if f"`newsletter {command}" in row]
    assert rows
    assert set(re.findall(r"(?<![\w-])--?[a-z-]+", " ".join(rows))) == options_of(command)


def options_of(name: str) -> set[str]:
    """Return every option of a command and of those below it, but for ``--help``."""
    return set(_options(newsletter.get_command(click.Context(newsletter), name)))


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            # Where two names mean the same, one is enough.
            yield from {*parameter.opts[:1], *parameter.secondary_opts}
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _options(below)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_runbook_says_what_every_state_means(state):
    assert state.value in rows("operations.md")


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_links_between_the_pages_lead_somewhere(document):
    dead = [to for to in LINK.findall(document.read_text()) if not (document.parent / to).exists()]
    assert dead == []


def test_decisions_are_numbered_without_a_gap_and_named_by_a_sentence():
    names = sorted(path.stem for path in (DOCS / "adr").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        title = (DOCS / "adr" / f"{name}.md").read_text().splitlines()[0]
        assert title.startswith(f"# {int(name[:4])}. ")
        assert len(name.split("-")) > 3, f"{name} is no sentence"


def test_every_file_that_the_documents_name_is_there():
    """But for those that a lesson has its reader write."""
    named = re.compile(
        r"`(?:[a-z]+ )*((?:benchmarks|docs|newsletter|scripts|templates|tests)/[\w./-]+"
        r"\.(?:c|cfg|md|mjml|py|sh|svg|txt))\b[^`]*`"
    )
    missing = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in PAGES
        if not page.name.startswith("a-")
        for name in named.findall(page.read_text())
        if "NNNN" not in name and not (ROOT / name).exists()
    ]
    assert missing == []
