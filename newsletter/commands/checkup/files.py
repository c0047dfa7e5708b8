"""Who else on this machine can read what the system keeps."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from newsletter.commands.checkup.diagnosis import Diagnosis, Level
from newsletter.common import private_files

_SHOWN = 5


def written_by_us() -> Iterator[Path]:
    """Yield every file and folder that the system writes, also a database that lies elsewhere."""
    yield from private_files.written_to(settings.DATA_DIR)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        yield from private_files.with_companions(Path(database["NAME"]))


def files() -> Diagnosis:
    """Whether the owner alone can use the data folder, what lies in it, and the keys."""
    ours = {settings.DATA_DIR: None, **dict.fromkeys(written_by_us())}
    found = private_files.open_to_others(ours)
    # A key that root keeps for the group of this user is as it should be.
    found += private_files.open_to_others(map(Path, settings.DKIM_KEY_FILE), group=False)
    if not found:
        return Diagnosis("files", Level.OK, "소유자만 읽을 수 있음", "only the owner can read them")
    names = ", ".join(str(path) for path in found[:_SHOWN])
    more = len(found) - _SHOWN
    rest_ko, rest_en = (f" 외 {more}개", f" and {more} more") if more > 0 else ("", "")
    command = _command(found)
    return Diagnosis(
        "files",
        Level.WARN,
        f"이 컴퓨터의 다른 사용자가 읽을 수 있습니다: {names}{rest_ko}",
        f"Other users of this machine can read: {names}{rest_en}",
        f"실행: {command}",
        f"Run: {command}",
    )


def _command(paths: Sequence[Path]) -> str:
    return "chmod go= " + " ".join(shlex.quote(str(path)) for path in paths)
