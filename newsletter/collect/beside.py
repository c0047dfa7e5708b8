"""What was read of a digest beside the lines that it was read from, and the lines that were left out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsletter.collect import repair
from newsletter.collect.digests import discourse
from newsletter.collect.digests.digest import DigestEntry, DigestFile, Listing
from newsletter.collect.digests.read import read, read_item
from newsletter.common import confined

# Without line ends a line may be a whole page.
_LONGEST_LINE = 2_000
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of a digest, each with its number, and the paper that they tell, if they tell one."""

    lines: tuple[tuple[int, str], ...]
    entry: DigestEntry | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A digest as it was read, and its lines from the beginning to the end."""

    file: DigestFile
    stretches: tuple[Stretch, ...]


@confined.parser
def look(raw: bytes, name: str, how: str = "") -> Beside:
    """Read a digest and return it beside its own lines; what was read by guess is again.

    Of HTML only the papers are shown: its lines are not those that a person sees.
    """
    is_json = raw.lstrip()[:1] in {b"{", b"["}
    by_guess = how == Listing.GENERIC and not is_json
    file = read_item(raw, name) if by_guess else read(raw, name)
    return Beside(file, _stretches(file))


def _stretches(file: DigestFile) -> tuple[Stretch, ...]:
    entries = sorted(file.entries, key=lambda entry: entry.line)
    if discourse.is_html(_decoded(file)):
        return tuple(Stretch(_of_page(entry), entry) for entry in entries)
    return tuple(_parted(_decoded(file).split("\n"), entries))


def _parted(own: list[str], entries: list[DigestEntry]) -> Iterator[Stretch]:
    ends = [(0, 0), *((entry.line - 1, _end(entry)) for entry in entries), (len(own), len(own))]
    for number, ((_, before), (start, end)) in enumerate(pairwise(ends)):
        if any(line.strip() for line in own[before:start]):
            yield Stretch(_numbered(own, before, start))
        if number < len(entries):
            yield Stretch(_numbered(own, start, end), entries[number])


def _end(entry: DigestEntry) -> int:
    return entry.line + entry.raw.count("\n")


def _numbered(own: list[str], start: int, end: int) -> tuple[tuple[int, str], ...]:
    """Return lines as a person may see them, without the empty ones."""
    told = ((number, own[number - 1]) for number in range(start + 1, min(end, len(own)) + 1))
    shown = [(number, _shown(line)) for number, line in told if line.strip()]
    return tuple(shown[:_MOST_LINES])


def _of_page(entry: DigestEntry) -> tuple[tuple[int, str], ...]:
    told = discourse.lines(f"<div>{entry.raw}")
    shown = [(entry.line, _shown(line.text)) for line in told if line.text]
    return tuple(shown[:_MOST_LINES])


def _shown(line: str) -> str:
    return repair.characters(line[:_LONGEST_LINE])


def _decoded(file: DigestFile) -> str:
    """Return the text as it came, whose lines have the numbers that findings name."""
    return file.raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
