"""The page of a forum topic, or any post as HTML, turned back into the lines of its Markdown.

Of a Discourse page only the first post is read. A link preview ("onebox") is its
address and nothing else: its own headings and texts belong to another site.
"""

import re
from collections import Counter
from html.parser import HTMLParser

from newsletter.collect import repair
from newsletter.collect.digests import tables, tags
from newsletter.collect.digests.lines import Line

_IS_HTML = re.compile(
    r"\s*(?:(?P<page><!doctype html|<html\b)|<(?:h[1-6]|p|div|article|ul|ol)\b[^>]*>)",
    re.IGNORECASE,
)
_IS_MARKDOWN = re.compile(r"^#{1,6} ", re.MULTILINE)
_HAS_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)
_COMMENT_ENDS = re.compile(r"--\s*>")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "blockquote",
    "tr",
    "table",
    "section",
    "article",
    "dt",
    "dd",
    *_HEADINGS,
}
_VOID = {"img", "br", "hr", "meta", "link", "input", "source", "use", "wbr", "area", "col", "embed"}
_SKIPPED = {"script", "style", "svg", "noscript", "template", "nav", "head", "button"}
_LISTS = {"ul", "ol"}
_MARKS = {"strong": "**", "b": "**", "dt": "**"}
_CELLS = {"td", "th"}
_MARK = re.compile(r"-|\d{1,9}\.")


def is_html(text: str) -> bool:
    """Return whether a text is a page or the HTML of a post, and no Markdown below a first tag."""
    opened = _IS_HTML.match(text)
    if opened is None or opened["page"]:
        return opened is not None
    return not (_IS_MARKDOWN.search(text) and not _HAS_HEADING.search(text))


