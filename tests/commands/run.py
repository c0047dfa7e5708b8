"""When: somebody types a command. It runs in this process, against the database of the test."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from newsletter.commands.line import run


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


def newsletter(*arguments: str) -> Ran:
    """Run ``newsletter`` with these arguments."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            run(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    out.flush()
    return Ran(code, out.buffer.getvalue().decode(), err.getvalue())
