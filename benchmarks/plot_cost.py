"""Draw the cost of a letter against the length of the list, as an SVG for the documents.

What ``python benchmarks/figures.py 10k 200k 1m --json figures.json`` measured becomes a
picture with ``python benchmarks/plot_cost.py figures.json docs/cost-per-letter.svg``.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 60, 270, 30
MOST_LETTERS = 1_000_000
SERIES = (("worker_us", "workers", "#4338ca"), ("database_us", "PostgreSQL", "#b45309"))


def points(figures: dict[str, dict[str, float]], key: str) -> list[tuple[float, float]]:
    """Return (letters, µs a letter) of every run that measured the length of the list."""
    runs = (figure for name, figure in figures.items() if name[0].isdigit())
    return sorted((figure["readers"], figure[key]) for figure in runs)


def draw(figures: dict[str, dict[str, float]]) -> str:
    """Return the whole picture."""
    highest = max(y for key, _, _ in SERIES for _, y in points(figures, key)) * 1.25
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<style>text { font: 12px sans-serif }</style>",
        "<title>CPU time of one letter against the length of the list</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{WIDTH - 20}" fill="none" stroke="#6b7280"/>',
        f'<text x="{LEFT}" y="18">µs of CPU a letter</text>',
        *_axis(points(figures, SERIES[0][0])),
        *(line for series in SERIES for line in _series(figures, series, highest)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _axis(measured: Sequence[tuple[float, float]]) -> Iterator[str]:
    for letters, _ in measured:
        yield f'<text x="{_x(letters):.0f}" y="{BOTTOM + 18}" text-anchor="middle">{letters:,.0f}</text>'
    middle = (LEFT + WIDTH) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 10}" text-anchor="middle">letters in one issue</text>'


def _series(
    figures: dict[str, dict[str, float]], series: tuple[str, str, str], highest: float
) -> Iterator[str]:
    key, label, colour = series
    marks = [(_x(x), _y(y, highest), y) for x, y in points(figures, key)]
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y, _ in marks)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y, value in marks:
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"/>'
        yield f'<text x="{x:.0f}" y="{y - 9:.0f}" text-anchor="middle" fill="{colour}">{value:.0f}</text>'
    x, y, _ = marks[-1]
    yield f'<text x="{x - 24:.0f}" y="{y + 18:.0f}" text-anchor="end" fill="{colour}">{label}</text>'


def _x(letters: float) -> float:
    """Return the place on a logarithmic axis from 10,000 to a million."""
    share = (math.log10(letters) - 4) / (math.log10(MOST_LETTERS) - 4)
    return LEFT + 30 + share * (WIDTH - LEFT - 90)


def _y(value: float, highest: float) -> float:
    return BOTTOM - value / highest * (BOTTOM - TOP)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(draw(json.loads(Path(sys.argv[1]).read_text())))
