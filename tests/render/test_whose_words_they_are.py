"""A reader sees whose words they are, on which terms, and where a machine has written."""

from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.issues import editing
from newsletter.issues.content import Credit
from newsletter.render.compile import compile_issue
from tests.render.page import Page


@pytest.mark.parametrize(("language", "said"), [("ko", "AI 요약"), ("en", "machine-written")])
def test_a_credit_says_where_a_machine_has_written(weekly, site, language, said):
    told = (
        Credit("기계", licence="MIT", written_by="machine"),
        Credit("사람", written_by="person"),
        Credit("모름"),
    )
    issue = replace(weekly, items=(replace(weekly.items[0], credits=told),))
    for style in editing.STYLES:
        mail = compile_issue(issue.in_style(style), Language(language), site)
        for part in (Page(mail.html).words, " ".join(mail.text.split())):
            assert f"기계 (MIT, {said}) · 사람 · 모름" in part


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ko", "사람 (CC BY 4.0) · 목록 · 기계"),
        ("en", "기계 (MIT, machine-written) · 목록 · 사람"),
    ],
)
def test_whose_words_are_shown_is_named_first_and_terms_stand_beside_them_alone(
    weekly, site, language, line
):
    told = (
        Credit("목록"),
        Credit("기계", licence="MIT", written_by="machine", spoke="en"),
        Credit("사람", licence="CC BY 4.0", written_by="person", spoke="ko"),
    )
    one = replace(
        weekly.items[0],
        credits=told,
        abstract="",
        sections=(
            Section("요약", "ko", "보상을 따로 정규화합니다."),
            Section("Abstract", "en", "We normalize rewards apart."),
        ),
    )
    mail = compile_issue(replace(weekly, items=(one,)), Language(language), site)
    for part in (Page(mail.html).words, " ".join(mail.text.split())):
        assert line in part
    silent = compile_issue(
        replace(weekly, items=(replace(one, sections=()),)), Language(language), site
    )
    assert "CC BY" not in silent.text
    assert "MIT" not in silent.text
