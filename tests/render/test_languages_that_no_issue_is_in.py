"""A text that is neither Korean nor English is shown to nobody as one of the two."""

from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.render.compile import compile_issue
from newsletter.render.markdown import issue_markdown

CHINESE = Section("摘要", "zh", "这是一段自己编写的中文文字。")
JAPANESE = Section("要約", "ja", "これは自分で書いた文章です。")


@pytest.fixture
def with_others(daily):
    item = daily.items[0]
    told = replace(item, sections=(*item.sections, CHINESE, JAPANESE))
    return replace(daily, items=(told, *daily.items[1:]), intro=(CHINESE,))


@pytest.mark.parametrize("language", Language)
def test_a_mail_shows_neither_chinese_nor_japanese(with_others, language, site):
    mail = compile_issue(with_others, language, site)
    for text in (mail.html, mail.text):
        assert CHINESE.text not in text
        assert JAPANESE.text not in text


@pytest.mark.parametrize("language", Language)
def test_a_post_shows_neither_chinese_nor_japanese(with_others, language, site):
    post = issue_markdown(with_others, language, site)
    assert CHINESE.text not in post
    assert JAPANESE.text not in post
