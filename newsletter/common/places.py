"""Where the files of the program lie, and where it writes by itself.

The same code runs in two shapes. In a checkout the templates lie at the top, beside the
package, where whoever writes mails finds them. A wheel carries them inside the package
(``setup.py``), because nothing beside it belongs to us there.
"""

import os
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"
SAMPLES = PACKAGE / "samples"


def is_installed(package: Path = PACKAGE) -> bool:
    """Tell whether the package was taken out of a wheel, and is no checkout."""
    return (package / "templates").is_dir()


def templates(package: Path = PACKAGE) -> Path:
    """Return the folder of the templates."""
    return package / "templates" if is_installed(package) else package.parent / "templates"


def data_folder(package: Path = PACKAGE) -> Path:
    """Return the folder to write to where no setting names one; the same one from wherever it starts.

    In a checkout it is ``var/``. Beside an installed package it would be lost with the next
    version, so there it is the user's folder for state (XDG Base Directory Specification 0.8):
    ``$XDG_STATE_HOME/newsletter``, as a rule ``~/.local/state/newsletter``.
    """
    if not is_installed(package):
        return package.parent / "var"
    # A relative path in that variable is to be ignored, says the specification.
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (named if named.is_absolute() else _home() / ".local" / "state") / "newsletter"


def same_code() -> dict[str, str]:
    """Return the environment in which a child of this process imports what this process does.

    Our package comes first: a checkout of another version may lie elsewhere on the path. The
    current folder comes last, behind the standard library and all that is installed, so that no
    ``json.py`` in it is run. It has to be there: Celery puts it first where it is not (5.7,
    ``celery.utils.imports.cwd_in_path``).
    """
    here = _current_folder()
    named = [word for word in os.environ.get("PYTHONPATH", "").split(os.pathsep) if word]
    installed = [word for word in sys.path if Path(word).is_absolute() and word not in here]
    path = [str(PACKAGE.parent), *named, *installed, *here]
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(dict.fromkeys(path))}


def _current_folder() -> list[str]:
    try:
        return [str(Path.cwd())]
    except FileNotFoundError:  # a deployment has taken it away; what runs goes on
        return []


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user whom the machine does not know: only a setting can name a folder
        return Path("/")
