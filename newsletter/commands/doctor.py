"""``newsletter doctor``: how it stands with each part, and how to mend it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from newsletter.commands.checkup import files, machine, production, services
from newsletter.commands.checkup.diagnosis import Diagnosis, Level
from newsletter.commands.checkup.durability import durability

_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor_command(as_json: bool) -> None:
    """Check every part of the system and say how to mend what is wrong.

    Changes nothing. Exit code 1 where a part does not work.

    \b
    Example: newsletter doctor
    """
    found = []
    for diagnosis in examine():
        found.append(diagnosis)
        if not as_json:
            _show(diagnosis)
    well = all(diagnosis.level is not Level.FAIL for diagnosis in found)
    if as_json:
        checks = [asdict(diagnosis) for diagnosis in found]
        click.echo(json.dumps({"ok": well, "checks": checks}, ensure_ascii=False, indent=2))
    sys.exit(0 if well else 1)


def examine() -> Iterator[Diagnosis]:
    """Yield how it stands with each part, in the order in which they need each other."""
    yield machine.python()
    yield machine.data_folder()
    yield files.files()
    database = machine.database()
    yield database
    if database.level is not Level.FAIL:
        yield durability()
    broker = services.broker()
    yield broker
    # Without a broker there is nothing to ask the workers through.
    workers = services.workers() if broker.level is not Level.FAIL else None
    if workers is not None:
        yield workers
    yield services.beat()
    if database.level is not Level.FAIL:
        yield services.reconciler(workers is not None and workers.level is Level.OK)
    yield services.web()
    yield services.mail()
    yield from production.configuration()


def _show(diagnosis: Diagnosis) -> None:
    level = click.style(f"{diagnosis.level:<4}", fg=_COLOURS[diagnosis.level], bold=True)
    both = diagnosis.ko if diagnosis.ko == diagnosis.en else f"{diagnosis.ko} / {diagnosis.en}"
    click.echo(f"{level}  {diagnosis.part:<11}  {both}")
    if diagnosis.remedy_ko:
        click.echo(f"{'':19}→ {diagnosis.remedy_ko} / {diagnosis.remedy_en}")
