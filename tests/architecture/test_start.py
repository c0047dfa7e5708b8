"""What a process imports before it knows what it is for: every command pays for it."""

import os
import subprocess
import sys
from pathlib import Path

# What makes a mail, reads a digest or talks to a server.
FOR_SOME_COMMANDS = {
    "celery", "email_validator", "feedparser", "httpx", "imaplib", "jinja2", "markdown_it", "premailer",
    "pylatexenc", "redis", "sendgrid", "newsletter.delivery.notices", "newsletter.issues.editing",
}  # fmt: skip
FOR_PAGES = {"newsletter.urls", "newsletter.web.urls", "newsletter.editor.urls"}
_SHOW_HELP = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv = ["newsletter", "--help"]
from newsletter.__main__ import main
main()
"""
_LOAD_TASKS = """
import sys
from newsletter.celery import app
app.loader.import_default_modules()
print(*sys.modules, file=sys.stderr)
"""


def imported(program: str, data: Path) -> set[str]:
    """Return the modules that a Python of its own has imported at the end of this program."""
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "NEWSLETTER_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stderr.split())


def test_help_imports_nothing_that_only_some_commands_need(tmp_path):
    modules = imported(_SHOW_HELP, tmp_path)
    assert "newsletter.delivery.models" in modules
    assert not FOR_SOME_COMMANDS & modules


def test_a_worker_imports_its_tasks_and_no_pages(tmp_path):
    modules = imported(_LOAD_TASKS, tmp_path)
    assert "newsletter.tasks.deliver" in modules
    assert not FOR_PAGES & modules
