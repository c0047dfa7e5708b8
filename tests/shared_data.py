"""Real posts, where they lie beside the project. They are other people's and never part of it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
DIGESTS = SHARED / "data" / "digests"

needs_shared_data = pytest.mark.skipif(
    not DIGESTS.is_dir(), reason=f"the real posts are not there: {DIGESTS}"
)


def real_posts(*formats: str) -> list[Path]:
    """Return the real posts of the formats, none where they are not there."""
    return sorted(path for name in formats for path in (DIGESTS / name).glob("*"))
