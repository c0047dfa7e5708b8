"""Which words can name a paper, and which only name a part of one, a list of them, or a link. Pure.

Asked word by word: a heading that holds nothing but such words is no title.
"""

import re
from enum import StrEnum

from newsletter.collect.digests import links
from newsletter.collect.digests.entries import LIKES
from newsletter.collect.digests.prose import has_hangul

_WORD = re.compile(r"[^\W_]+")
_LETTER = re.compile(r"[^\W\d_]")
_PAPER = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|ps|format|e-print)/|(?:huggingface\.co|hf\.co)/papers/"
    r"|alphaxiv\.org/(?:[a-z]{2}/)?(?:abs|overview|pdf|html|resources|blog)/|10\.48550/arxiv\."
    r"|\barxiv(?: id)?[*_]{0,3}\s?[:：][*_]{0,3}\s?)(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
_ID = re.compile(
    r"[\[(（]?(?:\barxiv\s?[:：]?\s?)?\b\d{4}\.\d{4,5}(?:v\d{1,2})?\b[\])）]?", re.IGNORECASE
)
_COUNTED = re.compile(
    r"[(（\[]?\d[\d,.]{0,10}\s?[kK]?\s?(?:👍|❤\ufe0f?|⬆\ufe0f?|▲|🔼|⭐|up-?votes?\b|likes?\b|votes?\b|추천|개의 좋아요)[)）\]]?"
    r"|[(（\[]?(?:⬆\ufe0f?|▲|🔼)\s?\d[\d,.]{0,10}[kK]?[)）\]]?",
    re.IGNORECASE,
)
_TWO_TITLES = re.compile(
    r"(?P<first>[^()（）/]{4,300})(?:[(（](?P<inside>[^()（）]{6,300})[)）]| / (?P<behind>[^/]{6,300}))"
)
_CATEGORY = re.compile(r"(?:cs|stat|eess|math|econ|q-bio|q-fin|physics)\.[A-Za-z-]{2,10}")
_DIGITS = re.compile(r"\d[\d,.]{0,10}\s?[kK]?")
_NUMBER = re.compile(
    r"(?:\d{1,2}\ufe0f?\u20e3|\[[ xX]\]|[\[(（]\d{1,3}[\])）]|(?:no\.?|논문|paper|论文|#)\s?\d{1,3}\s?[.):：]|\d{1,3}\s?[.)、])\s*(?!\d)",
    re.IGNORECASE,
)
_NAMES_IT = re.compile(
    r"(?:paper title|title|제목|논문명|논문 제목|标题|题目|タイトル)\s?[:：]\s?", re.IGNORECASE
)
# Beside these, arrows and signs, and every emoji.
_AROUND_A_TITLE = " \t*_`#|·•–—:：,;~>-\ufe0f\u200d\u20e3"
_NUMERALS = "一二三四五六七八九十0123456789"
# A longer heading is a sentence, whatever its words are.
_MOST_WORDS = 9


