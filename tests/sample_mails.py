"""Given: every mail that the system sends, compiled from samples that are our own."""

import json
from functools import cache
from pathlib import Path

from newsletter.common.cadence import Language
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue, compile_notice
from newsletter.render.mail import CompiledMail, Site

SAMPLES = Path(__file__).resolve().parent / "samples"
SITE = Site(
    name="오늘의 ML 논문",
    base_url="https://news.example.org",
    mail_from="news@example.org",
    postal_address="서울특별시 중구 세종대로 110",
)
# The sample whose papers have the sections that the style is made for.
SAMPLE_OF = {
    "top5": "daily",
    "hf-ranking": "weekly",
    "wtp": "wtp",
    "imrlc": "imrlc",
    "pytorchkr-weekly": "weekly",
}
NOTICES = {
    "confirm": {"confirm_url": "https://news.example.org/c/3k.token/?a=1&b=2"},
    "welcome": {
        "issue_title": "이번 주의 주요 ML 논문",
        "issue_url": "https://news.example.org/issues/2026-01-05-weekly/",
        "issue_papers": "GDPO: 보상마다 따로 정규화하는 다중 보상 강화학습\n학습하는 승수\nRL-AWB",
    },
    "step_down": {},
    "goodbye": {},
    "new_link": {},
    "new_address": {"confirm_url": "https://news.example.org/c/3k.token/?a=1&b=2"},
    "address_changed": {},
    "editor": {"title": "발송이 멈추었습니다", "body": "- 오류 51건\n- **확인**해 주세요"},
}
STYLE_MAILS = [(style, language) for style in SAMPLE_OF for language in Language]
NOTICE_MAILS = [
    (kind, language) for kind in NOTICES for language in (Language.KOREAN, Language.ENGLISH)
]
MAILS = [*STYLE_MAILS, *NOTICE_MAILS]


def an_issue(sample: str) -> IssueContent:
    """Return one of the sample issues."""
    text = (SAMPLES / f"issue-{sample}.json").read_text(encoding="utf-8")
    return IssueContent.from_json(json.loads(text))


@cache
def a_mail(name: str, language: Language) -> CompiledMail:
    """Return the mail of a style, or the notice of that name."""
    if name in NOTICES:
        return compile_notice(name, language, SITE, NOTICES[name])
    return compile_issue(an_issue(SAMPLE_OF[name]), language, SITE, style=name)


def named(name: str, language: Language) -> str:
    """Return what a mail is called in a report and in the name of a file."""
    return f"{name}-{language}"
