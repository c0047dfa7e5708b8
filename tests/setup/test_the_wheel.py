"""What is built from the checkout runs anywhere: all its files are in it, and it needs no other."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter.delivery.inbox_store import InboxStore
from tests.architecture.house import ROOT
from tests.ports import free_port
from tests.servers import wait_until

BUILD_SDIST = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
NOT_COPIED = shutil.ignore_patterns(
    ".*", "var", "build", "dist", "*.egg-info", "tests", "docs", "benchmarks", "node_modules"
)
# A notice of every reader and letter would fill the screen: only warnings may come between.
# So that there is a middle of the send, and what was cut off there is found soon.
SLOWLY = {"MAIL_LIMITS": "40/s", "DELIVERY_LEASE_SECONDS": "7", "RECONCILE_SECONDS": "1"}
OF_THE_LOG = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ (INFO|DEBUG) ", re.MULTILINE)


def run(*words, cwd, env=None):
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pip(*words, cwd):
    return run(sys.executable, "-m", "pip", *words, cwd=cwd)


def wheel_of(what, folder):
    """Build the wheel of a checkout or of a source distribution, without a network."""
    options = ("--no-deps", "--no-index", "--no-build-isolation", "-w", folder)
    pip("wheel", "-q", *options, what, cwd=folder)
    (wheel,) = folder.glob("newsletter-*.whl")
    return wheel


def files_in(wheel):
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def files_of(checkout):
    """What the wheel must hold, by the names that it has there."""
    found = {"celeryconfig.py"}
    for top, there in (("newsletter", "newsletter"), ("templates", "newsletter/templates")):
        paths = (checkout / top).rglob("*")
        ours = (path for path in paths if path.is_file() and "__pycache__" not in path.parts)
        found |= {f"{there}/{path.relative_to(checkout / top)}" for path in ours}
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project, with what an earlier run and an earlier build have left in it."""
    folder = tmp_path_factory.mktemp("checkout") / "newsletter"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    for left in ("newsletter/__pycache__/old.pyc", "build/lib/newsletter/deleted.py"):
        (folder / left).parent.mkdir(parents=True, exist_ok=True)
        (folder / left).write_text("left behind\n")
    return folder


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    return wheel_of(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def installed(wheel, tmp_path):
    """The ``bin`` of an empty environment with the wheel in it, and nothing of the checkout.

    The packages that it needs are those of the tests. A path in a .pth file is searched for
    packages, and the .pth files in it are not read: the editable install stays unseen.
    """
    folder = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=tmp_path)
    python = folder / "bin" / "python"
    pip("--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    (site,) = (folder / "lib").glob("python*/site-packages")
    paths = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "needed.pth").write_text("\n".join(paths) + "\n")
    return folder / "bin"


@pytest.fixture
def home():
    """The home of a user who has set nothing; short, for a socket's path is too."""
    folder = Path(tempfile.mkdtemp(prefix="home-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def environment(home):
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    ports = {"WEB_PORT": str(free_port()), "INBOX_PORT": str(free_port())}
    return {**keep, **ports, "HOME": str(home), "COLUMNS": "200"}


def test_every_file_of_the_program_is_in_the_wheel_and_nothing_else(checkout, wheel):
    wanted = files_of(checkout)
    assert files_in(wheel) == wanted
    for part in ("templates/mail/", "templates/web/", "templates/markdown/", "locale/ko/"):
        assert [name for name in wanted if name.startswith(f"newsletter/{part}")], part


def test_a_source_distribution_makes_the_same_wheel(checkout, wheel, tmp_path):
    run(sys.executable, "-c", BUILD_SDIST, tmp_path, cwd=checkout)
    (source,) = tmp_path.glob("newsletter-*.tar.gz")
    assert files_in(wheel_of(source, tmp_path)) == files_in(wheel)


def letters(state):
    """Every letter in the inbox, by the name that is its own."""
    store = InboxStore(state / "inbox.sqlite3")
    return [one.message_id for one in store.messages(per_page=10_000)]


def assert_that_the_demo_left(state, accepted, terminal):
    """Each letter in the inbox once, and a terminal that says how to look."""
    names = letters(state)
    assert len(names) == len(set(names)) == accepted
    assert "newsletter up" in terminal
    assert OF_THE_LOG.search(terminal) is None
    assert OF_THE_LOG.search((state / "log" / "command.log").read_text())


def processes_with(variable):
    """The processes that were started with this variable, by what they were started with."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            if variable.encode() in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = (process / "cmdline").read_bytes().decode()
    return found


def kill_who_delivers(env, state, demo):
    """Kill every process of a demo that delivers, as soon as some letters have left."""

    def some_have_arrived():
        assert not demo.done(), demo.result()
        with contextlib.suppress(sqlite3.OperationalError):  # its inbox is not there yet
            return len(letters(state)) >= 25

    wait_until(some_have_arrived, "the middle of the send")
    mail = [pid for pid, words in processes_with(f"HOME={env['HOME']}").items() if "mail@" in words]
    assert len(mail) > 1, "the worker and its processes"
    for pid in mail:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(600)
def test_the_installed_wheel_does_the_whole_job_in_an_empty_folder_though_a_worker_is_killed(
    installed, home, tmp_path
):
    here, elsewhere = tmp_path / "empty", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    env = environment(home)
    state = home / ".local" / "state" / "newsletter"
    where = "import newsletter, sys; print(newsletter.__file__); print(sys.prefix)"
    file, prefix = run(installed / "python", "-c", where, cwd=here, env=env).splitlines()
    assert file.startswith(prefix)

    command = f"{shlex.quote(str(installed))}/newsletter demo --once 2>&1"
    with ThreadPoolExecutor(1) as pool:
        demo = pool.submit(run, "sh", "-c", command, cwd=here, env=env | SLOWLY)
        kill_who_delivers(env, state, demo)
    accepted = 0
    for issue in ("2026-01-09-daily", "2026-01-05-weekly"):
        status = (installed / "newsletter", "status", issue, "--json")
        told = json.loads(run(*status, cwd=elsewhere, env=env))
        assert told["state"] == "sent"
        assert told["accepted"] > 50
        assert told["frozen"] == told["accepted"] + sum(told["skipped"].values())
        assert [promise["holds"] for promise in told["invariants"]] == [True] * 7
        accepted += told["accepted"]
    assert_that_the_demo_left(state, accepted, demo.result())
    assert processes_with(f"HOME={home}") == {}
    assert [*here.iterdir(), *elsewhere.iterdir()] == []
    assert not list(Path(prefix).rglob("*.sqlite3"))
