"""``newsletter …`` and ``python -m newsletter …``."""

import os

from newsletter.common import private_files


def main() -> None:
    """Run the command line."""
    private_files.begin()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    from newsletter.commands.line import run

    run()


if __name__ == "__main__":
    main()
