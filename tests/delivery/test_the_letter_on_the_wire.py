"""What a reader's mail program gets: checked on the bytes, then by reading them back."""

import email
import re
from datetime import UTC, datetime
from email import policy
from html import escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsletter.common.errors import BadInput
from newsletter.delivery.message import compile_letter
from newsletter.delivery.splices import base64_pieces, cut, quoted_pieces
from tests.delivery.given import HTML, TEXT, a_letter, a_message

MOMENT = datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
COMPILED = compile_letter(a_letter())


def wire(letter=None, message=None):
    compiled = compile_letter(letter) if letter else COMPILED
    return b"".join(compiled.parts(message or a_message(), MOMENT))


def head_of(raw):
    return raw.partition(b"\r\n\r\n")[0]


def header_names(raw):
    return [line.split(b":")[0] for line in head_of(raw).split(b"\r\n") if line[:1] != b" "]


def read(raw):
    return email.message_from_bytes(raw, policy=policy.default)


def bodies(raw):
    plain, html = read(raw).iter_parts()
    return [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in (plain, html)]


def personal(text, name):
    return (
        text.replace("__NAME_abc123__", name)
        .replace("__UNSUBSCRIBE_abc123__", "3k.mVd0aaaaaaaaaaaaaaaaaa")
        .replace("__PREFERENCES_abc123__", "3k-f1x9.Qd7bbbbbbbbbbbbbbbbbbb")
    )


def test_it_reads_back_as_it_was_written():
    raw = wire()
    plain, html = bodies(raw)
    assert plain == personal(TEXT, "김하늘")
    assert html == personal(HTML, "김하늘")
    message = read(raw)
    assert message["Subject"] == "[2026/01/05 ~ 01/11] 이번 주의 주요 ML 논문"
    assert message["From"] == "오늘의 ML 논문 <news@news.example.org>"
    assert message["To"] == "김하늘 <reader1@example.com>"
    assert message["Date"].datetime == MOMENT
    assert message["Message-ID"] == "<d1.0123456789ab.19b0@news.example.org>"
    assert message["List-Id"] == "<newsletter.news.example.org>"
    assert message["Reply-To"] == "editors@news.example.org"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_charset() for part in message.iter_parts()] == ["utf-8", "utf-8"]
    assert not message.defects


@pytest.mark.parametrize("host", ["news.example.org", "newsletter." + "a" * 60 + ".example.org"])
def test_the_way_out_stands_on_the_wire_as_one_unbroken_url(host):
    raw = wire(a_letter(base_url=f"https://{host}"))
    lines = head_of(raw).split(b"\r\n")
    url = f"https://{host}/u/3k.mVd0aaaaaaaaaaaaaaaaaa"
    assert f"List-Unsubscribe: <{url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_a_notice_says_that_a_machine_wrote_it_and_belongs_to_no_list():
    names = header_names(wire(a_letter(bulk=False)))
    assert b"Auto-Submitted" in names
    assert not [name for name in names if name.startswith(b"List-")]


@given(name=st.text(max_size=120))
def test_any_name_reads_back_in_both_bodies(name):
    raw = wire(message=a_message(name=name))
    plain, html = bodies(raw)
    shown = "".join(character for character in name if character.isprintable())
    shown = shown.encode("utf-8", "replace").decode()
    assert plain == personal(TEXT, shown)
    assert html == personal(HTML, escape(shown))


@given(name=st.text(max_size=200))
def test_no_name_can_add_a_header_or_break_a_line_rule(name):
    raw = wire(message=a_message(name=name))
    assert header_names(raw) == header_names(wire())
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert not re.search(rb"(?m)^\.", raw), "a leading dot would need stuffing"
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 120
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78
    words = re.findall(rb"=\?[^ ]*?\?=", head_of(raw))
    assert words, "the subject is Korean"
    assert max(map(len, words)) <= 75


