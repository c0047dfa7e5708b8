"""Files that must survive a power cut: whole, private, and made once."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.common import durable
from newsletter.common.environment import Environment
from newsletter.common.errors import ConfigurationError
from tests import shims
from tests.power import Disk


@pytest.fixture
def open_to_all():
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_file_has_its_new_content_and_is_the_owners_alone(tmp_path, open_to_all):
    path = tmp_path / "kept"
    path.write_text("old")
    path.chmod(0o644)
    durable.write(path, "새 내용\n")
    assert path.read_text() == "새 내용\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_content(tmp_path):
    path = tmp_path / "kept"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        durable.write(path, "half \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_there_is_not_made_again(tmp_path, open_to_all):
    path = tmp_path / "kept"
    assert durable.create(path, "first")
    assert not durable.create(path, "second")
    assert path.read_text() == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_folders_are_made_for_the_owner_with_all_above_them(tmp_path, open_to_all):
    durable.make_folder(tmp_path / "a" / "b")
    durable.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("names_survive", [False, True])
@pytest.mark.parametrize("sync", [1, 2, 3])
@pytest.mark.parametrize(("call", "old"), [("write", "old"), ("write", None), ("create", None)])
def test_a_power_cut_leaves_the_old_content_or_the_new_one(
    tmp_path, call, old, sync, names_survive
):
    folder, after = tmp_path / "data", tmp_path / "after"
    folder.mkdir()
    if old:
        (folder / "kept").write_text(old)
    disk = Disk.watching(folder, tmp_path / "work")
    script = "import sys; from pathlib import Path; from newsletter.common import durable;"
    script += f"durable.{call}(Path(sys.argv[1]), 'new')"
    environment = os.environ | disk.environment | {"POWER_CUT_BEFORE": str(sync)}
    command = [sys.executable, "-c", script, folder / "kept"]
    died = subprocess.run(command, env=environment, check=False).returncode < 0
    disk.after_a_cut(after, names_survive=names_survive)
    left = (after / "kept").read_text() if (after / "kept").exists() else None
    possible = {"new"} if not died else {"new", old}
    assert left in possible
    assert died == (sync <= 2), "each file costs two syncs: its own and that of its folder"


def keys_of_many(data_dir, environment):
    """Return the keys that processes sign with which start at the same moment."""
    script = (
        "from pathlib import Path; from newsletter.common.environment import Environment; import sys;"
        "print(Environment({}).secret('SECRET_KEY', Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, data_dir / "secret-key"]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | environment)
        for _ in range(6)
    ]
    return {process.communicate()[0].strip() for process in started}


def test_many_that_start_at_once_sign_with_one_key(data_dir):
    (key,) = keys_of_many(data_dir, {})
    assert len(key) > 50


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_they_do_so_on_a_file_system_without_hard_links(data_dir, tmp_path, error):
    """FAT, exFAT, and many of FUSE and CIFS; such a one refuses to sync a folder as well."""
    shim = shims.build(Path(__file__).with_name("no_hard_links.c"), tmp_path)
    (key,) = keys_of_many(data_dir, {"LD_PRELOAD": str(shim), "NO_HARD_LINKS": str(error)})
    assert len(key) > 50
    assert [path.name for path in data_dir.iterdir()] == ["secret-key"]
    assert (data_dir / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_was_lost_is_not_replaced_in_silence(data_dir):
    (data_dir / "secret-key").touch()
    with pytest.raises(ConfigurationError) as refused:
        Environment({}).secret("SECRET_KEY", data_dir / "secret-key")
    assert refused.value.code == "config.secret_lost"
    assert (data_dir / "secret-key").read_text() == ""
