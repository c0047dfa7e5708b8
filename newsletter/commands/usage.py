"""Wrong use of the command line, told as every other error: one line, in Korean and English.

Click knows what is wrong by the class of its error; the words here are ours.
"""

from difflib import get_close_matches

import click

from newsletter.common.errors import BadInput

Told = tuple[str, str, str, str]
"""The end of the code, the Korean sentence, the English one, and the place."""


def wrong_use(error: click.ClickException) -> BadInput:
    """Return what ``error`` says as an error of ours."""
    code, ko, en, place = _told(error)
    return BadInput(f"usage.{code}", ko, en, place=place)


def _told(error: click.ClickException) -> Told:
    match error:
        case click.NoSuchCommand() | click.NoSuchOption():
            return _unknown(error)
        case click.BadOptionUsage():
            ko = f"이 옵션은 그렇게 쓰지 않습니다. {_help(error)}"
            return "option", ko, _last(error), error.option_name
        case click.MissingParameter():
            return _missing(error)
        case click.BadParameter():
            return _bad_value(error)
        case click.FileError():
            return "path", "파일을 열 수 없습니다.", "The file cannot be opened.", error.ui_filename
        case _:
            return "wrong", f"쓰는 법이 다릅니다. {_help(error)}", _last(error), _path(error)


def _unknown(error: click.NoSuchCommand | click.NoSuchOption) -> Told:
    if isinstance(error, click.NoSuchOption):
        return _no_such("option", "옵션", error.option_name, error.possibilities or [], error)
    near = get_close_matches(error.command_name, _siblings(error))
    return _no_such("command", "명령", error.command_name, near, error)


def _no_such(code: str, ko: str, name: str, near: list[str], error: click.UsageError) -> Told:
    meant_ko = f" 혹시 {', '.join(near)}?" if near else ""
    meant_en = f" Did you mean {', '.join(near)}?" if near else ""
    return (
        f"unknown_{code}",
        f"그런 {ko}이 없습니다.{meant_ko} {_help(error)}",
        f"There is no such {code}.{meant_en}",
        name,
    )


def _siblings(error: click.UsageError) -> list[str]:
    """Return the commands that there are where ``error`` looked for one."""
    context = error.ctx
    group = context.command if context else None
    return group.list_commands(context) if context and isinstance(group, click.Group) else []


def _missing(error: click.MissingParameter) -> Told:
    return (
        "missing",
        f"빠진 것이 있습니다. {_help(error)}",
        "This is missing; --help shows an example.",
        _place(error),
    )


def _bad_value(error: click.BadParameter) -> Told:
    match error.param.type if error.param else None:
        case click.Choice(choices=choices):
            one_of = ", ".join(choices)
            told = ("choice", f"다음 가운데 하나여야 합니다: {one_of}.", f"Give one of: {one_of}.")
        case click.DateTime():
            told = (
                "date",
                "날짜는 2026-01-09처럼 적어 주세요.",
                "Please write the date as 2026-01-09.",
            )
        case click.Path() | click.File():
            told = ("path", "쓸 수 없는 경로입니다.", _last(error))
        case _:
            told = ("value", "쓸 수 없는 값입니다.", _last(error))
    return (*told, _place(error))


def _place(error: click.BadParameter) -> str:
    match error.param:
        case click.Option(opts=names):
            return " / ".join(names)
        case click.Argument(human_readable_name=name):
            return name
        case _:
            return ""


def _help(error: click.ClickException) -> str:
    return f"{_path(error)} --help에 예가 있습니다."


def _path(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context else "newsletter"


def _last(error: click.ClickException) -> str:
    """Return Click's own sentence, on one line."""
    return " ".join(error.message.split())