@pytest.mark.parametrize(
    "name",
    ["A=?UTF-8?Q?=0A?=Bcc: x@y", "a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\0b", "끝\u2028줄"],
)
def test_a_name_that_could_break_a_header_is_left_out_of_it(name):
    """G7: the standard library turned the first of these into a real Bcc."""
    raw = wire(message=a_message(name=name))
    assert b"To: reader1@example.com\r\n" in raw
    assert b"Bcc" not in head_of(raw)


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: x@y", "a\n", "\r", "a\0", "=?utf-8?q?=0A?=", "x\u2029"]
)
def test_what_all_readers_share_is_refused_when_it_could_break_a_header(evil):
    for letter in (
        a_letter(subject=evil),
        a_letter(prefix=evil),
        a_letter(base_url=f"https://{evil}"),
    ):
        with pytest.raises(BadInput):
            compile_letter(letter)


@pytest.mark.parametrize(
    "address", ["a@b\r\nRCPT TO:<c@d>", "<a@b>", "a b@c.d", "", "가 @b.c", "a@b@c"]
)
def test_an_address_that_is_none_is_refused(address):
    message = a_message(address=address or " ")
    with pytest.raises(BadInput):
        COMPILED.parts(message, MOMENT)


@given(
    subject=st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=150
    )
)
def test_any_subject_reads_back_and_its_words_keep_the_limit(subject):
    assume("=?" not in subject)
    raw = wire(a_letter(subject=subject, html="<p>x</p>", text="x"))
    assert read(raw)["Subject"] == subject
    words = re.findall(rb"=\?[^ \r]*?\?=", head_of(raw))
    assert words, "the name of the sender is Korean"
    assert max(map(len, words)) <= 75


@given(
    text=st.lists(st.sampled_from(["@", "#", "a", "한", "\n", ".", " ", "=", "ab", "긴 글 " * 20])),
    first=st.binary(max_size=70),
    second=st.binary(max_size=7),
)
def test_values_beside_values_and_at_either_end_survive_both_encodings(text, first, second):
    """The edges: a body of values only, and runs shorter than a group of three."""
    source = "".join(text)
    body = cut(source, {"@": 0, "#": 1})
    values = [
        first.replace(b"\r", b"").replace(b"\n", b""),
        second.replace(b"\r", b"").replace(b"\n", b""),
    ]
    wanted = source.encode().replace(b"\n", b"\r\n")
    wanted = b"".join(
        {b"@": values[0], b"#": values[1]}.get(p, p) for p in re.split(rb"([@#])", wanted)
    )
    for encoding, pieces in (
        ("base64", base64_pieces(body)),
        ("quoted-printable", quoted_pieces(body)),
    ):
        out, carried = [], b""
        for piece in pieces:
            carried = piece.write(values, carried, out)
        octets = b"".join(out)
        assert max(map(len, octets.split(b"\r\n"))) <= 76
        part = email.message_from_bytes(
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + octets
        )
        got = part.get_payload(decode=True)
        assert got.removesuffix(b"\r\n") == wanted.removesuffix(b"\r\n") or got == wanted + b"\r\n"


def test_the_smaller_encoding_is_chosen_for_each_body():
    latin = a_letter(html="<p>plain English text</p>\n" * 50, text="한국어 본문입니다.\n" * 50)
    plain, html = read(wire(latin)).iter_parts()
    assert plain["Content-Transfer-Encoding"] == "base64"
    assert html["Content-Transfer-Encoding"] == "quoted-printable"


def test_a_letter_for_one_more_reader_is_mostly_the_same_objects():
    """Compiled once: the static octets are shared, never copied, between readers."""
    one, other = (
        COMPILED.parts(a_message(1), MOMENT),
        COMPILED.parts(a_message(2, "이바다"), MOMENT),
    )
    shared = {id(part) for part in one} & {id(part) for part in other}
    assert sum(len(part) for part in one if id(part) in shared) > 0.8 * sum(map(len, one))
