"""``newsletter bounces``: takes bounces and complaints from a pipe, from files, or from a mailbox."""

import logging
import sys
from typing import BinaryIO

import click
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from newsletter.commands.line import prepare
from newsletter.common.confined import ParserFailed
from newsletter.common.errors import ConfigurationError, Refused
from newsletter.events import bounce_mailbox, bounces

logger = logging.getLogger(__name__)

# sysexits.h: the mail server keeps the message and tries again.
_TRY_AGAIN = 75


@click.command("bounces")
@click.argument("files", nargs=-1, type=click.File("rb"))
@click.option("--to", "recipient", default="", help="The envelope recipient, from the mail server.")
@click.option("--imap", "mailbox", is_flag=True, help="Read the mailbox of BOUNCE_IMAP_URL.")
def bounces_command(files: tuple[BinaryIO, ...], recipient: str, mailbox: bool) -> None:
    """Take in bounces (RFC 3464) and complaints (RFC 5965): one message from standard input.

    FILES are messages, one in each. A message that tells nothing of our letters, or
    that cannot be read, is no error, or the mail server would bounce it in its turn;
    exit code 75 asks it to try again.

    \b
    Example: newsletter bounces --to "$ORIGINAL_RECIPIENT" < message.eml
    """
    if mailbox:
        prepare()
        _read_mailbox()
        return
    try:
        prepare()
        read = (file.read(bounces.LARGEST) for file in files or (sys.stdin.buffer,))
        taken = [_take(raw, recipient) for raw in read]
    except (DatabaseError, InterfaceError, Refused) as error:
        # Away, busy, or newer than this program: never a reason to lose the message.
        click.echo(f"database: {getattr(error, 'code', type(error).__name__)}", err=True)
        raise SystemExit(_TRY_AGAIN) from error
    if not all(taken):
        raise SystemExit(_TRY_AGAIN)


def _take(raw: bytes, recipient: str) -> bool:
    """Take one message in and report it; ``False`` where it should be handed over once more.

    One that passes the CPU time or the memory of its parser would pass them at every further try.
    """
    try:
        understood = bounce_mailbox.take(raw, recipient)
    except ParserFailed as error:
        if not error.may_pass:
            logger.warning("a message was not read and is not tried again: %s", error.code)
        click.echo(str(error), err=error.may_pass)
        return not error.may_pass
    click.echo("기록했습니다. / Recorded." if understood else _NOT_OURS)
    return True


_NOT_OURS = "우리 편지의 반송이나 신고가 아닙니다. / No bounce or complaint of a letter of ours."


def _read_mailbox() -> None:
    if not settings.BOUNCE_IMAP_URL:
        raise ConfigurationError(
            "config.bounce_imap_url",
            "BOUNCE_IMAP_URL 값이 필요합니다.",
            "BOUNCE_IMAP_URL is needed.",
            place="BOUNCE_IMAP_URL",
        )
    told = bounce_mailbox.read()
    click.echo(
        f"{told.read}통을 읽었고 {told.flagged}통은 사람이 봐야 합니다. / "
        f"{told.read} read, {told.flagged} flagged for a person."
    )
