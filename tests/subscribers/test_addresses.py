import pytest

from newsletter.common.errors import BadInput
from newsletter.subscribers.addresses import parse_address

CYRILLIC_A, GREEK_O = "\u0430", "\u03bf"


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("bora@example.com", "bora@example.com"),
        ("  bora@example.com \n", "bora@example.com"),
        ("Bora.Kim@Example.COM", "Bora.Kim@example.com"),
        ("bora+news@example.com", "bora+news@example.com"),
        ("o'hara@example.co.kr", "o'hara@example.co.kr"),
        ("bora@한국.kr", "bora@xn--3e0b707e.kr"),
        ("bora@xn--3e0b707e.kr", "bora@xn--3e0b707e.kr"),
        ("bora@ml연구소.kr", "bora@xn--ml-qo2iy87ds6e.kr"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_is_kept_as_it_can_be_written_to(typed, email):
    assert parse_address(typed).email == email


def test_two_spellings_of_one_mailbox_share_their_key():
    assert parse_address("Bora@Example.com").key == parse_address("bora@example.COM").key


def test_a_plus_tag_makes_another_address_but_not_another_mailbox():
    plain, tagged = parse_address("bora@example.com"), parse_address("bora+ml@example.com")
    assert plain.key != tagged.key
    assert plain.mailbox == tagged.mailbox


def test_dots_are_nothing_at_gmail_and_something_elsewhere():
    assert parse_address("b.o.ra+x@gmail.com").mailbox == parse_address("bora@gmail.com").mailbox
    assert parse_address("b.ora@example.com").mailbox != parse_address("bora@example.com").mailbox


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "bora",
        "bora@",
        "@example.com",
        "bora@example",
        "bora@@example.com",
        "bora kim@example.com",
        "bora@exam ple.com",
        ".bora@example.com",
        "bora.@example.com",
        "bo..ra@example.com",
        '"bo ra"@example.com',
        "Bora <bora@example.com>",
        "bora@[127.0.0.1]",
        "bora@127.0.0.1",
        "bora@localhost",
        "bora@-example.com",
        "bora@example..com",
        "bora@example.com,kim@example.com",
        "a" * 65 + "@example.com",
        "bora@" + "a" * 64 + ".com",
        "bora@" + "a." * 130 + "com",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadInput) as refused:
        parse_address(typed)
    assert refused.value.code == "email.invalid"
    assert refused.value.place == "email"


@pytest.mark.parametrize(
    "typed",
    [
        f"bora@ex{CYRILLIC_A}mple.com",
        f"bora@g{GREEK_O}{GREEK_O}gle.com",
        "bora@exam\u200bple.com",
        "bo\u200dra@example.com",
        "bora@example.com\u202e",
        "\ufeffbora@example.com",
        "bora@example.com\nBcc: kim@example.com",
        "bora\x00@example.com",
    ],
)
def test_invisible_and_look_alike_characters_are_refused_by_their_name(typed):
    with pytest.raises(BadInput) as refused:
        parse_address(typed)
    assert refused.value.code == "email.suspicious_characters"


@pytest.mark.parametrize(
    "typed", ["홍길동@example.com", "bör@example.com", f"bor{CYRILLIC_A}@example.com"]
)
def test_a_local_part_outside_ascii_is_refused_with_advice(typed):
    with pytest.raises(BadInput) as refused:
        parse_address(typed)
    assert refused.value.code == "email.unicode_local_unsupported"
    assert "영문" in refused.value.ko


def test_a_domain_wholly_in_one_script_is_somebodys_domain():
    assert parse_address("bora@пример.com").email == "bora@xn--e1afmkfd.com"
