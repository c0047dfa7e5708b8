"""What the system writes is its owner's alone, also in a folder that is open to everybody."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.servers import running, wait_until
from tests.up.modes import open_to_others, umask


def test_what_an_older_version_left_open_is_closed_at_the_start(system):
    with umask(0):
        for folder in ("log", "redis", "beat"):
            (system.data_dir / folder).mkdir(mode=0o755)
        for name in (
            "newsletter.sqlite3",
            "secret-key",
            "log/web.log.1",
            "redis/dump.rdb",
            "notes",
        ):
            (system.data_dir / name).touch(mode=0o644)
    (system.data_dir / "secret-key").write_text("k" * 50)
    system.start()
    wait_until(lambda: "ready" in system.terminal or "●" in system.terminal, "the start")
    assert open_to_others(system.data_dir) == ["notes"]  # what lies there besides is not ours


def test_a_command_alone_writes_for_its_owner(system):
    system.data_dir.chmod(0o755)
    with umask(0):
        system.command("status")
    assert (system.data_dir / "newsletter.sqlite3").exists()
    assert open_to_others(system.data_dir) == []


ENTRANCES = {
    "web": ("newsletter.web.server",),
    "worker": ("celery", "--app", "newsletter", "worker", "--pool", "solo"),
    "beat": ("celery", "--app", "newsletter", "beat", "--pidfile", "", "--schedule", "{}/schedule"),
    "inbox": ("newsletter.delivery.inbox_server",),
}


@pytest.mark.parametrize("name", ENTRANCES)
def test_what_somebody_else_starts_writes_for_its_owner_too(name, system):
    words = (sys.executable, "-m", *(word.format(system.data_dir) for word in ENTRANCES[name]))
    environment = {**os.environ, **system.settings}
    with umask(0), running(*words, log=system.data_dir / "terminal", env=environment):
        wait_until(lambda: "0077" in umasks(system), name)


def umasks(system) -> list[str]:
    """Return the umask of each process of this system, as the kernel tells it."""
    found = []
    for pid in system.processes():
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            found += [line.split()[1] for line in lines if line.startswith("Umask:")]
    return found


def test_what_is_rendered_for_the_public_keeps_the_mode_that_its_owner_chose(system, tmp_path):
    system.command("import", "newsletter/samples")
    system.command("assemble", "weekly", "--for", "2026-01-09")
    modes = []
    for bits in (0o022, 0o027):
        page = tmp_path / f"{bits}.html"
        with umask(bits):
            shown = system.command("render", "2026-01-05-weekly", "-o", str(page))
        assert shown.returncode == 0, shown.stderr
        modes.append(oct(page.stat().st_mode & 0o777))
    assert modes == ["0o644", "0o640"]


def test_the_doctor_names_what_others_can_read_and_the_command_that_ends_it(system):
    elsewhere = system.data_dir / "of its own"
    elsewhere.mkdir()
    database = elsewhere / "letters.sqlite3"
    system.settings["DATABASE_URL"] = f"sqlite:///{elsewhere}/letters.sqlite3".replace(" ", "%20")
    system.command("status")
    for path, mode in {"secret-key": 0o640, ".": 0o755, "log": 0o755}.items():
        (system.data_dir / path).chmod(mode)
    database.chmod(0o604)
    found = files_part(system)
    assert found["level"] == "WARN"
    for name in ("secret-key", "log", "letters.sqlite3"):
        assert f"/{name}" in found["en"]
    ran = subprocess.run(found["remedy_en"].removeprefix("Run: "), shell=True, check=False)  # noqa: S602 - the command that it shows
    assert ran.returncode == 0
    assert files_part(system)["level"] == "OK"
    assert system.data_dir.stat().st_mode & 0o777 == 0o700


def test_the_doctor_looks_at_the_keys_that_sign_mail(system, tmp_path):
    key = tmp_path / "dkim.pem"
    key.write_text("key")
    key.chmod(0o640)
    assert files_part(system, DKIM_KEY_FILE=str(key))["level"] == "OK"
    key.chmod(0o644)
    assert "dkim.pem" in files_part(system, DKIM_KEY_FILE=str(key))["en"]


def files_part(system, **settings):
    checks = json.loads(system.command("doctor", "--json", **settings).stdout)["checks"]
    return next(check for check in checks if check["part"] == "files")
