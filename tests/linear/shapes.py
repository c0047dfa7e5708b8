"""What costs a careless parser more than its length: one unit over and over, or one thing nested."""

from collections.abc import Callable

Shape = Callable[[int], str]


def again(unit: str, *, before: str = "", after: str = "") -> Shape:
    """Return the shape that is ``unit`` as often as the size allows, in bytes of UTF-8."""
    length = len(unit.encode())
    return lambda size: before + unit * max(1, size // length) + after


def nested(opens: str, closes: str, inside: str = "") -> Shape:
    """Return the shape that opens as often as it closes."""
    length = len((opens + closes).encode())
    return lambda size: opens * (size // length) + inside + closes * (size // length)


def _numbered(line: str) -> Shape:
    """Return lines that all differ in their number."""
    length = len(line.encode()) + 5
    return lambda size: "".join(line.format(number) for number in range(size // length))


SHAPES: dict[str, Shape] = {
    "a comment that is never closed": again("<!-- "),
    "comments in a row": again("<!-- -->"),
    "comments with text": again("<!-- a --> b "),
    "inline formulas opened": again("\\( "),
    "inline formulas doubly opened": again("\\\\( x "),
    "links of LaTeX": again("\\href{"),
    "commands with braces": again("\\textbf{a"),
    "commands in commands": nested("\\emph{", "}", "x"),
    "a formula of braces": again("{", before="$\\frac", after="$"),
    "dollars": again("$"),
    "dollars apart": again("$a "),
    "formulas": again("$\\alpha_1$ "),
    "opening brackets": again("["),
    "nested brackets": nested("[", "]", "a"),
    "opening parentheses": again("("),
    "nested braces": nested("{", "}", "a"),
    "link targets": again("]("),
    "link targets with blanks": again("](   "),
    "open links": again("[a]("),
    "addresses with parentheses": again("(a)", before="[a](https://a.example/"),
    "pictures that are never closed": again("![a]("),
    "pictures opened": again("!["),
    "links": again("[a](https://arxiv.org/abs/2601.00001) "),
    "a list of links": _numbered("- [a](https://a.example/{})\n"),
    "backticks": again("`"),
    "backticks apart": again("` "),
    "fences": again("```python\n"),
    "bullets": again("- "),
    "bullets in lines": again("- a\n"),
    "bullets ever deeper": lambda size: "".join(
        " " * (2 * depth) + "- a\n" for depth in range(int(size**0.5))
    ),
    "numbers with points": again("1. "),
    "numbers in lines": again("1. a\n"),
    "quotes in quotes": again(">"),
    "quotes with blanks": again("> "),
    "blanks": again(" "),
    "blanks and a letter": again(" ", after="x"),
    "tabs": again("\t"),
    "line ends": again("\n"),
    "carriage returns": again("\r"),
    "blanks in lines": again("  \n"),
    "ampersands escaped": again("&amp;"),
    "ampersands escaped again": again("amp;", before="&"),
    "ampersands": again("&"),
    "entities": again("&#123;"),
    "a number without end": again("9"),
    "numbers with commas": again("1,"),
    "ever other numbers": _numbered("{},"),
    "dashes": again("-"),
    "dashes apart": again("- -- "),
    "colons": again(":"),
    "a shortcode": again(":a"),
    "stars": again("*"),
    "strong words opened": again("**a "),
    "strong words": again("**a** "),
    "three stars": again("***a"),
    "underscores": again("_"),
    "emphasis with underscores": again("__a "),
    "emoji": again("👍"),
    "emoji joined": again("👩\u200d"),
    "combining marks": again("\u0301", before="a"),
    "jamo": again("\u1112\u1161\u11ab"),
    "Hangul and Latin": again("한a"),
    "Hangul words": again("모델이 "),
    "Hangul in one word": again("가"),
    "mojibake": again("Ã¼"),
    "mojibake of Hangul": again("ë…¼"),
    "names": again("a,"),
    "one word": again("a"),
    "words": again("a "),
    "sentences": again('a." '),
    "closing marks": again('.")'),
    "pipes": again("|"),
    "cells of a table": again("| a "),
    "rows of a table": again("| a | b |\n"),
    "headings": again("#"),
    "headings in lines": again("# a\n"),
    "headings with numbers": again("## 1. a\n"),
    "headings with open links": again("# [a\n"),
    "tags opened": again("<a "),
    "tags nested": again("<div>"),
    "tags nested and closed": nested("<div>", "</div>", "a"),
    "tags of ever other names": _numbered("<a{}>"),
    "closing tags": again("</a>"),
    "anchors never closed": again('<a href="https://a.example/">a'),
    "lists in lists": again("<ol><li>"),
    "previews": again('<aside class="onebox"><h1>a'),
    "attributes": again("a=1 ", before="<a "),
    "an attribute without end": again("a", before='<a href="'),
    "quotation marks": again('"'),
    "smaller signs": again("<"),
    "instructions": again("<?"),
    "sections of CDATA": again("<![CDATA["),
    "CDATA in a row": again("<![CDATA[a]]>"),
    "entities of a DTD": lambda size: (
        '<!DOCTYPE r [<!ENTITY a "a">'
        + "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, size // 30))
        + "]><r>&a9;</r>"
    ),
    "dates published": again('<meta itemprop="datePublished" '),
    "times": again("<time "),
    "arrays in arrays": again("["),
    "objects in objects": again('{"a":'),
    "objects in a row": again("{},", before="[", after="{}]"),
    "a list of numbers": again("1,", before="[", after="1]"),
    "a long string": again("a", before='["', after='"]'),
    "strings with escapes": again("\\u00e9", before='["', after='"]'),
    "a Python list": again("'a',", before="['a',", after="'a']"),
    "signs before Python values": again("-", before="[['", after="1"),
    "boundaries of parts": again("--b\n"),
    "encoded words": again("=?utf-8?q?a?= "),
    "encoded words opened": again("=?utf-8?q?"),
    "fields": _numbered("Received: from a by b; {}\n"),
    "folded fields": again("\n a", before="Subject: a"),
    "dates": again("2026-01-09 "),
    "weeks": again("2026/01/09 ~ "),
    "date words": again("Fri, 09 Jan 2026 "),
    "addresses": again("https://a.example/ "),
    "an address without end": again("a/", before="https://a.example/"),
    "schemes": again("http"),
    "schemes split": again("https : / / "),
    "addresses in one": again("https://a."),
    "numbers of arXiv": again("2601.00001"),
    "mail addresses": again("a@b."),
    "votes": again("👍 "),
    "slashes": again("/ "),
    "invisible letters": again("\u200b"),
}  # fmt: skip
