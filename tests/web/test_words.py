"""The catalog of the pages is complete, compiled, and in step with the templates."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "newsletter" / "locale"


def catalog(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def words(messages):
    """The messages of a catalog with their texts, each by its singular."""
    return {both(message.id)[0]: both(message.string) for message in messages if message.id}


def both(text):
    return (text,) if isinstance(text, str) else tuple(text)


def places(text):
    return {word.split(")")[0] for word in text.split("%(")[1:]}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_catalog_knows_every_word_of_the_pages_and_no_other(language, tmp_path):
    pot = tmp_path / "pages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "--no-location"]
    subprocess.run(
        [*command, "-F", LOCALE / "pages.cfg", "-o", pot, "."],
        cwd=ROOT,
        check=True,
    )
    with pot.open("rb") as file:
        assert set(words(catalog(language))) == set(words(read_po(file)))


def test_every_word_has_its_korean_with_the_same_places():
    for source, texts in words(catalog("ko")).items():
        assert all(texts), source
        assert places(texts[0]) == places(source), source


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_compiled_catalog_is_the_written_one(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = words(read_mo(file))
    written = {source: texts for source, texts in words(catalog(language)).items() if any(texts)}
    assert compiled == written
