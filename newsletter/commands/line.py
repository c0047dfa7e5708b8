"""The command line: finds the command, prepares the database, and turns errors into exit codes.

Exit codes: 0 done, 1 the answer is no (a gate that is closed, letters that were
refused), 2 wrong use or input, with one line that says what and where.
"""

import errno
import importlib
import shutil
import sys
from collections.abc import Sequence
from typing import NoReturn

import click
import django
from django.conf import settings
from django.db import OperationalError

from newsletter.commands.database import prepare_database
from newsletter.commands.logs import keep_information
from newsletter.commands.usage import wrong_use
from newsletter.common.errors import Declined, NewsletterError

# With less free than this, in bytes, a database cannot write.
_LITTLE = 64 * 1024
# Command → the module that holds it, imported only when it is called for.
COMMANDS = {
    "up": "newsletter.commands.up",
    "demo": "newsletter.commands.demo",
    "doctor": "newsletter.commands.doctor",
    "import": "newsletter.commands.importing",
    "sources": "newsletter.commands.sources",
    "assemble": "newsletter.commands.assembling",
    "render": "newsletter.commands.rendering",
    "candidates": "newsletter.commands.candidates",
    "check": "newsletter.commands.checking",
    "approve": "newsletter.commands.sending",
    "preview": "newsletter.commands.sending",
    "send": "newsletter.commands.sending",
    "status": "newsletter.commands.status",
    "pause": "newsletter.commands.steering",
    "resume": "newsletter.commands.steering",
    "cancel": "newsletter.commands.steering",
    "recall": "newsletter.commands.steering",
    "retry": "newsletter.commands.steering",
    "decide": "newsletter.commands.steering",
    "report": "newsletter.commands.reporting",
    "bounces": "newsletter.commands.bounces",
    "subscribers": "newsletter.commands.subscribers",
    "editors": "newsletter.commands.editors",
}
# What ``newsletter --help`` says of each; it imports none of them.
SUMMARIES = {
    "up": "시스템 전체 실행 / run the whole system here",
    "demo": "샘플로 전체 과정 보기 / watch it all work on samples",
    "doctor": "각 부분 점검 / check every part",
    "import": "다이제스트 파일 읽기 / read digest files",
    "sources": "읽어 오는 곳 관리 / what is read by itself",
    "assemble": "하루나 한 주의 호 만들기 / make an issue",
    "render": "호를 HTML, 글, 메일로 쓰기 / write an issue out",
    "candidates": "실린 까닭과 빠진 까닭 / why each paper is in, or not",
    "check": "보내도 되는지 검사 / ask whether it may leave",
    "approve": "호 승인 / let an issue leave",
    "preview": "미리보기 메일 보내기 / mail a preview",
    "send": "독자에게 발송 / send to every reader, once",
    "status": "편지가 어디까지 갔는지 보기 / where the letters stand",
    "pause": "발송 멈추기 / stop handing letters over",
    "resume": "발송 다시 시작 / go on with a paused issue",
    "cancel": "발송 취소 / stop an issue for good",
    "recall": "SendGrid에서 되부르기 / call back what SendGrid holds",
    "retry": "거절된 편지 다시 시도 / try rejected letters again",
    "decide": "불확실한 편지 결정 / settle uncertain letters",
    "report": "도착, 반송, 신고 보기 / how an issue fared",
    "bounces": "반송과 신고 받아들이기 / take in bounces, complaints",
    "subscribers": "독자 추가, 목록, 해지 / add, list, remove readers",
    "editors": "편집자 계정 / who may sit at the desk",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write each name with its summary in both languages."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def newsletter() -> None:
    """논문을 모으고, 호를 만들어, 독자마다 한 번씩 보냅니다.

    Collect papers, assemble the issue, send it once to every reader.

    \b
    Example: newsletter demo --once
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code; without words, those of this process."""
    try:
        django.setup()
        if arguments is None:
            keep_information(settings.DATA_DIR / "log")
        sys.exit(newsletter.main(arguments, prog_name="newsletter", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        _fail(NewsletterError("usage.stopped", "중단했습니다.", "Stopped."), 130)
    except click.ClickException as error:
        _fail(wrong_use(error), 2)
    except Declined as error:
        _fail(error, 1)
    except NewsletterError as error:
        _fail(error, 2)
    except (OperationalError, OSError) as error:
        _fail(_outside(error), 2)


def _fail(error: NewsletterError, code: int) -> NoReturn:
    click.echo(f"newsletter: {error}", err=True)
    sys.exit(code)


def _outside(error: Exception) -> NewsletterError:
    """Put what the machine or the database said into one line."""
    if _no_space(error):
        return NewsletterError(
            "disk.full",
            "디스크가 가득 찼습니다. 자리를 비우고 다시 해 주세요.",
            "The disk is full; make room and do it again.",
            place=str(settings.DATA_DIR),
        )
    said = " ".join(str(error).split())[:200]
    if isinstance(error, OSError) and error.filename is not None:
        return NewsletterError(
            "file.unusable",
            "파일을 읽거나 쓸 수 없습니다.",
            f"The file cannot be read or written: {error.strerror}.",
            place=str(error.filename),
        )
    return NewsletterError(
        "database.unreachable" if isinstance(error, OperationalError) else "system.failed",
        "데이터베이스나 시스템에 닿을 수 없습니다. newsletter doctor로 확인해 주세요.",
        f"The database or the system cannot be reached; ask newsletter doctor. {said}",
    )


def _no_space(error: Exception) -> bool:
    """Return whether a full disk is behind this; of SQLite's words for it few say so."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return shutil.disk_usage(settings.DATA_DIR).free < _LITTLE


def prepare() -> None:
    """Bring the database to this version; safe in many processes at once."""
    prepare_database()
