"""The house as its files tell it: the root, the rooms from the floor up, and every text in it."""

import ast
import functools
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "newsletter"
DOCS = ROOT / "docs"
TEMPLATES = ROOT / "templates"

# What tools make beside the sources; nobody commits it.
_MADE = {"var", "build", "dist", "htmlcov", "node_modules", "test-results", "__pycache__"}
_TEXTS = {
    ".py", ".md", ".txt", ".toml", ".mjml", ".html", ".css", ".js", ".po", ".cfg", ".sh", ".in",
    ".yml", ".yaml", ".svg", "",
}  # fmt: skip


def pyproject() -> dict[str, Any]:
    """Return the project's own configuration."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def floors() -> dict[str, int]:
    """Return the height of each room as the import contract orders them; 0 is the floor."""
    layers = pyproject()["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        room.strip(): height
        for height, names in enumerate(reversed(layers))
        for room in names.split(":")
    }


def rooms() -> list[str]:
    """Return the packages of the project, by name."""
    return sorted(init.parent.name for init in PACKAGE.glob("*/__init__.py"))


def project_texts() -> Iterator[Path]:
    """Yield every text file that the project ships."""
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if _is_source(name)]
        yield from (Path(folder, file) for file in files if Path(file).suffix in _TEXTS)


def modules() -> Iterator[Path]:
    """Yield every Python module of the project but the migrations, which Django writes."""
    return (
        path
        for path in project_texts()
        if path.suffix == ".py" and path.parent.name != "migrations"
    )


def module_name(path: Path) -> str:
    """Return the name by which a file of the project is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return what a file says, parsed once for all who look at it."""
    return ast.parse(path.read_text())


def trees() -> dict[str, ast.Module]:
    """Return the trees of the package's modules, by name."""
    own = (path for path in modules() if path.is_relative_to(PACKAGE))
    return {module_name(path): tree(path) for path in own}


def _is_source(name: str) -> bool:
    hidden = name.startswith(".") and name != ".ci"
    return not (hidden or name in _MADE or name.endswith(".egg-info"))
