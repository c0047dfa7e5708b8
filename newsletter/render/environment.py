"""The Jinja environments of mails and posts, one per language.

Everything that a template prints passes one door, :func:`_printable`, which
takes out the characters that no mail may carry. MJML is escaped always; plain
text and Markdown have no markup that Jinja could escape. No template ever
comes from outside, and none runs over rendered content.
"""

import gettext
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from newsletter.common import places
from newsletter.render import post, prose, text

TEMPLATES = places.templates()


def render(name: str, language: str, values: Mapping[str, object]) -> str:
    """Return the template ``name`` below ``templates/``, rendered in ``ko`` or ``en``."""
    environment = _environment(language, escaped=name.endswith(".mjml"))
    return environment.get_template(name).render(values)


@cache
def source(name: str) -> str:
    """Return a file among the templates as it is, for what is no template: a style sheet."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def names(kind: str) -> frozenset[str]:
    """Return the names below ``templates/<kind>``, those that begin with ``_`` left out.

    A name from outside is looked up here, and never put into a path unseen.
    """
    found = (TEMPLATES / kind).iterdir()
    return frozenset(path.stem for path in found if not path.name.startswith("_"))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which decides once for each type and attribute: a third of its time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._decided: dict[tuple[type, str], bool] = {}
        self._plain: set[tuple[type, str]] = set()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may read ``attr``, which depends on the type alone."""
        key = (type(obj), attr)
        if key not in self._decided:
            self._decided[key] = super().is_safe_attribute(obj, attr, value)
        return self._decided[key]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what a template reads; a field of our own values is asked about once."""
        key = (type(obj), attribute)
        if key in self._plain:
            return getattr(obj, attribute)
        value = super().getattr(obj, attribute)
        if is_dataclass(obj) and self.is_safe_attribute(obj, attribute, value):
            self._plain.add(key)
        return value


@cache
def _environment(language: str, *, escaped: bool) -> _Sandbox:
    environment = _Sandbox(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escaped,
        undefined=StrictUndefined,
        finalize=_printable,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext.translation("mail", places.LOCALE, [language]), newstyle=True
    )
    environment.filters.update(
        prose=prose.prose_html,
        prose_text=prose.prose_text,
        wrap=text.wrap,
        literal=post.literal,
        indented=post.indented,
        labelled=post.labelled,
    )
    environment.globals["language"] = language
    return environment


def _printable(value: Any) -> Any:
    if not isinstance(value, str) or text.is_clean(value):
        return value
    if isinstance(value, Markup):
        return Markup(text.clean(value))  # noqa: S704 - it was markup before, and only loses letters
    return text.clean(value)
