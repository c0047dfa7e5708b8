"""``newsletter sources confirm``: somebody says whose texts they are, and on what terms."""

from typing import Any

import click

from newsletter.collect import licences, terms
from newsletter.collect.models import Source
from newsletter.collect.terms import COMMAND_LINE, Terms
from newsletter.commands.line import prepare
from newsletter.papers import told


@click.command("confirm", short_help="누구 글인지 확인 / say whose texts they are, on what terms")
@click.argument("slug")
@click.option("--name", help="How readers know the source; never empty.")
@click.option("--credit", help="The name by which its texts are credited, if it is another.")
@click.option("--licence", help="The licence of its texts, by its name or its address.")
@click.option(
    "--mail/--no-mail",
    "may_be_mailed",
    default=None,
    help="There is leave to mail its texts, or they are only linked. [default: as the licence says]",
)
@click.option(
    "--written-by",
    type=click.Choice([writer.value for writer in licences.Writer if writer]),
    help="Who writes its texts: readers are told of a machine.",
)
@click.option(
    "--derived-from",
    metavar="SLUG",
    help="The source whose list it tells again; '' for nobody's.",
)
@click.option("--by", default=COMMAND_LINE, help="Who says so; kept with the source.")
def confirm(slug: str, by: str, **said: Any) -> None:
    """Say who wrote the texts of a source, and on what terms they may be used.

    \b
    Until then they are linked and not mailed. What is left out stays as it is known.
    Drafts follow at once; what was approved stays as it was approved.
    Example: newsletter sources confirm notes-wtp --name "논문 읽는 밤" --licence "CC BY 4.0"
    """
    prepare()
    source = terms.confirm(terms.registered(slug), Terms(**said), by)
    click.echo(_outcome(source))
    words = told.words_of(source)
    if words and words != source.credit:
        click.echo(f"글에 적힌 말: {words} / The posts themselves say: {words}")
    if not source.is_confirmed:
        raise SystemExit(1)


def _outcome(source: Source) -> str:
    """Return what was understood, in both languages."""
    if not source.is_confirmed and source.licence:
        return (
            f"{source.slug}: 저장했지만 확인되지 않았습니다. 모르는 라이선스({source.licence})입니다. --mail 또는 "
            f"--no-mail로 정해 주세요. / Saved, but not confirmed: the licence {source.licence} is not "
            "known here; decide with --mail or --no-mail."
        )
    if not source.is_confirmed:
        return (
            f"{source.slug}: 저장했지만 확인되지 않았습니다. 아는 라이선스를 적거나 --mail 또는 --no-mail로 "
            "정해 주세요. / Saved, but not confirmed: give a licence that is known here, or decide "
            "with --mail or --no-mail."
        )
    if not source.may_be_mailed:
        return (
            f"{source.slug}: 확인했습니다. 글은 링크만 합니다. / Confirmed; its texts are linked."
        )
    if licences.forbids_mailing(source.licence):
        return (
            f"{source.slug}: 확인했습니다. 라이선스({source.licence})와 달리 글을 싣습니다."
            " / Confirmed; its texts are mailed although the licence forbids it."
        )
    return f"{source.slug}: 확인했습니다. 글을 싣습니다. / Confirmed; its texts are mailed."