def known(words: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(words.split())


_PARTS = known(
    "abstract abstracts summary summaries tldr tl dr ai introduction intro background method methods methodology"
    " approach result results experiment experiments evaluation discussion limitation limitations conclusion"
    " conclusions contribution contributions key points point takeaways takeaway main finding findings motivation"
    " why it matters important details technical overview authors author tags tag keywords metadata meta resources"
    " references related work what s new is how does strengths weaknesses one line core idea ideas impact"
    " significance notes note comments translation korean english original info information 요약 초록 한 줄 한줄 핵심 포인트 기여"
    " 아이디어 내용 방법 방법론 결과 실험 한계 한계점 결론 서론 소개 배경 의의 저자 키워드 태그 문제 정의 동기 평가 강점 약점 왜 중요한가 무엇이 새로운가 어떻게 작동하는가 주목할 만한가 번역 상세"
    " 설명 주요 정보 메타데이터 활용 시사점 의미 참고 자료 더 읽어보기 한국어 영어 국문 영문 한글 및 와 과 의 제안 성능 인사이트 摘要 总结 概述 方法 结果 结论 动机 背景 创新点 贡献 作者 关键词"
    " 翻译 简介 核心贡献 一句话总结 摘要翻译 中文摘要 英文摘要 研究背景 核心创新 基础信息 要約 概要 手法 結果 結論 著者 まとめ 提案手法 ポイント"
)  # fmt: skip
_LINKS = known(
    "arxiv pdf html abs hf hugging face huggingface alphaxiv paper page papers link links url urls here this read"
    " full text more view open download code github project doi source sources id the a an and or on at demo model"
    " dataset video website abstract 논문 링크 원문 보기 바로가기 페이지 다운로드 전문 읽기 여기 여기서 자세히 출처 코드 프로젝트 데모 모델 데이터셋 영상 주소 论文 链接 原文"
    " 地址 下载 全文 论文链接 代码 项目 論文 リンク 元論文 ソース"
)  # fmt: skip
_LISTS = known(
    "today todays daily weekly week weeks this the of top best new latest list digest digests pick picks featured"
    " highlights highlight trending trends trend reading must read i we found recommended recommendations research"
    " ml update updates news for and in on all other others more day month report selected popular notable papers"
    " paper articles article 오늘의 오늘 이번 주 주의 주간 일간 추천 목록 선정 인기 최신 신규 리스트 데일리 위클리 기타 전체 별 논문별 편 모음 다이제스트 트렌드 뉴스 소식 每日"
    " 每周 今日 本周 精选 推荐 列表 速递 日报 周报 每周论文 每日论文 今日论文 重点论文 论文列表 今日の 本日の 一覧 今週の"
)  # fmt: skip
_NO_TITLE = _PARTS | _LINKS | _LISTS


class Kind(StrEnum):
    """What a label says of a paper."""

    TITLE = "title"
    TITLE_KO = "title-ko"
    AUTHORS = "authors"
    INSTITUTION = "institution"
    VOTES = "votes"
    LINK = "link"
    FILED = "filed"
    """Only files it: tags, categories, days. Nobody reads them as a text."""
    SECTION = "section"


_KINDS = {
    Kind.TITLE: "title titles 제목 논문명 논문제목 标题 题目 タイトル",
    Kind.AUTHORS: "authors author 저자 著者 作者 👥 ✍ 👤",
    Kind.INSTITUTION: "institution institutions affiliation affiliations organization organizations 기관 소속 연구기관 机构 研究机构 单位 所属 🏛 🏢",
    Kind.VOTES: "upvotes upvote votes vote likes like 추천 추천수 좋아요 点赞 赞 いいね ⬆ 👍 ▲",
    Kind.FILED: "tags tag keywords keyword 태그 키워드 date 날짜 일자 published updated submitted category categories 분류 카테고리 subjects subject 발행일 게시일 공개일"
    " 제출일 등록일 score 점수 관련도 relevance topic topics venue journal comment comments 标签 关键词 日期 分类 类别 领域 rank 순위 status type year 연도 version"
    " citations stars 게재지 学会 カテゴリ 日付 キーワード タグ",
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_IN_KOREAN = frozenset(("한글", "한국어", "국문", "번역", "korean", "ko", "kr"))


def ids(text: str) -> tuple[str, ...]:
    """Return the different arXiv ids that a line tells, by links or by themselves, in order."""
    if not ("/" in text or ":" in text or "：" in text):
        return ()
    return tuple(
        dict.fromkeys(found.lower() for found in _PAPER.findall(links.MARKDOWN_IMAGE.sub("", text)))
    )


def tells_paper(text: str) -> bool:
    """Tell whether a paper is named anywhere in a text."""
    return _PAPER.search(text) is not None


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without numbers."""
    found = (word.strip(_NUMERALS) or "" for word in _WORD.findall(text.lower()))
    return [word for word in found if word]


def can_be_title(text: str) -> bool:
    """Tell whether a heading can name a paper: it is no part of one, no list, no link and no category."""
    return not (_all_of(text, _NO_TITLE) or _CATEGORY.fullmatch(text.strip()))


def is_part(text: str) -> bool:
    """Tell whether a heading or label names a part of a paper, as ``Abstract`` does."""
    return bool(words(text)) and _all_of(text, _PARTS | _LINKS)


def is_link_word(label: str) -> bool:
    """Tell whether the label of a link says nothing of its paper: ``arXiv``, an id, an address."""
    return "://" in label or _all_of(_ID.sub("", label), _LINKS)


def kind_of(label: str) -> Kind:
    """Return what a label says; a section, where it is none of the known facts."""
    told = words(label) or [sign.strip("\ufe0f") for sign in label.split()]
    kinds = {kind for word in told if (kind := _KIND_OF.get(word))}
    if Kind.TITLE in kinds:
        return Kind.TITLE_KO if _IN_KOREAN & set(told) else Kind.TITLE
    for kind in (Kind.INSTITUTION, Kind.AUTHORS, Kind.VOTES, Kind.FILED):
        if kind in kinds and len(told) <= 3:  # noqa: PLR2004 - "Main category", "추천 수"
            return kind
    return Kind.LINK if told and set(told) <= _LINKS and told != ["abstract"] else Kind.SECTION


def votes(text: str) -> str:
    """Return the votes that are written beside a title, empty where none are."""
    if found := LIKES.search(text):
        return found[1]
    counted = _COUNTED.search(text)
    number = _DIGITS.search(counted[0]) if counted else None
    return number[0] if number else ""


def without_votes(text: str) -> str:
    """Return a text without the votes that are written in it."""
    return _COUNTED.sub(" ", LIKES.sub(" ", text))


def title(text: str) -> str:
    """Return the words of a title: no number before it, no emoji, votes, ids or marks around it."""
    text = without_votes(_ID.sub(" ", text))
    before = ""
    while before != text:
        before, text = text, _inside(_without_number(_bare(text)))
    return " ".join(text.split())


def halves(text: str) -> tuple[str, str]:
    """Return the title and the Korean one, where both are written: the one behind, or in brackets."""
    found = _TWO_TITLES.fullmatch(text)
    if found is None:
        return text, ""
    first, second = (part or "" for part in (found["first"], found["behind"] or found["inside"]))
    if has_hangul(first) == has_hangul(second):
        return text, ""
    return (second, first) if has_hangul(first) else (first, second)


def _without_number(text: str) -> str:
    found = _NUMBER.match(text) or _NAMES_IT.match(text)
    return text[found.end() :] if found else text


def _bare(text: str) -> str:
    """Return a text without the signs at its ends that are no part of a title."""
    start, end = 0, len(text)
    while start < end and _is_around(text[start]):
        start += 1
    while end > start and (_is_around(text[end - 1]) or text[end - 1] in "([（"):
        end -= 1
    return text[start:end]


def _is_around(sign: str) -> bool:
    return sign in _AROUND_A_TITLE or "\u2190" <= sign <= "\u2bff" or sign >= "\U0001f000"


def _inside(text: str) -> str:
    """Return what one pair of brackets around the whole of a text holds."""
    whole = (
        len(text) > len("[]") and text[0] == "[" and text.endswith("]") and "]" not in text[1:-1]
    )
    return text[1:-1] if whole else text


def _all_of(text: str, known: frozenset[str]) -> bool:
    told = words(text)
    return (
        len(told) <= _MOST_WORDS and all(word in known for word in told)
        if told
        else not _LETTER.search(text)
    )
