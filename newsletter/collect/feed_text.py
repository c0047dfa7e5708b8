"""What must hold of the XML of a feed before anything else may look at it. Pure.

A strict parser runs over it first. It is fast, it expands nothing, and it says
line and column; so a bomb, a cut-off document and a page that only looks like a
feed never reach feedparser, which would mend them for seconds and tell nobody.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable
from xml.parsers import expat

from newsletter.collect.feed_entities import mended
from newsletter.collect.feed_errors import Fault
from newsletter.common.findings import Finding, Severity

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ROOTS = {"rss", "feed", "RDF"}
# Not allowed in XML 1.0 even as a reference; blogs paste them from PDFs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DEEPEST = 100
# feedparser needs time by the square of these; no feed has a tenth of it.
_MOST_ATTRIBUTES = 200
# feedparser reads names of elements in any case, so these are compared in lower case.
_ITEMS = {"item", "entry"}
# feedparser looks for a mail address in these from every letter of a word; no name has such a word.
_PEOPLE = {"author", "creator", "contributor", "publisher", "name", "email", "owner", "managingeditor", "webmaster"}  # fmt: skip
_LONGEST_WORD = 2_000
# feedparser compares each with all that the same entry, or the feed itself, has before it.
_CATEGORIES = {"category", "subject", "keywords", "tags"}
_MOST_CATEGORIES = 500
_ABOVE_ITEMS = {"rss", "channel", "feed", "rdf"}
# Encodings of names and of source code: punycode takes the square of the length.
_NOT_OF_FEEDS = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Tried in this order when what was declared does not fit the bytes.
_FALLBACKS = ("utf-8", "cp949")


def clean_xml(
    body: bytes, *, most_items: int, charset: str = "", content_type: str = "", place: str = ""
) -> tuple[str, int, tuple[Finding, ...]]:
    """Return the text of a feed without its declaration, known to be whole and harmless.

    It is cut off, well-formed, after ``most_items``; the number is how many were left out.
    Raises :class:`~newsletter.collect.feed_errors.FeedError` for what is none.
    """
    text, findings = decoded(body, charset=charset, place=place)
    text, bad = mended(_CONTROL.sub("", _DECLARATION.sub("", text)).strip())
    inspector = _inspect(text, content_type, place, most_items)
    left_out = max(0, inspector.items - most_items)
    told = (*findings, _bad_references(bad, place)) if bad else findings
    return inspector.within_cap(text), left_out, told


def decoded(body: bytes, *, charset: str = "", place: str = "") -> tuple[str, tuple[Finding, ...]]:
    """Return the text of some bytes: by their mark, else as declared, else as what fits."""
    for mark, encoding in _BOMS.items():
        if body.startswith(mark):
            return _strictly(body, encoding, place), ()
    declared = _DECLARED.match(body)
    claims = [declared[1].decode() if declared else "", charset, *_FALLBACKS]
    wanted = next((claim for claim in claims if claim and _known(claim)), "utf-8")
    for encoding in dict.fromkeys((wanted, *_FALLBACKS)):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, () if encoding == wanted else (_read_as(encoding, place),)
    return _strictly(body, wanted, place), ()


def _strictly(body: bytes, encoding: str, place: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Fault.ENCODING.at(place, offset=error.start) from error


def _known(encoding: str) -> bool:
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        return False
    is_text = getattr(codec, "_is_text_encoding", False)  # hex and zip are codecs too
    return is_text and codec.name not in _NOT_OF_FEEDS


def _read_as(encoding: str, place: str) -> Finding:
    return Finding(
        "feed.encoding_differs",
        f"피드가 밝힌 것과 다른 인코딩({encoding})으로 읽었습니다.",
        f"The feed is not in the encoding it declares; it was read as {encoding}.",
        Severity.WARNING,
        place=place,
    )


def _bad_references(count: int, place: str) -> Finding:
    return Finding(
        "feed.bad_references",
        f"XML에 없는 문자 참조 {count}개를 HTML에서 뜻하는 글자로, 또는 적힌 그대로 읽었습니다.",
        f"{count} references that XML does not have were read as what HTML says, or as they stand.",
        Severity.NOTICE,
        place=place,
    )


class _Inspector:
    """Follows the strict parser and refuses what a feed does not need."""

    def __init__(self, content_type: str, place: str, most_items: int) -> None:
        self._content_type, self._place = content_type, place
        self._most_items = most_items
        self._open: list[str] = []
        self._cut: tuple[int, str] | None = None
        self._word = 0
        self._entry = 0
        # By the number of their entry; those of the feed itself stand at 0.
        self._categories: Counter[int] = Counter()
        self.items = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _doctype(self, name: str, _system: object, _public: object, has_subset: int) -> None:
        if name.lower() == "html":
            raise self._no_feed(name)
        # RSS 0.91 came with a document type of its own; harmless while nothing is defined in it.
        if name != "rss" or has_subset:
            raise Fault.DTD_FORBIDDEN.at(self._place)

    def _entity(self, *_: object) -> None:
        raise Fault.DTD_FORBIDDEN.at(self._place)

    def within_cap(self, text: str) -> str:
        """Return the text up to the last item that is read, with everything closed again."""
        if self._cut is None:
            return text
        at, closing = self._cut
        return text.encode()[:at].decode() + closing

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = _kind(name)
        if not self._open and name.rpartition(":")[2] not in _ROOTS:
            raise self._no_feed(name)
        if kind in _ITEMS:
            self._start_item()
        self._open.append(name)
        self._word = 0
        self.parser.CharacterDataHandler = self._text_handler(kind)
        if kind in _CATEGORIES:
            self._count_categories(1)
        if len(self._open) > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES:
            raise self.broken()

    def _start_item(self) -> None:
        self.items += 1
        if self.items == self._most_items + 1:
            closing = "".join(f"</{tag}>" for tag in reversed(self._open))
            self._cut = (self.parser.CurrentByteIndex, closing)
        # In an image, say, feedparser gives the categories of all its items to the image.
        if _ABOVE_ITEMS.issuperset(map(_kind, self._open)):
            self._entry = self.items

    def _end(self, name: str) -> None:
        self._open.pop()
        self.parser.CharacterDataHandler = None
        if _kind(name) in _ITEMS:
            self._entry = 0

    def _text_handler(self, kind: str) -> Callable[[str], None] | None:
        if kind in _CATEGORIES:
            return lambda told: self._count_categories(told.count(","))
        return self._name_of_person if kind in _PEOPLE else None

    def _count_categories(self, more: int) -> None:
        self._categories[self._entry] += more
        if self._categories[self._entry] > _MOST_CATEGORIES:
            raise self.broken()

    def _name_of_person(self, told: str) -> None:
        *_, last = words = told.split(" ")
        self._word = len(last) + (self._word if len(words) == 1 else 0)
        if max(self._word, *map(len, words)) > _LONGEST_WORD:
            raise self.broken()

    def _no_feed(self, tag: str) -> Exception:
        kind = self._content_type or "?"
        return Fault.NOT_A_FEED.at(self._place, content_type=kind, first_tag=tag[:30])

    def broken(self) -> Exception:
        """Return the error for the place where the parser stands."""
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        return Fault.MALFORMED.at(self._place, line=line, column=column)


def _kind(name: str) -> str:
    """Return the name of an element as feedparser knows it: without a prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def _inspect(text: str, content_type: str, place: str, most_items: int) -> _Inspector:
    if not text.startswith("<") or text[:14].lower() == "<!doctype html":
        tag = "html" if text.startswith("<") else "-"
        raise Fault.NOT_A_FEED.at(place, content_type=content_type or "?", first_tag=tag)
    inspector = _Inspector(content_type, place, most_items)
    try:
        inspector.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise inspector.broken() from error
    return inspector
