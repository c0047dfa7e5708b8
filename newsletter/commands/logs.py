"""The log file of one process, which never grows beyond a cap."""

import logging
import os
import shutil
from pathlib import Path
from typing import BinaryIO

CAP = 5 * 1024 * 1024
_TAIL = 4096


def keep_information(folder: Path) -> None:
    """Write what is only information to ``command.log``; the terminal keeps what is worse."""
    folder.mkdir(mode=0o700, exist_ok=True)
    log = Log(folder / "command.log")
    log.open().close()
    log.cap()
    root = logging.getLogger()
    file = logging.FileHandler(log.path, encoding="utf-8", delay=True)
    for terminal in root.handlers:
        terminal.setLevel(logging.WARNING)
        file.setFormatter(terminal.formatter)
        file.filters = list(terminal.filters)
    root.addHandler(file)


class Log:
    """A file that a child appends to, and one older one beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> BinaryIO:
        """Open it for a child to append to; private, for logs may quote what came in."""
        return os.fdopen(os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")

    def cap(self) -> None:
        """Move what is over the cap into ``….log.1``, and go on with an empty file.

        The file is emptied and not renamed: the child holds it open and appends.
        """
        if self.path.stat().st_size <= CAP:
            return
        older = self.path.with_suffix(".log.1")
        try:
            shutil.copy2(self.path, older)
        except OSError:
            # No room for it, as a rule. A log is not worth what this process has to do.
            older.unlink(missing_ok=True)
        os.truncate(self.path, 0)

    def last_line(self) -> str:
        """Return the last line that says something; empty where there is none."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _TAIL))
            lines = file.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
