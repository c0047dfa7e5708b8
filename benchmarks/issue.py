"""The issue that the benchmarks send: ten papers, 60 KB of HTML and 15 KB of text in Korean.

Our own sample weekly, lengthened by whole sentences until it weighs what a full issue
of the community weighs.
"""

import json
from dataclasses import replace
from pathlib import Path

from newsletter.common.cadence import Language
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue
from newsletter.render.mail import Site

SAMPLE = Path(__file__).resolve().parents[1] / "tests" / "samples" / "issue-weekly.json"
HTML_BYTES, TEXT_BYTES = 60 * 1024, 15 * 1024
MORE = " 여러 벤치마크와 긴 문맥, 도구를 쓰는 에이전트 환경에서 같은 경향을 확인하였습니다."


def full_issue(site: Site) -> IssueContent:
    """Return the sample weekly, long enough."""
    content = IssueContent.from_json(json.loads(SAMPLE.read_text(encoding="utf-8")))
    turn = 0
    while True:
        mail = compile_issue(content, Language.KOREAN, site)
        if len(mail.html.encode()) >= HTML_BYTES and len(mail.text.encode()) >= TEXT_BYTES:
            return content
        content = _longer(content, turn % len(content.items))
        turn += 1


def _longer(content: IssueContent, place: int) -> IssueContent:
    items = list(content.items)
    section, *others = items[place].sections
    longer = replace(section, text=section.text + MORE)
    items[place] = replace(items[place], sections=(longer, *others))
    return replace(content, items=tuple(items))
