"""What the mails look like now, cut to a few papers so that a person can read the difference."""

from dataclasses import replace
from pathlib import Path

from newsletter.render.compile import compile_issue
from newsletter.render.mail import CompiledMail
from tests.sample_mails import (
    NOTICE_MAILS,
    SAMPLE_OF,
    SITE,
    STYLE_MAILS,
    a_mail,
    an_issue,
    named,
)

FOLDER = Path(__file__).resolve().parent
PAPERS = 2


def taken() -> dict[str, str]:
    """Return the HTML and the text of every mail, by the name of their files."""
    mails = {named(*one): _short_issue(*one) for one in STYLE_MAILS}
    mails |= {named(*one): a_mail(*one) for one in NOTICE_MAILS}
    return {
        f"{name}.{kind}": text
        for name, mail in mails.items()
        for kind, text in (("html", _one_tag_a_line(mail.html)), ("txt", _whole(mail)))
    }


def _short_issue(style: str, language: str) -> CompiledMail:
    issue = an_issue(SAMPLE_OF[style])
    short = replace(issue, items=issue.items[:PAPERS])
    return compile_issue(short, language, SITE, style=style)


def _one_tag_a_line(html: str) -> str:
    return html.replace("><", ">\n<").rstrip("\n") + "\n"


def _whole(mail: CompiledMail) -> str:
    return f"Subject: {mail.subject}\n\n{mail.text}"
