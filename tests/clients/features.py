"""Which features of HTML and CSS a mail uses, by the names that caniemail.com gives them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_TAGS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li"), "html-lists"),
    **dict.fromkeys(("table", "tbody", "thead", "tr", "td", "th"), "html-table"),
}
# "margin-left" and the like are told of under the name of the whole.
_LONGHAND = re.compile(r"^(margin|padding|border|background|list-style)-.+$")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_UNIT = re.compile(r"(?<![#\w-])-?[\d.]+(px|%|em|rem|vw|vh|pt|ch|ex)")
_FUNCTION = re.compile(r"\b(rgb|rgba|calc|clamp|min|max|var|linear-gradient)\(")
_BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
_AT_RULE = re.compile(r"(@[a-z-]+)([^{;]*)")
_IMAGE = re.compile(r"\.(png|jpe?g|gif|webp|avif|svg|bmp)(?:$|\?)")
_SELECTORS = {
    "css-selector-attribute": re.compile(r"\["),
    "css-selector-class": re.compile(r"\."),
    "css-selector-id": re.compile(r"#"),
    "css-selector-child": re.compile(r">"),
    "css-selector-universal": re.compile(r"\*"),
    "css-selector-adjacent-sibling": re.compile(r"\+"),
    "css-selector-grouping": re.compile(r","),
    "css-selector-descendant": re.compile(r"[\w\])] +[\w.#\[]"),
    "css-selector-type": re.compile(r"(?:^|[\s,>])[a-z]"),
}


class Features(HTMLParser):
    """What a mail asks of a client. What stands in Outlook's own comments is not looked at."""

    def __init__(self, html: str, known: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.known = known
        self.used: set[str] = set()
        self.unlisted: set[str] = set()
        """Tags, attributes and properties that caniemail does not tell of."""
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        self._note(_TAGS.get(tag, f"html-{tag}"), f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_decl(self, decl: str) -> None:
        self.used.add("html-doctype")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._sheet(_COMMENT.sub("", data))

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self._declarations(value)
        elif tag == "a" and name == "href":
            self.used |= _link(value)
        elif tag == "meta" and value == "color-scheme":
            self.used.add("html-meta-color-scheme")
        elif tag == "img" and name == "src" and (kind := _IMAGE.search(value)):
            self.used.add(f"image-{kind[1].replace('jpeg', 'jpg')}")
        elif name not in {"href", "src"}:
            self._note(f"html-{name}", f"{name}=")

    def _sheet(self, css: str) -> None:
        for rule, condition in _AT_RULE.findall(css):
            self._note(f"css-at-{rule[1:]}", rule)
            if "prefers-color-scheme" in condition:
                self.used.add("css-at-media-prefers-color-scheme")
        for selector, body in _BLOCK.findall(_AT_RULE.sub("", css)):
            self.used |= {name for name, sign in _SELECTORS.items() if sign.search(selector)}
            self._declarations(body)

    def _declarations(self, css: str) -> None:
        for one in css.split(";"):
            name, colon, value = one.partition(":")
            if colon:
                self._declaration(name.strip().lower(), value.strip().lower())

    def _declaration(self, name: str, value: str) -> None:
        own = f"css-{name}"
        self._note(own if own in self.known else _LONGHAND.sub(r"css-\1", name), name)
        self.used |= set(_asked_by_value(name, value)) & self.known

    def _note(self, feature: str, shown: str) -> None:
        if feature in self.known:
            self.used.add(feature)
        else:
            self.unlisted.add(shown)


def _asked_by_value(name: str, value: str) -> Iterator[str]:
    yield from (f"css-unit-{unit.replace('%', 'percent')}" for unit in _UNIT.findall(value))
    for function in _FUNCTION.findall(value):
        yield from (f"css-{function}", f"css-function-{function}", f"css-unit-{function}")
    if "!important" in value:
        yield "css-important"
    if name == "display":
        yield f"css-display-{value}"


def _link(address: str) -> set[str]:
    kinds = {"#": "html-anchor-links", "mailto:": "html-mailto-links"}
    return {feature for start, feature in kinds.items() if address.startswith(start)}
