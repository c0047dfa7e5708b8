"""Small libraries in C that make the system calls of a program answer otherwise (LD_PRELOAD)."""

import shutil
import subprocess
from pathlib import Path


def build(source: Path, folder: Path) -> Path:
    """Compile ``source`` into ``folder``, unless that was done; return the library."""
    compiler = shutil.which("cc")
    assert compiler, "a C compiler is missing: run scripts/test, or install gcc and libc6-dev"
    folder.mkdir(exist_ok=True)
    shim = folder / f"{source.stem}.so"
    if not shim.exists():
        options = ["-O2", "-Wall", "-shared", "-fPIC", "-o", shim, source, "-ldl"]
        subprocess.run([compiler, *options], check=True)
    return shim
