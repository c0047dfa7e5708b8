"""Bytes in other encodings, and text that was read in the wrong one before it reached us."""

import pytest

from newsletter.collect.digests.read import read
from tests.collect.posts import FORMATS, PAPERS, codes, hf_ranking, read_text, top5, wtp

# Windows-1254 has no letter for these bytes; programs drop them.
DROPPED_BY_1254 = b"\x81\x8d\x8e\x8f\x90\x9d\x9e"


def misread(text: str, code_page: str) -> str:
    return text.encode().translate(None, DROPPED_BY_1254).decode(code_page)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("post", [wtp, hf_ranking])
def test_other_encodings_are_read(encoding, post):
    raw = post().encode(encoding, "ignore")  # CP949 has no emoji
    file = read(raw, "post.md")
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    assert codes(file) == ({"digest.encoding"} if encoding != "utf-8-sig" else set())
    assert file.text == raw.decode(encoding)


@pytest.mark.parametrize("name", FORMATS)
def test_utf8_read_as_latin1_is_undone(name):
    text = FORMATS[name]()
    file = read_text(text.encode().decode("latin-1"))
    assert file.text == read_text(text).text
    assert codes(file) == {"digest.repaired_encoding"}
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]


def test_labels_are_restored_where_bytes_were_dropped():
    file = read_text(misread(hf_ranking(), "cp1254"))
    assert file.text == hf_ranking().rstrip("\n") + "\n"
    assert codes(file) == {"digest.repaired_encoding"}


def test_letters_that_cannot_be_restored_are_left_out_and_reported_with_their_line():
    file = read_text(misread(top5(), "cp1254"))
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    lost = [finding.line for finding in file.findings if finding.code == "digest.damaged_text"]
    assert lost
    assert all(line for line in lost)
    assert "\ufffd" not in file.text


def test_one_field_read_as_latin1_is_mended_in_an_otherwise_clean_post():
    file = read_text(wtp().replace("Ada Kim", "Jan WÃ¼bben"))
    assert [entry.authors[0] for entry in file.entries] == ["Jan Wübben"] * 3


def test_a_file_cut_in_the_middle_of_a_letter_is_read_and_reported():
    raw = wtp().encode()[:-3]
    file = read(raw.rstrip(b".\n") + b"\xeb\x8b", "post.md")
    assert len(list(file.entries)) == 3
    assert codes(file) == {"digest.damaged_text"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("noise", ["\ufffd", "\u200b", "\ufeff", "\x07", "\u202e"])
def test_no_reader_ever_sees_an_invisible_or_broken_character(name, noise):
    file = read_text(FORMATS[name]().replace("a", f"a{noise}"))
    assert noise not in file.text
    for entry in file.entries:
        assert noise not in " ".join((entry.title, *(part.text for part in entry.sections)))
