import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [ROOT / "scripts" / name for name in ("lib", "demo", "test", "lock", "soak")] + [
    ROOT / ".ci" / "run"
]


def shell(command, folder, **environment):
    return subprocess.run(
        ["sh", "-c", command],
        cwd="/",
        env={**os.environ, "root": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture
def project(tmp_path):
    """A copy of the project in a folder with spaces, whose environment was made before."""
    folder = tmp_path / "두 낱말 folder"
    for part in ("scripts", "requirements"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text(
        '#!/bin/sh\necho "$@" >>"$(dirname "$0")/calls"\n'
    )
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    stamp = shell('. "$root/scripts/lib"; wanted run', folder).stdout
    (folder / ".venv" / ".installed-run").write_text(stamp)
    return folder


def calls(project):
    return (project / ".venv" / "bin" / "calls").read_text().splitlines()


def test_the_second_time_nothing_is_installed_and_the_words_reach_the_demo(project):
    done = shell('"$root/scripts/demo" --once', project)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [call for call in calls(project) if call.startswith("-m")] == [
        "-m newsletter demo --once"
    ]


def test_other_pins_are_installed_before_anything_runs(project):
    (project / "requirements" / "run.txt").write_text("anything==1.0\n")
    (project / ".venv" / "bin" / "pip").write_text(f"#!{project}/.venv/bin/python\n")
    done = shell('"$root/scripts/demo" --once', project)
    assert done.returncode == 0, done.stderr
    said = [call for call in calls(project) if call.startswith("-m")]
    assert said == [
        f"-m pip install -qq --no-compile -r {project}/requirements/run.txt --require-hashes",
        f"-m pip install -qq --no-compile -e {project} --no-deps --no-build-isolation",
        "-m newsletter demo --once",
    ]
    assert "installing packages" in done.stderr


def test_a_machine_without_python_is_told_what_to_install(project, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("cat", "cksum", "dirname", "grep", "id", "rm", "sh"):
        (tools / name).symlink_to(shutil.which(name))
    shutil.rmtree(project / ".venv")
    done = shell('"$root/scripts/demo" --once', project, PATH=str(tools))
    assert done.returncode == 1
    assert "Python 3.11 이상이 필요합니다" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_every_script_can_be_run_and_reads_as_posix_shell():
    for script in SCRIPTS:
        assert subprocess.run(["sh", "-n", script], check=False).returncode == 0, script
        assert script.name == "lib" or os.access(script, os.X_OK), script


def test_the_long_run_names_every_seed_that_failed_and_asks_for_the_full_size(project):
    python = project / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$SOAK $FAULT_SEED $*" >>"$(dirname "$0")/calls"\nexit 1\n')
    done = shell('"$root/scripts/soak" 2 40', project)
    assert done.returncode == 1
    assert "seeds that failed: 40 41" in done.stderr
    assert calls(project) == [f"1 {seed} -m pytest -q -n 2 tests/faults" for seed in ("40", "41")]


@pytest.fixture
def ready(project):
    """The project with all that its tests need, so that nothing is installed."""
    shutil.copytree(ROOT / "tests" / "clients" / "node", project / "tests" / "clients" / "node")
    node = project / ".venv" / "node"
    node.mkdir()
    shutil.copy(ROOT / "tests" / "clients" / "node" / "package-lock.json", node / ".installed")
    stamp = shell('. "$root/scripts/lib"; wanted test', project).stdout
    (project / ".venv" / ".installed-test").write_text(stamp)
    for name in ("ruff", "mypy", "lint-imports"):
        (project / ".venv" / "bin" / name).symlink_to("/bin/true")
    return project


def test_the_long_form_of_the_tests_asks_for_the_full_size(ready):
    python = ready / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "${SOAK:-0} $*" >>"$(dirname "$0")/calls"\n')
    for words in ("--long tests/faults", "tests/faults"):
        done = shell(f'"$root/scripts/test" {words}', ready)
        assert done.returncode == 0, done.stderr
    assert [call for call in calls(ready) if "pytest" in call] == [
        "1 -m pytest tests/faults",
        "0 -m pytest tests/faults",
    ]


def test_no_test_runs_where_what_it_needs_beside_python_could_not_be_had(ready, tmp_path):
    """It is fetched beside the environment, and its failure must not be lost there."""
    (ready / ".venv" / "node" / ".installed").unlink()
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    done = shell('"$root/scripts/test" tests/web', ready, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "the Node packages could not be installed" in done.stderr
    assert not [call for call in calls(ready) if "pytest" in call]


@pytest.mark.parametrize(
    ("fails", "ends_with"), [("nothing", 0), ("tests/servers.py", 3), ("-m pytest", 3)]
)
def test_both_halves_run_and_are_shown_and_either_of_them_fails_the_whole(ready, fails, ends_with):
    python = ready / ".venv" / "bin" / "python"
    half = f'*pytest*) echo "ran: $*"; case "$*" in "{fails}"*) exit 3 ;; esac ;;'
    python.write_text(f'#!/bin/sh\ncase "$*" in {half} esac\n')
    done = shell('"$root/scripts/test"', ready)
    assert done.returncode == ends_with, done.stderr
    on_sqlite, on_postgresql = done.stdout.splitlines()
    assert on_sqlite.startswith("ran: -m pytest")
    assert on_postgresql.startswith("ran: tests/servers.py")


def test_the_long_run_tries_each_seed_on_both_databases(project):
    python = project / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$*" >>"$(dirname "$0")/calls"\n')
    done = shell('"$root/scripts/soak" 1 7 tests/faults -k f01', project)
    assert (done.returncode, "seed 7: ok" in done.stderr) == (0, True)
    own = "-m pytest -q -n 2"
    assert calls(project) == [
        f"{own} tests/faults -k f01",
        f"tests/servers.py {python} {own} -m database tests/faults -k f01",
    ]
