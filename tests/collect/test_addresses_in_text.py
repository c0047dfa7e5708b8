"""Addresses in running text: parted from the particle behind them, and letters of no language."""

from newsletter.collect.digests import prose
from tests.collect.posts import LORA, Told, only_entry, wtp

ADDRESS = "https://example.org/a-long-path/to-the-code-of-a-project"


def text_of(words):
    entry = only_entry(wtp([Told(LORA.title, LORA.id, text=words)]))
    return entry.sections[0].text


def test_an_address_that_is_its_own_label_is_parted_from_its_particle():
    assert text_of(f"코드는 [{ADDRESS}]({ADDRESS})에서 봅니다.") == f"코드는 {ADDRESS} 에서 봅니다."


def test_another_label_stays_with_its_particle():
    assert text_of(f"코드는 [여기]({ADDRESS})에서 봅니다.") == "코드는 여기에서 봅니다."


def test_a_short_korean_text_with_long_addresses_is_korean():
    assert prose.language(f"코드: {ADDRESS} {ADDRESS}") == "ko"


def test_an_english_text_with_an_address_is_english():
    assert prose.language(f"The code is at {ADDRESS}") == "en"
