"""Whether a source is well, decided from the history of its checks. Pure.

The pipelines of this trade fail in silence and go on publishing: empty lists for
139 days, 42 weeks of one error sentence, Friday's list again on Sunday. Each rule
here is one of those, seen within one cycle.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from newsletter.collect.schedule import Interval, length
from newsletter.common.clock import SEOUL
from newsletter.common.findings import Finding, Severity


class Outcome(StrEnum):
    """How a check ended."""

    READ = "read"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check, as far as its history matters."""

    at: datetime
    outcome: Outcome
    error: str = ""
    newest: frozenset[str] = frozenset()
    """The papers of the newest list that was read."""
    listed_on: date | None = None
    """The day of that list."""
    failed_texts: int = 0
    """How many of those papers have an error sentence where their Korean text should be."""
    papers_new: int = 0
    """Papers, in whichever list, that the source had not listed before."""
    formats: frozenset[str] = frozenset()


# From this many failures in a row on, it is no hiccup any more.
_LASTING = 3
# So many weeks in a row must have brought something before its absence means something.
_HABIT = 3
_WEEK = timedelta(weeks=1)


def findings(
    checks: Sequence[CheckFacts], interval: Interval | None, *, quiet: frozenset[date] = frozenset()
) -> tuple[Finding, ...]:
    """Return what an editor should know of a source, by its checks from the oldest to the newest.

    ``quiet`` are days on which nothing is expected: holidays, skip days.
    """
    if not checks:
        return ()
    return tuple(_findings(checks, interval, quiet))


def _findings(
    checks: Sequence[CheckFacts], interval: Interval | None, quiet: frozenset[date]
) -> Iterator[Finding]:
    last = checks[-1]
    if last.outcome is Outcome.FAILED:
        yield _failing(_failures(checks), last.error)
    else:
        yield from _of_lists([check for check in checks if check.newest], last)
    if interval and (days := _silent_for(checks, interval, quiet)) is not None:
        yield _silent(days)


def _of_lists(read: Sequence[CheckFacts], last: CheckFacts) -> Iterator[Finding]:
    """Yield what the list says that was just read, beside those before it."""
    if not read or read[-1] is not last:
        return
    if last.failed_texts == len(last.newest):
        yield _ONLY_ERRORS
    if _repeats(read):
        yield _REPEATS
    if len(read) > 1 and last.formats != read[-2].formats:
        yield _FORMAT_CHANGED


def _failures(checks: Sequence[CheckFacts]) -> int:
    count = 0
    for check in reversed(checks):
        if check.outcome is not Outcome.FAILED:
            break
        count += 1
    return count


def _repeats(read: Sequence[CheckFacts]) -> bool:
    """Return whether another day's list holds just the papers of the list before."""
    last = read[-1]
    earlier = [check for check in read[:-1] if check.listed_on != last.listed_on]
    return bool(earlier and last.listed_on) and earlier[-1].newest == last.newest


def _silent_for(
    checks: Sequence[CheckFacts], interval: Interval, quiet: frozenset[date]
) -> int | None:
    """Return for how many days nothing came although something always did; ``None`` if all is well.

    The habit is that of the weeks before the last new paper, so that a silence does
    not become the habit itself: it ends with something new, and in no other way.
    """
    news = [check.at for check in checks if check.papers_new]
    if not news:
        return None
    if interval is Interval.WEEKLY:
        silent = _week_is_missing(news, checks[-1].at)
    else:
        silent = _day_is_missing(news, _asked(checks, interval), quiet)
    return (checks[-1].at - news[-1]).days if silent else None


def _asked(checks: Sequence[CheckFacts], interval: Interval) -> set[date]:
    """Return the days on which the source did answer, and that can be judged by now."""
    last = _day(checks[-1].at)
    days = {_day(check.at) for check in checks if check.outcome is not Outcome.FAILED}
    # Whoever is asked every hour may still bring something today.
    return days - {last} if interval is Interval.HOURLY else days


def _day_is_missing(news: Sequence[datetime], asked: set[date], quiet: frozenset[date]) -> bool:
    """Return whether a day since the last news is one that always brought something."""
    told = {_day(at) for at in news}
    return any(_is_due(day, told, quiet) for day in asked - quiet if day > max(told))


def _is_due(day: date, told: set[date], quiet: frozenset[date]) -> bool:
    """Return whether the last three such weekdays of the time of news all brought something."""
    first, last = min(told), max(told)
    weeks = range(1, (day - first).days // _WEEK.days + 1)
    past = [then for ago in weeks if (then := day - _WEEK * ago) <= last and then not in quiet]
    return len(past) >= _HABIT and told.issuperset(past[:_HABIT])


def _week_is_missing(news: Sequence[datetime], now: datetime) -> bool:
    """Return whether a week brought nothing after three in a row that did.

    A day of grace, because a weekly post may be late by one.
    """
    span = length(Interval.WEEKLY) + timedelta(days=1)
    if now - news[-1] < span:
        return False
    first = news[-1]
    for at in reversed(news):
        if first - at > span:
            break
        first = at
    return news[-1] - first >= _WEEK * (_HABIT - 1) - timedelta(days=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(SEOUL).date()


def _failing(times: int, code: str) -> Finding:
    return Finding(
        "source.failing",
        f"소스를 {times}번 이어서 읽지 못했습니다 ({code}).",
        f"The source could not be read, {times} time(s) in a row ({code}).",
        Severity.ERROR if times >= _LASTING else Severity.WARNING,
        remedy_ko="주소와 사이트를 확인하고 newsletter sources test로 다시 읽어 보세요.",
        remedy_en="Check the address and the site, then try newsletter sources test.",
    )


def _silent(days: int) -> Finding:
    return Finding(
        "source.silent",
        f"늘 새 글이 오던 때인데 새 논문이 없습니다 (마지막 새 논문: {days}일 전).",
        f"Nothing new came at a time when something always did (last new paper: {days} day(s) ago).",
        remedy_ko="사이트가 옮겨 갔거나 수집이 멈추었는지 확인해 주세요.",
        remedy_en="See whether the site has moved or its own collecting has stopped.",
    )


_ONLY_ERRORS = Finding(
    "source.only_errors",
    "모든 논문의 글이 오류 문장입니다.",
    "Every text of this source is an error sentence.",
    Severity.ERROR,
    remedy_ko="이 소스의 글을 싣지 말고 만든 사람에게 알려 주세요.",
    remedy_en="Do not publish its texts, and tell whoever makes it.",
)
_REPEATS = Finding(
    "source.repeats",
    "날짜는 바뀌었는데 지난번과 같은 목록입니다.",
    "The day has changed, but the list is the same as before.",
    remedy_ko="주말에는 흔한 일입니다. 평일이면 사이트를 확인해 주세요.",
    remedy_en="Common at weekends; on a weekday, look at the site.",
)
_FORMAT_CHANGED = Finding(
    "source.format_changed",
    "이 소스의 글 형식이 바뀌었습니다.",
    "The posts of this source come in another format than before.",
    remedy_ko="새로 읽은 내용이 맞는지 살펴봐 주세요.",
    remedy_en="Look whether what was read is right.",
)


def moved(url: str) -> Finding:
    """Return the finding for an address that says it has moved for good."""
    return Finding(
        "source.moved",
        f"소스의 주소가 옮겨 갔습니다: {url}",
        f"The source has moved for good: {url}",
        Severity.NOTICE,
        remedy_ko="새 주소로 소스를 다시 등록해 주세요.",
        remedy_en="Register the source with its new address.",
    )
