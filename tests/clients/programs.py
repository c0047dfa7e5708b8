"""Other people's programs, which read our mails without asking us: Node, Perl, SpamAssassin."""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.servers import PATIENCE

HERE = Path(__file__).resolve().parent
# Where scripts/test installs what tests/clients/node/package-lock.json pins.
NODE_MODULES = HERE.parents[1] / ".venv" / "node" / "node_modules"


def mjml_errors(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what npm's strict validator finds in each MJML source."""
    return _asked(_node("validate.cjs"), sources)


def read_by_node(mails: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return what postal-mime reads in each mail."""
    return _asked(_node("parse.cjs"), _in_base64(mails))


def read_by_perl(mails: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return what Email::MIME reads in each mail."""
    return _asked([program("perl"), str(HERE / "perl" / "parse.pl")], _in_base64(mails))


def program(name: str) -> str:
    """Return the path of a program that scripts/test sees to."""
    path = shutil.which(name)
    assert path, f"{name} is missing: run scripts/test, or install the package"
    return path


def _node(script: str) -> list[str]:
    assert NODE_MODULES.is_dir(), f"{NODE_MODULES} is missing: run scripts/test"
    return [program("node"), str(HERE / "node" / script)]


def _in_base64(mails: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(raw).decode() for name, raw in mails.items()}


def _asked(command: list[str], question: Mapping[str, str]) -> Any:
    """Hand a JSON object to a program, and return the JSON that it answers."""
    done = subprocess.run(
        command,
        input=json.dumps(question),
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def spam_scores(mails: Mapping[str, bytes], home: Path) -> dict[str, tuple[float, set[str]]]:
    """Return SpamAssassin's score of each mail and the rules that made it; without a network.

    All of them go through one process as a mailbox: starting it is what takes long.
    """
    done = subprocess.run(
        [
            program("spamassassin"),
            "--local",
            "--test-mode",
            "--mbox",
            "--cf=use_bayes 0",
            "--cf=report_safe 0",
        ],
        input=b"".join(_in_mailbox(name, raw) for name, raw in mails.items()),
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    told = re.split(rb"(?m)^From scorer ", done.stdout)[1:]
    assert len(told) == len(mails), done.stderr.decode()
    return dict(map(_score, told))


def _in_mailbox(name: str, raw: bytes) -> bytes:
    letter = re.sub(rb"(?m)^From ", b">From ", raw.replace(b"\r\n", b"\n"))
    return (
        b"From scorer Mon Jan 12 06:30:00 2026\nX-Mail: " + name.encode() + b"\n" + letter + b"\n"
    )


def _score(told: bytes) -> tuple[str, tuple[float, set[str]]]:
    head = re.sub(r"\n[ \t]+", " ", told.partition(b"\n\n")[0].decode("utf-8", "replace"))
    name, score, rules = (
        re.search(pattern, head, re.MULTILINE)[1]
        for pattern in (r"^X-Mail: (.*)$", r" score=(\S+)", r" tests=(.*?) autolearn=")
    )
    return name, (float(score), set(re.split(r",\s*", rules)))
