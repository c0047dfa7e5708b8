from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.render.compile import compile_issue

KOREAN = Section("요약", "ko", "한국어로만 쓴 소개입니다.")
ABSTRACT = "We present what no digest has put into English."


@pytest.fixture
def told_in_korean_only(daily):
    first = replace(daily.items[0], sections=(KOREAN,), abstract=ABSTRACT)
    return replace(daily, items=(first,))


def test_who_reads_english_gets_the_abstract_where_no_digest_wrote_english(
    told_in_korean_only, site
):
    mail = compile_issue(told_in_korean_only, Language.ENGLISH, site)
    assert ABSTRACT in mail.text
    assert KOREAN.text not in mail.text


def test_who_reads_korean_gets_the_korean(told_in_korean_only, site):
    mail = compile_issue(told_in_korean_only, Language.KOREAN, site)
    assert KOREAN.text in mail.text
    assert ABSTRACT not in mail.text


def test_an_english_digest_goes_before_the_abstract(told_in_korean_only, site):
    english = Section("Introduction", "en", "A digest wrote this in English.")
    item = replace(told_in_korean_only.items[0], sections=(KOREAN, english))
    mail = compile_issue(replace(told_in_korean_only, items=(item,)), Language.ENGLISH, site)
    assert english.text in mail.text
    assert ABSTRACT not in mail.text