def lines(text: str) -> tuple[Line, ...]:
    """Return the lines of the post that a page holds, each with the HTML it was made of."""
    start = tags.post_in(text)
    reader = _Reader(text, whole=start is None)
    if start is not None:
        reader.skip_to(start)
    reader.feed(tags.ended(text[start or 0 :]))
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    """Writes each block of HTML as the line that Markdown would have for it."""

    def __init__(self, text: str, *, whole: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._text = text
        self._whole = whole
        self._starts = [0]
        self._done: list[Line] = []
        self._line: list[str] = []
        self._quotes = 0
        # Per open list, the number of its last item; nothing for one without numbers.
        self._lists: list[int | None] = []
        self._skipping: list[str] = []
        self._open: list[str] = []
        self._opened: Counter[str] = Counter()
        self._addresses: list[str] = []
        self._taken = 0
        self._first_line = 1
        self._ended = False
        self._fed_from = 0

    def skip_to(self, offset: int) -> None:
        """Begin at an offset of the text, and count lines from its beginning."""
        self._first_line = self._text.count("\n", 0, offset) + 1
        self._taken = self._fed_from = offset
        self._starts = [offset]

    def feed(self, data: str) -> None:
        """Read the HTML."""
        self._starts = [self._fed_from + at for at in _line_starts(data)]
        self._last_comment_end = max(
            (found.start() for found in _COMMENT_ENDS.finditer(data)), default=-1
        )
        super().feed(data)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Read a comment; one that never ends is over with its first ``>``, as in HTML's own rules."""
        if i + len("<!--") > self._last_comment_end:
            return self.parse_bogus_comment(i, report)
        return super().parse_comment(i, report)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip what is no HTML, such as CDATA, up to its first ``>``; the library would raise."""
        return self.parse_bogus_comment(i, report)

    def finish(self) -> tuple[Line, ...]:
        """Return the lines, the last one too."""
        self._end_line()
        return tuple(self._done)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._ended:
            return
        values = {name: value or "" for name, value in attrs}
        if self._skipping:
            if tag == self._skipping[-1] and tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag not in _VOID:
            self._open.append(tag)
            self._opened[tag] += 1
        if self._skips(tag, values):
            return
        self._start(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if self._ended:
            return
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
                if not self._skipping and self._opened[tag]:
                    self._close(tag)
            return
        if not self._opened[tag]:
            return
        self._end(tag)
        self._close(tag)
        if not self._whole and not self._open:
            self._end_line()
            self._ended = True

    def handle_data(self, data: str) -> None:
        if self._skipping or self._ended:
            return
        if self._opened["pre"]:
            first, *others = data.split("\n")
            self._line.append(first)
            for other in others:
                self._end_line()
                self._line.append(other)
        else:
            self._line.append(re.sub(r"\s+", " ", data))

    def _close(self, tag: str) -> None:
        """Close a tag, and what was left open in it."""
        while self._open:
            closed = self._open.pop()
            self._opened[closed] -= 1
            if closed == tag:
                return

    def _skips(self, tag: str, values: dict[str, str]) -> bool:
        """Leave out what is no text of the post; of a preview, keep the address."""
        classes = values.get("class", "").split()
        address = values.get("data-onebox-src", "")
        if tag == "aside" and ("onebox" in classes or address):
            self._end_line()
            self._line.append(address)
            self._end_line()
        elif tag not in _SKIPPED and not {"meta", "anchor", "quote-controls"} & set(classes):
            return False
        self._skipping.append(tag)
        return True

    def _start(self, tag: str, values: dict[str, str]) -> None:
        if tag in _BLOCKS or tag in {"br", "hr"}:
            self._end_line()
        if tag in _HEADINGS:
            self._line.append("#" * int(tag[1]) + " ")
        elif tag in _LISTS:
            self._lists.append(_before_first(values) if tag == "ol" else None)
        elif tag == "li":
            self._line.append(self._mark())
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "hr":
            self._line.append("---")
            self._end_line()
        elif tag == "img":
            self._picture(values)
        elif tag == "a":
            self._anchor(values)
        elif tag in _MARKS or tag in _CELLS:
            self._line.append(_MARKS.get(tag, tables.CELL))

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._end_anchor()
        elif tag in _MARKS:
            self._line.append(_MARKS[tag])
        elif tag in _LISTS and self._lists:
            self._end_line()
            self._lists.pop()
        elif tag == "blockquote":
            self._end_line()
            self._quotes -= 1
        if tag in _BLOCKS:
            self._end_line()
            self._line = [] if tag == "li" else self._line
            self._blank()

    def _mark(self) -> str:
        """Return what stands before an item of the innermost list."""
        last = self._lists[-1] if self._lists else None
        if last is None:
            return "- "
        self._lists[-1] = last + 1
        return f"{last + 1}. "

    def _picture(self, values: dict[str, str]) -> None:
        if "emoji" in values.get("class", "").split():
            self._line.append(values.get("title") or values.get("alt", ""))
        elif self._addresses and self._addresses[-1].startswith("!"):
            self._line.append(f"![]({self._addresses[-1][1:]})")
        elif values.get("src"):
            self._line.append(f"![]({values['src']})")

    def _anchor(self, values: dict[str, str]) -> None:
        """Open a link; one around a picture only leads to the same picture in full size."""
        if self._addresses:
            self._end_anchor()  # no link stands in another
        address = values.get("href", "")
        if "lightbox" in values.get("class", "").split():
            address = f"!{address}"
        elif not address.startswith(("http://", "https://")):
            address = ""
        self._addresses.append(address)
        self._line.append("\0")

    def _end_anchor(self) -> None:
        if not self._addresses:
            return
        address, label = self._addresses.pop(), self._since_anchor()
        if not address or address.startswith("!") or "![" in label or not label.strip():
            made = label
        elif label.strip().startswith(("http://", "https://")):
            made = address
        else:
            made = f"[{label.strip()}]({address})"
        self._line.append(made)

    def _since_anchor(self) -> str:
        """Take back what the line holds since its last link was opened, and return it."""
        parts: list[str] = []
        while self._line and (part := self._line.pop()) != "\0":
            parts.append(part)
        return "".join(reversed(parts))

    def _end_line(self) -> None:
        text = tables.row("".join(self._line).replace("\0", "")).strip()
        # A paragraph inside an item must not part the item from its bullet.
        is_mark = self._opened["li"] > 0 and _MARK.fullmatch(text) is not None
        self._line = [f"{text} "] if is_mark else []
        if not text or is_mark:
            return
        quoted = "> " if self._quotes > 0 else ""
        # Four blanks make a line code: a remark in it is no heading then.
        code = "    " if self._opened["pre"] else ""
        self._emit(f"{quoted}{code}{text}")

    def _blank(self) -> None:
        if self._done and self._done[-1].text:
            self._emit("")

    def _emit(self, text: str) -> None:
        number, column = self.getpos()
        offset = self._starts[min(number, len(self._starts)) - 1] + column
        stood = self._text[self._taken : offset] if offset > self._taken else ""
        self._taken = max(self._taken, offset)
        self._done.append(Line(self._first_line + number - 1, repair.line(text), stood))


def _before_first(values: dict[str, str]) -> int:
    """Return the number before that of a list's first item."""
    start = values.get("start", "")
    return int(start) - 1 if re.fullmatch(r"\d{1,6}", start, re.ASCII) else 0


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]
