"""What a draft does not show of what digests wrote, and what an editor is told of it. Pure.

One bad sentence, link or picture must not close a whole issue: it is left out,
the paper falls back to what else is known of it, and a warning says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from newsletter.collect.digests.digest import Link, Section
from newsletter.collect.digests.failures import told_apart
from newsletter.collect.licences import forbids_mailing
from newsletter.common.findings import Finding, Severity
from newsletter.common.web_address import is_public
from newsletter.issues import prose_check
from newsletter.issues.item_check import is_picture, is_unreadable
from newsletter.issues.kinship import Subject, TermBase, strays
from newsletter.issues.selection import Account


@dataclass(slots=True)
class Sieve:
    """Lets through what can be shown, and remembers what it kept back."""

    terms: TermBase
    """The words by which a text is compared with its paper."""
    dead: frozenset[str] = frozenset()
    """The addresses at which nothing is any more."""
    findings: list[Finding] = field(default_factory=list)

    def sections(self, sections: Iterable[Section], place: str) -> tuple[Section, ...]:
        """Return the sections without error sentences; whole ones go where nothing is left."""
        kept = []
        for section in sections:
            self.findings += [
                replace(finding, severity=Severity.WARNING)
                for finding in prose_check.errors(section, f"{place} · {section.heading}")
            ]
            if not prose_check.is_no_summary(section):
                kept.append(replace(section, text=told_apart(section.text)[0]))
        return tuple(kept)

    def own(
        self, sections: tuple[Section, ...], subject: Subject, place: str, *, chosen: bool
    ) -> tuple[Section, ...]:
        """Return a text that is about its paper; one of another goes, but for an editor's choice."""
        if not strays("\n".join(one.text for one in sections), subject, self.terms):
            return sections
        self._tell(
            "item.other_paper",
            "다른 논문의 이야기로 보이는 글입니다."
            if chosen
            else "다른 논문의 이야기로 보이는 글을 뺐습니다.",
            "This text seems to be about another paper."
            if chosen
            else "A text that seems to be about another paper was left out.",
            place,
            remedy_ko="제목, 초록과 겹치는 말이 거의 없습니다. 맞는 글이면 그 소스의 글을 골라 실을 수 있습니다.",
            remedy_en="It shares hardly a word with title and abstract. If it is right, choose its source.",
        )
        return sections if chosen else ()

    def spoken(self, voices: Iterable[Account], place: str) -> tuple[Section, ...]:
        """Return the text of those who speak for a paper, and tell where leave outdoes a licence."""
        spoken = tuple(voices)
        for account in dict.fromkeys(a for a in spoken if forbids_mailing(a.licence)):
            self._tell_leave(account, place)
        return tuple(section for account in spoken for section in account.sections)

    def links(self, links: Iterable[Link], place: str) -> tuple[Link, ...]:
        """Return the links that a reader can open."""
        kept = []
        for link in links:
            if link.url in self.dead:
                self._tell(
                    "item.link_dead",
                    f"열리지 않는 링크를 뺐습니다: {link.url[:60]}",
                    f"A dead link was left out: {link.url[:60]}",
                    f"{place} · {link.label}",
                )
            elif is_public(link.url):
                kept.append(link)
            else:
                self._tell(
                    "item.link_dropped",
                    f"웹에서 열 수 없는 링크를 뺐습니다: {link.url[:60]}",
                    f"A link that cannot be opened on the web was left out: {link.url[:60]}",
                    f"{place} · {link.label}",
                )
        return tuple(kept)

    def picture(self, url: str, place: str) -> str:
        """Return the address of a picture that a mail can show, else nothing."""
        if url in self.dead:
            self._tell(
                "item.picture_dead",
                f"열리지 않거나 그림이 아닌 그림을 뺐습니다: {url[:60]}",
                f"A picture that does not load, or is none, was left out: {url[:60]}",
                place,
            )
            return ""
        if not url or is_picture(url):
            return url
        # A digest that names a file of its own has no picture for others, and that is no fault.
        if url.startswith(("http://", "https://", "data:")):
            self._tell(
                "item.picture_dropped",
                f"메일에 실을 수 없는 그림을 뺐습니다: {url[:60]}",
                f"A picture that no mail can show was left out: {url[:60]}",
                place,
            )
        return ""

    def words(self, words: str, place: str) -> str:
        """Return a Korean title or the name of an institution, nothing if it cannot be read."""
        if not is_unreadable(words):
            return words
        self._tell(
            "item.words_dropped",
            f"읽을 수 없는 제목이나 기관 이름을 뺐습니다: {words[:40]}",
            f"A title or an institution that cannot be read was left out: {words[:40]}",
            place,
        )
        return ""

    def _tell_leave(self, account: Account, place: str) -> None:
        """Tell of a licence that forbids mailing: with leave it is no error, but not forgotten."""
        whose = f"{account.name} ({account.licence})"
        self._tell(
            "item.licence_leave",
            f"라이선스와 달리, 허락받은 소스로 등록되어 있어 글을 싣습니다: {whose}",
            f"Its licence forbids mailing; it is mailed because its source gave leave: {whose}",
            place,
            remedy_ko="허락받은 것이 맞으면 그대로 보내도 됩니다. 아니면 이 소스의 글을 싣지 말아 주세요.",
            remedy_en="If leave was given, it may be sent as it is; if not, do not mail this source.",
        )

    def _tell(  # noqa: PLR0913, PLR0917 - a finding has as many parts
        self,
        code: str,
        ko: str,
        en: str,
        place: str,
        severity: Severity = Severity.WARNING,
        remedy_ko: str = "그대로 보내도 됩니다. 원본을 고쳐 다시 가져오면 채워집니다.",
        remedy_en: str = "It may be sent as it is; mend the digest and import it again to fill it.",
    ) -> None:
        self.findings.append(
            Finding(code, ko, en, severity, place, remedy_ko=remedy_ko, remedy_en=remedy_en)
        )
