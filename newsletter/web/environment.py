"""The Jinja environment of the pages: autoescaping, translations, and a few global names."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from newsletter.common import clock
from newsletter.render import show
from newsletter.render.prose import prose_html
from newsletter.render.view import SectionView
from newsletter.web import addresses
from newsletter.web.language import page_language, reader_language
from newsletter.web.story import heading


def build(**options: Any) -> Environment:
    """Return the environment that Django's template engine asks for."""
    options.update(
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment = Environment(**options)  # noqa: S701 - autoescape is set above
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    environment.globals.update(
        static=static,
        url=lambda name, *args, **kwargs: reverse(name, args=args, kwargs=kwargs),
        publication=settings.PUBLICATION_NAME,
        sandboxed=lambda: settings.MAIL_BACKEND == "sendgrid" and settings.SENDGRID_SANDBOX,
        page_language=page_language,
        address=addresses.absolute,
        canonical=addresses.canonical,
        alternates=addresses.alternates,
        with_language=addresses.with_language,
    )
    environment.filters.update(
        prose=prose_html,
        headline=_headline,
        day=_day,
        minute=_minute,
        number=_number,
        heading=_heading,
    )
    return environment


def _heading(section: SectionView) -> str:
    return heading(section, page_language())


def _headline(title: str) -> str:
    return show.title_in(title, reader_language())


def _day(moment: datetime) -> str:
    return moment.astimezone(clock.SEOUL).strftime("%Y-%m-%d")


def _minute(moment: datetime) -> str:
    return moment.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")


def _number(value: int) -> str:
    return f"{value:,}"
