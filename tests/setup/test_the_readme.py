"""The README works as it is written: its blocks are read from it and run, one after the other.

``scripts/test`` alone is not run here, for it runs this very test; it is what CI runs.
The settings for production name servers of nobody, so they are read and not connected to.
"""

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.ports import free_port
from tests.servers import wait_until

README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PARTS = ("newsletter", "templates", "scripts", "requirements", "celeryconfig.py", "pyproject.toml")
PASSWORD = "a-long-password-of-minji"
DAILY = "2026-01-07-daily"


def section(heading):
    """The text below a heading of the second level; what comes before all of them for none."""
    sections = re.split(r"^## ", README, flags=re.MULTILINE)
    if not heading:
        return sections[0]
    (found,) = [text for text in sections[1:] if text.startswith(f"{heading}\n")]
    return found


def lines(heading):
    """The lines of the blocks below a heading, without their comments."""
    blocks = "".join(BLOCK.findall(section(heading)))
    return [line.partition("  #")[0].strip() for line in blocks.splitlines() if line.strip()]


@dataclass
class Project:
    """A checkout of its own whose environment was made before, and what runs in it."""

    folder: Path
    ports: dict[str, str] = field(
        default_factory=lambda: {"WEB_PORT": str(free_port()), "INBOX_PORT": str(free_port())}
    )
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self):
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**keep, **self.ports, "PYTHONPATH": str(self.folder), "COLUMNS": "200"}

    def run(self, line):
        """Type a line, and the password where it asks for one; return what it says."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            os.close(theirs)
            said = b""
            while octet := process.stdout.read(1):
                said += octet
                if said.endswith((b"Password: ", b"Again: ")):
                    os.write(ours, f"{PASSWORD}\n".encode())
        os.close(ours)
        assert process.returncode == 0, f"{line}\n{said.decode()}"
        return said.decode()

    def start(self, line, sign):
        """Start what stays up, and wait for the words by which it says that it is there."""
        log = self.folder / "terminal"
        with log.open("wb") as terminal:
            process = subprocess.Popen(
                shlex.split(line),
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=terminal,
            )
        self.running.append(process)

        def is_there():
            assert process.poll() is None, log.read_text()
            return sign in log.read_text()

        wait_until(is_there, line, 240)

    def press_ctrl_c(self):
        process = self.running.pop()
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def status(self, issue):
        return json.loads(self.run(f".venv/bin/newsletter status {issue} --json"))

    def page(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports['WEB_PORT']}{path}") as answer:
            return answer.read().decode()


@pytest.fixture
def project():
    # Short, for a socket's path is too.
    folder = Path(tempfile.mkdtemp(prefix="readme-"))
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    made = folder / ".venv" / "bin"
    made.mkdir(parents=True)
    for name, words in (("python", ""), ("newsletter", "-m newsletter ")):
        (made / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        (made / name).chmod(0o755)
    one = Project(folder)
    stamp = one.run(f'root="{folder}"; . scripts/lib; wanted run')
    (folder / ".venv" / ".installed-run").write_text(stamp)
    yield one
    for process in one.running:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def do_what_comes_next(project):
    """Do all that stands below "What to do next", and see that it came to what it says."""
    up, *rest = lines("What to do next")
    project.start(up, "Ctrl-C")
    for line in rest:
        project.run(line)
    wait_until(lambda: project.status(DAILY)["state"] == "sent", "the send")
    assert "you@example.com" in project.page("/inbox/")
    assert "<html" in (project.folder / "daily.html").read_text()
    return project.status(DAILY)


def test_every_block_of_the_readme_is_looked_at_here():
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    with_blocks = [name for name in ("", *headings) if "```" in section(name)]
    assert with_blocks == ["", "Two commands", "What to do next", "Going to production"]
    assert README.count("```") == 2 * len(BLOCK.findall(README))
    assert lines("") == ["scripts/demo"]
    assert lines("Two commands") == ["scripts/demo", "scripts/test"]
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.timeout(600)
def test_what_to_do_next_works_on_an_empty_folder(project):
    told = do_what_comes_next(project)
    assert (told["frozen"], told["accepted"]) == (1, 1)


@pytest.mark.timeout(600)
def test_what_to_do_next_works_after_the_demo(project):
    demo, _ = lines("Two commands")
    project.start(demo, "Ctrl-C ends it.")
    weekly = project.status("2026-01-05-weekly")
    assert (weekly["state"], weekly["accepted"] > 100) == ("sent", True)
    project.press_ctrl_c()

    told = do_what_comes_next(project)
    assert told["accepted"] == told["frozen"] > 50
    assert project.status("2026-01-05-weekly") == weekly


def test_the_settings_for_production_are_understood():
    told = dict(line.split("=", 1) for line in lines("Going to production"))
    assert set(told) >= {"BASE_URL", "DATABASE_URL", "REDIS_URL", "MAIL_BACKEND", "SMTP_URL"}
    look = (
        "import django; django.setup(); from django.conf import settings;"
        "from newsletter.delivery.backends import choose; choose.check();"
        "print(settings.DATABASES['default']['ENGINE'], settings.SECURE, choose.names())"
    )
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", look],
            env={**os.environ, **told, "NEWSLETTER_DATA_DIR": home},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert done.stdout == "django.db.backends.postgresql True ['smtp']\n", done.stderr
