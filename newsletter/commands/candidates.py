"""``newsletter candidates``: what an issue could hold, in the order of the rule, and why."""

import json
from typing import Any

import click

from newsletter.collect.arxiv_ids import bare_id
from newsletter.commands.line import prepare
from newsletter.issues import editing, reasons
from newsletter.issues.models import IssueItem
from newsletter.issues.outside import Outsider, sides, take_in
from newsletter.issues.ranking import Candidate


@click.command("candidates")
@click.argument("issue")
@click.option(
    "--take-in", "names", multiple=True, help="Take in this one, by its arXiv id or number."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def candidates_command(issue: str, names: tuple[str, ...], as_json: bool) -> None:
    """Say why each paper has its place, and what those lacked that a draft leaves out.

    With --take-in, once or more often, such a paper comes into the draft, behind the others.

    \b
    Example: newsletter candidates 2026-01-05-weekly --take-in 2601.05242
    """
    prepare()
    found = editing.find(issue)
    if names:
        number = take_in(found, [bare_id(name) or name for name in names])
        click.echo(f"{number}편을 실었습니다. / {number} taken in.", err=as_json)
    both = sides(found)
    shown = found.items.filter(hidden=False).select_related("paper")
    rows = [_inside(item, both.inside.get(item.paper_id)) for item in shown]
    rows += [_outside(one) for one in both.outside]
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


def _inside(item: IssueItem, candidate: Candidate | None) -> dict[str, Any]:
    words = reasons.for_editors(candidate) if candidate else None
    return {
        "place": item.position,
        "paper": item.paper.arxiv_id or str(item.paper.pk),
        "title": item.paper.title_ko or item.paper.title,
        "points": candidate.points if candidate else None,
        "votes": item.votes,
        "why": {"ko": words.ko, "en": words.en} if words else item.reason,
        "lacked": None,
    }


def _outside(one: Outsider) -> dict[str, Any]:
    words = reasons.for_editors(one.candidate)
    return {
        "place": None,
        "paper": one.paper.arxiv_id or str(one.paper.pk),
        "title": one.paper.title_ko or one.paper.title,
        "points": one.candidate.points,
        "votes": one.candidate.votes,
        "why": {"ko": words.ko, "en": words.en},
        "lacked": {"ko": one.lacked.ko, "en": one.lacked.en},
    }


def _line(row: dict[str, Any]) -> str:
    place = f"{row['place']:3}." if row["place"] else "   -"
    lines = [f"{place} {row['title']} [{row['paper']}]"]
    lines.append(f"     {row['why'].get('ko', '')} / {row['why'].get('en', '')}")
    if row["lacked"]:
        lines.append(f"     → {row['lacked']['ko']} / {row['lacked']['en']}")
    return "\n".join(lines)
