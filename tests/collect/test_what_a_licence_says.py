"""A licence allows mailing, forbids it, or says nothing that we know: and that is no permission."""

import pytest

from newsletter.collect.licences import Answer, allows_mailing, answer, forbids_mailing

ALLOWING = [
    "CC0", "CC0-1.0", "CC0 1.0 Universal", "CC BY 4.0", "cc-by-4.0", "CC_BY_4.0", "CC BY", "CC‑BY‑SA 3.0",
    "CC BY-SA 4.0", "ＣＣ ＢＹ 4.0", "Creative Commons Attribution 4.0 International",
    "Creative Commons Attribution-ShareAlike 4.0", "저작자표시 4.0", "저작자표시-동일조건변경허락 4.0",
    "https://creativecommons.org/licenses/by/4.0/", "http://creativecommons.org/licenses/by-sa/3.0/",
    "https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "creativecommons.org/licenses/by/4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/", "Public Domain", "퍼블릭 도메인",
    "MIT", "The MIT License (MIT)", "MIT 라이선스", "https://opensource.org/licenses/MIT", "Apache-2.0",
    "Apache License, Version 2.0", "BSD-3-Clause", "0BSD", "ISC", "ISC License", "Unlicense",
    "공공누리 제1유형", "KOGL Type 1", "공공누리 1유형: 출처표시",
    "https://www.kogl.or.kr/info/licenseType1.do", "MIT OR Apache-2.0", "CC BY 2.0 KR", "CC BY 4.0 라이선스",
    "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)", "CC BY 4.0 (texts)",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "Apache v2", "The 3-Clause BSD License",
    "https://creativecommons.org/licenses/by/4.0/deed.ko", "저작자 표시 - 동일조건변경허락 4.0 국제",
]  # fmt: skip
FORBIDDING = [
    "CC BY-NC 4.0", "CC-BY-ND", "CC-BY-NC-ND", "by-nc", "CC_BY_NC_SA", "CC BY‑NC 4.0", "CC BY-NC4.0", "CCBYNC",
    "https://creativecommons.org/licenses/by-nc/4.0/", "creativecommons.org/licenses/by-nd/4.0",
    "CC BY 4.0 (text), NC for pictures", "Attribution-NonCommercial", "Non-Commercial use",
    "NoDerivatives", "저작자표시-비영리-변경 금지", "비영리", "변경금지", "상업적 이용 금지", "무단 전재 및 재배포 금지",
    "All Rights Reserved", "MIT, all rights reserved", "공공누리 제2유형", "공공누리 제3유형",
    "저작자표시, 비상업적 이용", "저작자 표시 - 비상업 - 동일조건", "CC BY 4.0, 상업적 목적 사용 금지",
    "CC BY 4.0 상업 이용 금지", "상업적 사용은 금지 CC BY", "저작자표시 영리목적 이용불가", "영리 불가 저작자 표시",
    "저작자표시-변경불가", "저작자표시-변경허락금지", "CC BY, 개작 금지", "저작자 표시, 2차적 저작물 작성 금지",
    "CC BY-N.C.", "All right reserved, CC BY images", "MIT License (code); texts: personal use only",
    "CC BY 4.0 (research use only)", "CC BY 4.0 nonprofit only", "CC BY 4.0 " + "(texts) " * 50 + "NC",
    "KOGL Type 4", "https://www.kogl.or.kr/info/licenseType4.do", "Apache 2.0 with Commons Clause",
]  # fmt: skip
UNKNOWN = [
    "", "   ", "?", "none", "None", "no licence", "no license (CC BY?)", "CC BY?", "CC BY 4.0 (?)",
    "not CC BY", "CC BY 아님", "unknown", "unlicensed", "라이선스 없음", "미정", "CC", "SYNC and AND",
    "permitted by MIT", "the permit", "MIT Technology Review", "Miscellaneous", "by", "by the author",
    "CC-BYE", "Attribution", "GPL", "proprietary", "see the site", "https://example.com/terms",
    "CC BY(추정)", "CC BY probably", "공공누리 1유형, 4유형 혼합", "CC BY 4.0 학술 목적만", "CC BY-N\u200bC", "MIT (code)",
    "CC BY 4.0 " + "(texts) " * 100 + "NC", "공공누리 1유형, 4", "https://creativecommons.org/licenses/by/4.0/?x=no",
    "공공누리", "공공누리 제12유형", "ask us",
]  # fmt: skip


@pytest.mark.parametrize("licence", ALLOWING)
def test_a_free_licence_allows_mailing(licence):
    assert answer(licence) is Answer.ALLOWS
    assert allows_mailing(licence)


@pytest.mark.parametrize("licence", FORBIDDING)
def test_one_word_against_it_forbids_mailing_whatever_else_stands_there(licence):
    assert answer(licence) is Answer.FORBIDS
    assert forbids_mailing(licence)
    assert not allows_mailing(licence)


@pytest.mark.parametrize("licence", UNKNOWN)
def test_what_nobody_told_or_knows_is_no_permission_and_no_ban(licence):
    assert answer(licence) is Answer.UNKNOWN
    assert not allows_mailing(licence)
    assert not forbids_mailing(licence)


def test_a_licence_without_end_is_judged_at_once():
    assert answer("cc " * 1_000_000) is Answer.UNKNOWN
    assert answer("-" * 1_000_000) is Answer.UNKNOWN
