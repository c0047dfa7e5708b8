"""The one door to MJML and premailer: from MJML with our own style sheet to finished HTML.

The compiler is mrml. It checks nothing, so the tests check every template. It
also leaves ``inline`` styles alone, so premailer puts our rules into the tags;
only ours: inlining MJML's own reset onto every cell costs a quarter more bytes.
"""

import logging
import re
from functools import lru_cache
from typing import Any, ClassVar

from mjml import mjml2html
from premailer import Premailer

from newsletter.common.errors import BadInput

_STYLE, _IGNORED_STYLE = "<style", '<style data-premailer="ignore"'
# MJML hides the preheader and paints it white as well, which filters take for a spammer's trick.
_WHITE_PREHEADER, _GREY_PREHEADER = "color:#ffffff;line-height:1px", "color:#5b6270;line-height:1px"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)(\{[^{}]*\})")
_CLASSES, _CLASS = re.compile(r"\bclass=\"([^\"]*)\""), re.compile(r"\.([\w-]+)")
_INLINED = re.compile(r"""style=(["'])(?:(?!\1).)*\1""")


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer, which reads a style sheet once and not for every mail: half of its time."""

    _known: ClassVar[dict[tuple[str, int], tuple[list[Any], list[Any]]]] = {}

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        key = (css_body, ruleset_index)
        if key not in self._known:
            self._known[key] = super()._parse_style_rules(css_body, ruleset_index)
        return self._known[key]


def to_html(mjml: str, css: str) -> str:
    """Return the HTML of ``mjml`` with the rules of ``css`` put into its tags.

    Never opens a connection and never reads a file: no includes, no outside fonts.
    """
    try:
        # mrml would link to an outside font host by default.
        html = mjml2html(mjml, disable_comments=True, fonts={})
    except ValueError as error:
        raise BadInput(
            "mail.template",
            "메일 서식에 문법 오류가 있습니다.",
            "The mail's markup has a syntax error.",
            place=str(error),
        ) from error
    return _inline(html.replace(_WHITE_PREHEADER, _GREY_PREHEADER, 1), css)


def _inline(html: str, css: str) -> str:
    inlined: str = _Inliner(
        html.replace(_STYLE, _IGNORED_STYLE),
        css_text=_needed(css, frozenset(_CLASSES.findall(html))),
        method="html",
        # Style sheets that are marked stay; ours has gone into the tags and is not repeated.
        keep_style_tags=False,
        strip_important=False,
        remove_classes=False,
        disable_validation=True,
        cssutils_logging_level=logging.CRITICAL,
        allow_network=False,
        disable_link_rewrites=True,
        align_floating_images=False,
        disable_basic_attributes=["width", "height", "bgcolor", "align", "valign"],
    ).transform()
    # Premailer drops the doctype, and cannot see the tags inside Outlook's comments.
    body = inlined.replace(_IGNORED_STYLE, _STYLE).removeprefix("<!DOCTYPE html>").lstrip()
    return "<!doctype html>\n" + _INLINED.sub(_tight, body)


@lru_cache(maxsize=256)
def _needed(css: str, used: frozenset[str]) -> str:
    """Return the rules of ``css`` for these classes: each that is looked for in vain costs time."""
    known = {name for classes in used for name in classes.split()}
    return "".join(
        selectors + body
        for selectors, body in _RULE.findall(_COMMENT.sub("", css))
        if any(known.issuperset(_CLASS.findall(one)) for one in selectors.split(","))
    )


def _tight(style: re.Match[str]) -> str:
    """Return a style attribute without the blanks that premailer puts between its rules."""
    return style[0].replace("; ", ";").replace(": ", ":")
