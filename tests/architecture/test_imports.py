"""The import contracts of ``pyproject.toml``: that they hold, and that they would notice."""

import ast
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from mjml import mjml2html

from tests.architecture.house import PACKAGE, ROOT, floors, rooms

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

# What somebody in a hurry might write, and the contract that has to refuse it.
WRONG_IMPORTS = {
    "imports point up": ("papers/identity.py", "import newsletter.delivery.status"),
    "Celery is imported in tasks only": ("delivery/status.py", "import celery"),
    "know no framework": ("issues/content.py", "import django"),
    "MJML and premailer have one door": ("issues/gate.py", "import premailer"),
    "SendGrid has one door": ("delivery/backends/base.py", "import sendgrid"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_up_and_each_outside_library_has_one_door():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def report_on_wrong_imports(tmp_path_factory):
    """What the contracts say of a copy of the house with every wrong import written into it."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    ignore = shutil.ignore_patterns("__pycache__", "samples", "locale")
    shutil.copytree(PACKAGE, copy / "newsletter", ignore=ignore)
    for module, line in WRONG_IMPORTS.values():
        with (copy / "newsletter" / module).open("a") as file:
            file.write(f"\n{line}\n")
    return lint_imports(copy).stdout


@pytest.mark.parametrize("contract", WRONG_IMPORTS)
def test_a_wrong_import_breaks_its_contract(contract, report_on_wrong_imports):
    verdicts = [line for line in report_on_wrong_imports.splitlines() if contract in line]
    assert any(line.endswith("BROKEN") for line in verdicts), report_on_wrong_imports


def test_every_room_has_its_floor_and_every_floor_its_room():
    assert set(rooms()) == set(floors())


def test_a_package_introduces_itself_and_re_exports_nothing():
    for init in PACKAGE.rglob("__init__.py"):
        if init.parent.name == "migrations":
            continue
        tree = ast.parse(init.read_text())
        assert ast.get_docstring(tree), f"{init}: says not what the room is for"
        assert len(tree.body) == 1, f"{init}: holds more than its docstring"


def test_the_mjml_compiler_is_the_one_that_reads_no_files():
    # The distribution named "mjml" puts local files into a mail; ours is another one.
    assert packages_distributions()["mjml"] == ["mjml-python"]
    with pytest.raises(ValueError, match="unable to load included template"):
        mjml2html(
            f'<mjml><mj-head><mj-include path="{ROOT}/LICENSE" type="css" /></mj-head></mjml>'
        )
