"""``newsletter editors``: who may sit at the desk."""

import sys

import click
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from newsletter.commands.line import prepare
from newsletter.common.errors import BadInput


@click.group("editors")
def editors_command() -> None:
    """Give editors their way in.

    \b
    Example: newsletter editors add minji
    """


@editors_command.command("add", short_help="편집자 추가나 암호 변경 / add one, or a new password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(name: str, password_stdin: bool) -> None:
    """Add an editor, or give one a new password.

    \b
    Example: newsletter editors add minji
    Example: pass show desk | newsletter editors add minji --password-stdin
    """
    prepare()
    new = _set_password(name.strip(), _password(password_stdin))
    told = "편집자로 등록했습니다. / Added." if new else "암호를 바꿨습니다. / Password changed."
    click.echo(f"{name.strip()}: {told}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput(
            "editor.no_terminal",
            "여기서는 암호를 물을 수 없습니다. --password-stdin으로 넘겨 주세요.",
            "A password cannot be asked for here; hand it over with --password-stdin.",
        )
    password: str = click.prompt("암호 / Password", hide_input=True)
    if password != click.prompt("한 번 더 / Again", hide_input=True):
        raise BadInput(
            "editor.mismatch", "두 암호가 서로 다릅니다.", "The two passwords are not the same."
        )
    return password


def _set_password(name: str, password: str) -> bool:
    """Store the password and return whether the editor is new; refuse one that is easily guessed."""
    try:
        User(username=name).clean_fields(exclude=["password"])
        validate_password(password, User(username=name))
    except ValidationError as error:
        raise BadInput(
            "editor.invalid",
            "이름은 공백 없이, 암호는 흔하지 않은 12자 이상이어야 합니다.",
            "The name must have no spaces; the password must be 12 characters or more and not common.",
        ) from error
    with transaction.atomic():
        editor, new = User.objects.get_or_create(username=name)
        editor.set_password(password)
        editor.save()
    return new
