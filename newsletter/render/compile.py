"""Compiles an issue or a notice to a mail, once per variant and never per reader.

A reader's own values are opaque tokens with a nonce made from the content, put
into real addresses; :mod:`newsletter.render.personalize` replaces them.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from newsletter.common.cadence import Language
from newsletter.common.errors import NotFound
from newsletter.issues.content import IssueContent
from newsletter.render import environment, folding, show
from newsletter.render.mail import CompiledMail, Site, Tokens
from newsletter.render.text import one_line, tidy
from newsletter.render.view import IssueView
from newsletter.render.views import Views
from newsletter.render.weight import estimated_bytes

NOTICES = frozenset(
    {
        "confirm", "welcome", "step_down", "goodbye", "new_link", "new_address",
        "address_changed", "editor",
    }
)  # fmt: skip
_SUBJECT_LENGTH = 200
# Room for readers' tokens that are longer than the words which stand for them.
_ALLOWED_BYTES = folding.MAXIMUM_BYTES - 500
# A style may show only some of a paper's text, so more than the allowed is tried; but not a book.
_WORTH_TRYING = 5 * folding.MAXIMUM_BYTES
# How far a weight that was only estimated may be off.
_DOUBT = 1.02
_STYLE_SHEET = "mail/_base/inline.css"


@dataclass(frozen=True, slots=True)
class _Variant:
    """A folder of mail templates, in one language, for one publication."""

    folder: str
    language: Language
    site: Site
    tokens: Tokens

    def part(self, name: str, values: Mapping[str, object]) -> str:
        """Return one of the folder's three files, rendered."""
        return environment.render(
            f"mail/{self.folder}/{name}",
            show.interface(self.language),
            {**values, "site": self.site, "tokens": self.tokens},
        )

    def mjml(self, values: Mapping[str, object]) -> str:
        """Return the MJML source, without the indentation that is for readers of the template."""
        lines = map(str.strip, self.part("body.mjml", values).splitlines())
        return "\n".join(filter(None, lines))

    def mail(self, html: str, values: Mapping[str, object]) -> CompiledMail:
        """Return the finished mail around its HTML part."""
        return CompiledMail(
            subject=one_line(self.part("subject.txt", values), _SUBJECT_LENGTH),
            html=html,
            text=tidy(self.part("body.txt", values)),
            language=self.language,
            tokens=self.tokens,
        )


def compile_issue(
    content: IssueContent, language: Language, site: Site, *, style: str | None = None
) -> CompiledMail:
    """Return the mail of an issue in one language; its HTML part has at most 80,000 bytes."""
    return compile_and_show(content, language, site, style=style)[0]


def compile_and_show(
    content: IssueContent, language: Language, site: Site, *, style: str | None = None
) -> tuple[CompiledMail, IssueView]:
    """Return the mail of :func:`compile_issue` and what it shows of the issue."""
    variant = _issue_variant(content, language, site, style)
    issue, _, html = _fitting(content, variant)
    return variant.mail(html, {"issue": issue}), issue


def issue_mjml(
    content: IssueContent, language: Language, site: Site, *, style: str | None = None
) -> str:
    """Return the MJML source of the mail that :func:`compile_issue` makes."""
    _, source, _ = _fitting(content, _issue_variant(content, language, site, style))
    return source


def compile_notice(
    kind: str, language: Language, site: Site, context: Mapping[str, str]
) -> CompiledMail:
    """Return a notice of one of the :data:`NOTICES`.

    ``confirm`` and ``new_address`` need a ``confirm_url`` in their context, ``editor`` a
    ``title`` and a ``body``. ``welcome`` may have an ``issue_title``, its ``issue_url``,
    and ``issue_papers``: titles, one a line.
    """
    variant = _notice_variant(kind, language, site, context)
    return variant.mail(_html(variant.mjml(context)), context)


def notice_mjml(kind: str, language: Language, site: Site, context: Mapping[str, str]) -> str:
    """Return the MJML source of the mail that :func:`compile_notice` makes."""
    return _notice_variant(kind, language, site, context).mjml(context)


def _issue_variant(
    content: IssueContent, language: Language, site: Site, style: str | None
) -> _Variant:
    folder = style or content.style
    if folder not in environment.names("mail") - NOTICES:
        raise NotFound(
            "style.unknown", "그런 스타일이 없습니다.", "There is no such style.", place=folder
        )
    nonce = _nonce(content.content_hash(), language, folder)
    return _Variant(folder, language, site, Tokens.with_nonce(nonce))


def _notice_variant(
    kind: str, language: Language, site: Site, context: Mapping[str, str]
) -> _Variant:
    if kind not in NOTICES:
        raise NotFound(
            "notice.unknown", "그런 안내 메일이 없습니다.", "There is no such notice.", place=kind
        )
    nonce = _nonce(kind, language, repr(sorted(context.items())))
    return _Variant(kind, language, site, Tokens.with_nonce(nonce))


def _fitting(content: IssueContent, variant: _Variant) -> tuple[IssueView, str, str]:
    """Return the fullest view of the issue whose HTML is light enough, its MJML and its HTML.

    Each view is a step lighter than the one before, so after one that was too heavy
    the next is looked for by halves: the first that is lighter by as much, or nearly in
    proportion. It is only compiled if its source is not plainly too heavy already.
    """
    views = Views(content, variant.language, variant.site.base_url)
    place, at_most = -1, _WORTH_TRYING
    while True:
        place = _first_lighter(views, at_most, place + 1)
        issue = views[place]
        source = variant.mjml({"issue": issue})
        weight = estimated_bytes(source, environment.source(_STYLE_SHEET))
        if weight <= _ALLOWED_BYTES * _DOUBT or place == len(views) - 1:
            html = _html(source)
            weight = len(html.encode())
            if weight <= _ALLOWED_BYTES or place == len(views) - 1:
                return issue, source, html
        less_the_excess = issue.least_bytes - (weight - _ALLOWED_BYTES)
        in_proportion = issue.least_bytes * _ALLOWED_BYTES // weight
        at_most = max(less_the_excess, in_proportion * 9 // 10)


def _first_lighter(views: Views, at_most: int, start: int) -> int:
    """Return the place of the first view from ``start`` that may weigh ``at_most``, else the last."""
    places = range(start, len(views) - 1)
    return start + bisect_left(places, -at_most, key=lambda place: -views[place].least_bytes)


def _html(source: str) -> str:
    # Premailer and what it imports are a tenth of the start of every process; few of them compile.
    from newsletter.render.mjml import to_html

    return to_html(source, environment.source(_STYLE_SHEET))


def _nonce(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16].upper()
