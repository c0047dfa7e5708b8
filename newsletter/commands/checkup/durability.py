"""Whether what the database has committed would survive a power cut."""

from django.db import connection

from newsletter.commands.checkup.diagnosis import Diagnosis, Level

# What each must be at least; "off" is what loses a commit, or the whole database.
# https://www.postgresql.org/docs/current/wal-async-commit.html
_OF_A_SERVER = ("fsync", "full_page_writes", "synchronous_commit")
# https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, 3 is EXTRA.
_FULL = 2


def durability() -> Diagnosis:
    """Whether commits are on the disk before anything follows from them; the database answers."""
    weak = _weak()
    if not weak:
        return Diagnosis(
            "durability",
            Level.OK,
            "커밋한 내용은 정전에도 남음",
            "commits survive a power cut",
        )
    named = ", ".join(weak)
    return Diagnosis(
        "durability",
        Level.WARN,
        f"{named}: 정전되면 커밋한 내용을 잃어 편지가 두 번 가거나 수신 거부가 취소될 수 있습니다.",
        f"{named}: a power cut may undo commits, so that letters leave twice and unsubscribes are undone.",
        "데이터베이스 서버와 역할(ALTER ROLE)의 설정에서 켜 주세요.",
        "Turn it on in the settings of the server and of the role (ALTER ROLE).",
    )


def _weak() -> list[str]:
    """Return what is turned off for the connections that this program makes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            return [] if cursor.fetchone()[0] >= _FULL else ["PRAGMA synchronous"]
        off = []
        for name in _OF_A_SERVER:
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                off.append(f"{name} = off")
        return off
