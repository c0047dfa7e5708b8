"""Writes the snapshots anew, after a change that was meant. Read the diff before you keep it.

.venv/bin/python -m tests.snapshots.update
"""

from tests.snapshots.shots import FOLDER, taken


def main() -> None:
    """Write every snapshot, and remove those that nothing makes any more."""
    shots = taken()
    for name, text in shots.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for file in FOLDER.glob("*-*.*"):
        if file.name not in shots:
            file.unlink()
    print(f"{len(shots)} snapshots in {FOLDER}")


if __name__ == "__main__":
    main()
