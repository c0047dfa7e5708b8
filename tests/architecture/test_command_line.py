"""The command line as a whole: each command shows how it is used, and takes what it offers."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from newsletter.commands.line import newsletter
from newsletter.common.cadence import Language


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, and of the groups above it."""
    yield path
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from commands(command, *path, name)
            else:
                yield *path, name


ALL = list(commands(newsletter))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_shows_an_example_on_a_line_of_its_own(words):
    told = CliRunner().invoke(newsletter, [*words, "--help"]).output
    example = " ".join(["Example: newsletter", *words])
    assert any(line.strip().startswith(example) for line in told.splitlines()), told
    assert "\\" not in told


def test_a_language_is_named_as_mails_and_addresses_name_it():
    takes_one = [option for option in options() if option.name == "lang"]
    assert len(takes_one) == 3
    for option in takes_one:
        for language in Language:
            assert option.type.convert(language.value, option, None) == language.value


def options() -> Iterator[click.Parameter]:
    """Yield every option and argument of every command."""
    for words in ALL:
        command = newsletter
        for word in words:
            command = command.get_command(click.Context(command), word)
        yield from command.params
