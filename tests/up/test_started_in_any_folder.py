"""Where the system is started does not decide which code runs in it."""

import os
import subprocess
import sys


def test_every_child_runs_the_code_of_its_parent_and_not_what_lies_in_the_current_folder(
    system, tmp_path, eventually
):
    """Broker, inbox, workers, beat and site come up; a child that had read these files would not."""
    (tmp_path / "newsletter").mkdir()
    for name in ("newsletter/__init__.py", "celeryconfig.py", "json.py", "django.py"):
        (tmp_path / name).write_text("raise SystemExit('of another version')\n")
    with (system.data_dir / "terminal").open("wb") as terminal:
        system.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "newsletter", "up"],
            cwd=tmp_path,
            env={**os.environ, **system.settings},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
    eventually(system.is_up, "newsletter up")
    logs = {path.name: path.read_text() for path in (system.data_dir / "log").glob("*.log")}
    assert [name for name, text in logs.items() if "another version" in text] == []
    assert list(tmp_path.glob("*/*.pyc")) == []
