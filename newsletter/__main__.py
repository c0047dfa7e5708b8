"""``newsletter …`` and ``python -m newsletter …``."""

import os


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    from newsletter.commands.line import run

    run()


if __name__ == "__main__":
    main()
