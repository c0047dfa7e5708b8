"""Every word of the mails is in both catalogs, translated, and compiled."""

import gettext
import io
import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from newsletter.common.places import LOCALE
from newsletter.render.environment import TEMPLATES

PLACE = "LC_MESSAGES"
METHODS = [("**.mjml", "jinja2"), ("**.txt", "jinja2"), ("**.py", "python")]
OPTIONS = {"**.mjml": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}


def _catalog(language):
    with (LOCALE / language / PLACE / "mail.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages():
    found = set()
    for folder in (TEMPLATES / "mail", LOCALE.parent / "render"):
        for _, _, message, _, _ in extract_from_dir(
            str(folder), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda _: True
        ):
            found.add(message if isinstance(message, str) else tuple(message))
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_catalog_has_exactly_the_words_of_the_templates(language):
    known = {message.id for message in _catalog(language) if message.id}
    assert {tuple(id_) if isinstance(id_, list | tuple) else id_ for id_ in known} == _messages()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_word_is_translated_with_its_placeholders(language):
    for message in _catalog(language):
        if not message.id:
            continue
        told = [message.string] if isinstance(message.string, str) else message.string
        sources = [message.id] if isinstance(message.id, str) else message.id[-len(told) :]
        for text, source in zip(told, sources, strict=True):
            assert text
            assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(
                re.findall(r"%\(\w+\)s", source)
            )


def test_the_korean_catalog_is_korean():
    for message in _catalog("ko"):
        if message.id:
            assert re.search("[가-힣]", str(message.string)), message.id


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_compiled_catalog_is_made_from_this_one(language):
    made = io.BytesIO()
    write_mo(made, _catalog(language))
    made.seek(0)
    fresh = gettext.GNUTranslations(made)
    shipped = gettext.translation("mail", LOCALE, [language])
    for message in _catalog(language):
        if isinstance(message.id, str) and message.id:
            assert shipped.gettext(message.id) == fresh.gettext(message.id)
        elif message.id:
            for count in (1, 2):
                assert shipped.ngettext(*message.id, count) == fresh.ngettext(*message.id, count)
