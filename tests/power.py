"""A power cut for programs that run under ``power_cut.c``: what was synced is there, the rest is gone."""

import ctypes
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import shims

_HERE = -100  # AT_FDCWD
SOURCE = Path(__file__).with_name("power_cut.c")


@dataclass(frozen=True)
class Disk:
    """A folder that programs write to, and what of it would survive a power cut."""

    folder: Path
    kept: Path
    shim: Path

    @classmethod
    def watching(cls, folder: Path, work: Path) -> "Disk":
        """Watch ``folder`` from now on: it is empty, or all that is in it counts as synced."""
        shim = shims.build(SOURCE, work)
        disk = cls(folder, work / f"kept-{folder.name}", shim)
        disk._keep_all()
        return disk

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs in its environment to write to this disk."""
        return {
            "LD_PRELOAD": str(self.shim),
            "POWER_CUT_DISK": str(self.folder),
            "POWER_CUT_KEPT": str(self.kept),
        }

    def after_a_cut(self, into: Path, *, names_survive: bool) -> None:
        """Put together in ``into`` what the disk holds, once nobody writes to it any more.

        A name that was never synced is gone, or, with ``names_survive``, there all the
        same: file systems may have written it by themselves, and then the file is empty.
        """
        self._restore(self.folder, into, names_survive=names_survive)

    def _restore(self, folder: Path, into: Path, *, names_survive: bool) -> None:
        into.mkdir(mode=0o700, exist_ok=True)
        for key, name in self._names(folder, names_survive=names_survive):
            if (folder / name).is_dir():
                self._restore(folder / name, into / name, names_survive=names_survive)
                continue
            content = self.kept / "data" / key
            if content.exists():
                shutil.copyfile(content, into / name)
            else:
                (into / name).touch()
            (into / name).chmod(0o600)

    def _names(self, folder: Path, *, names_survive: bool) -> Iterator[tuple[str, str]]:
        if names_survive:
            yield from self._listed(folder)
            return
        synced = self.kept / "names" / self._key(folder)
        if synced.exists():
            for line in synced.read_text().splitlines():
                key, _, name = line.partition(" ")
                yield key, name

    def _keep_all(self) -> None:
        for part in ("data", "names"):
            (self.kept / part).mkdir(parents=True)
        for folder in (self.folder, *filter(Path.is_dir, self.folder.rglob("*"))):
            names = "".join(f"{key} {name}\n" for key, name in self._listed(folder))
            (self.kept / "names" / self._key(folder)).write_text(names)
        for file in filter(Path.is_file, self.folder.rglob("*")):
            shutil.copyfile(file, self.kept / "data" / self._key(file))

    def _listed(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Yield the plain files and folders; sockets die with their processes."""
        for entry in os.scandir(folder):
            if entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False):
                yield self._key(Path(entry.path)), entry.name

    def _key(self, path: Path) -> str:
        """Return what the shim calls this file."""
        key = ctypes.create_string_buffer(64)
        library = ctypes.CDLL(str(self.shim))
        assert library.power_cut_key(_HERE, os.fsencode(path), key, len(key)) == 0, path
        return key.value.decode()
