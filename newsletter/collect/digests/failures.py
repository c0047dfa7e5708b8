"""The one list of what programs publish when they have failed to write a text. Pure.

It is asked line by line. A line that only says so is an error sentence; prose
that speaks of failures (``번역 실패 사례를 분석합니다``) is none. A gap (``정보 부족``,
``undefined``) is no failure of a source, but no text for a reader either.
"""

import re

_MARKS = " \t*_#>-•·()[]\"'`"
_LABEL = re.compile(r"(?:[-*•] )?(?:\*\*)?[^:*\n]{1,40}(?:\*\*:|:\*\*|:)(?:\*\*)?\s?")
# How a Korean sentence goes on that says nothing but "it failed".
_AND_ENDS = (
    r"(?:\s?[가이])?(?:\s?발생)?\s?(?:했|하였|됐|되었|했었|됨|함|습니다|다)*\s?(?:[.:!(,)_*\]\n]|$)"
)
_FAILURES = re.compile(
    r"^(?:한국어\s?|국문\s?|영문\s?|논문\s?|자동\s?)*(?:번역|요약|분석|해설|초록|설명|트렌드 도입)(?:문|본)?[을를이가]?\s?"
    rf"(?:생성|작성)?\s?(?:을|를)?\s?(?:하지 못|에 실패|하는 데 실패|실패|(?:하는 )?중에?\s?(?:오류|에러|문제)){_AND_ENDS}"
    rf"|^(?:API|서버|모델|네트워크)\s?(?:호출|요청|응답|연결)?\s?(?:중에?|에|에서)?\s?(?:오류|에러|실패|문제){_AND_ENDS}"
    rf"|^(?:오류|에러|예기치 않은 오류|알 수 없는 오류)[가이]?\s?발생{_AND_ENDS}"
    rf"|^항목 처리\s?(?:중\s?)?(?:실패|오류|에러){_AND_ENDS}"
    r"|^초록(?:을|이)?\s?(?:찾을 수 )?없습니다|^번역할 (?:텍스트|내용|글)[이가]? 없습니다|클라이언트가 설정되지 않았습니다"
    r"|^죄송(?:합니다|하지만)[^\n]{0,150}(?:수 없|못했|못합|어렵|불가)"
    r"|네트워크 연결에 실패했|레이트 리밋으로 인해|Join the discussion on this paper page"
    r"|As an AI (?:language )?model, I|^(?:Sorry,? )?I(?:['’]m| am) sorry,? (?:but )?I|Sorry, we can['’]t find the page"
    r"|^I (?:can(?:no|['’])t|am unable to) (?:assist|help|fulfill|process|access|summarize|translate)"
    r"|^(?:HTTP )?Error(?: code)?:? [45]\d\d\b|Rate limit (?:reached|exceeded)|rate_limit_exceeded"
    r"|^Traceback \(most recent call last\)|^[\w.]*[a-z](?:Error|Exception): "
    r"|^\{\s?\"?(?:error|message|detail)\"?\s?:|^<think>(?:\s|$)",
    re.IGNORECASE,
)  # fmt: skip
_GAPS = re.compile(
    r"정보(?:가)?\s?(?:부족|없음|없습니다)(?:하다|합니다|함|이다|입니다|임|하여 알 수 없(?:음|다|습니다))?|undefined|null|nan|None|\[object Object\]"
)


def failure_in(line: str) -> str:
    """Return the words by which a line only says that a program failed, else nothing."""
    for told in _with_and_without_label(line):
        if found := _FAILURES.search(told.strip(_MARKS)):
            return found[0].strip(_MARKS)
    return ""


def gap_in(line: str) -> str:
    """Return the word that stands in a line where nothing was known, else nothing."""
    for told in _with_and_without_label(line):
        if found := _GAPS.fullmatch(told.strip(_MARKS + ".")):
            return found[0]
    return ""


def _with_and_without_label(line: str) -> tuple[str, ...]:
    """Return a line whose blanks are single ones, as the patterns expect, and what its label is of.

    Nothing where nothing stands: a megabyte of empty lines would cost seconds.
    """
    single = " ".join(line.split())
    if not single:
        return ()
    label = _LABEL.match(single)
    return single, single[label.end() :] if label else single


def failed(text: str) -> bool:
    """Return whether a line of ``text`` is an error sentence."""
    return any(map(failure_in, text.split("\n")))


def told_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` without its error sentences and gaps, and the words of each of those."""
    kept, dropped = [], []
    for line in text.split("\n"):
        if words := failure_in(line) or gap_in(line):
            dropped.append(words)
        else:
            kept.append(line)
    return "\n".join(kept).strip("\n") if dropped else text, tuple(dropped)
