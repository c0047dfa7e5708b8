"""``newsletter render``: shows an issue as each of the things it can be."""

from collections.abc import Callable
from pathlib import Path

import click

from newsletter.commands.line import prepare
from newsletter.common import private_files
from newsletter.common.cadence import Language
from newsletter.delivery import preview
from newsletter.delivery.letters import site
from newsletter.issues import editing
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue, issue_mjml
from newsletter.render.mail import RenderedMail
from newsletter.render.markdown import issue_markdown
from newsletter.render.personalize import personalize


def _mail(content: IssueContent, language: Language) -> RenderedMail:
    """Return the mail with links that name nobody, as a preview has them."""
    return personalize(compile_issue(content, language, site()), preview.NOBODY)


_FORMS: dict[str, Callable[[IssueContent, Language], str]] = {
    "html": lambda content, language: _mail(content, language).html,
    "text": lambda content, language: _mail(content, language).text,
    "mjml": lambda content, language: issue_mjml(content, language, site()),
    "markdown": lambda content, language: issue_markdown(content, language, site()),
}


@click.command("render")
@click.argument("issue")
@click.option("--as", "form", type=click.Choice([*_FORMS, "eml"]), default="html")
@click.option("--lang", type=click.Choice([v.value for v in Language]), default="ko")
@click.option("--style", type=click.Choice(editing.STYLES), help="Instead of the issue's own.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def render_command(
    issue: str, form: str, lang: str, style: str | None, output: Path | None
) -> None:
    """Write an issue as HTML, text, MJML, a whole message, or a Markdown post.

    \b
    Example: newsletter render 2026-01-05-weekly --as eml -o weekly.eml
    """
    prepare()
    content = editing.content_of(editing.find(issue))
    if style:
        content = content.in_style(style)
    language = Language(lang)
    if form == "eml":
        written = preview.message_bytes(content, language)
    else:
        written = _FORMS[form](content, language).encode()
    if output:
        private_files.write_for_others(output, written)
    else:
        click.echo(written, nl=False)
