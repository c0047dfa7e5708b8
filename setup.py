"""What ``pyproject.toml`` cannot say: a wheel takes the templates at the top into the package.

``newsletter/common/places.py`` finds them in both places.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTemplates(build_py):
    """Copy ``templates/`` to ``newsletter/templates/`` of the wheel, and nothing into a checkout."""

    def run(self) -> None:
        """Build the package anew, so that no file stays in it that was deleted since."""
        if self.editable_mode:
            super().run()
            return
        package = Path(self.build_lib) / "newsletter"
        shutil.rmtree(package, ignore_errors=True)
        super().run()
        shutil.copytree("templates", package / "templates")


setup(cmdclass={"build_py": BuildWithTemplates})
