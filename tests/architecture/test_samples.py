"""The sample digests: ours, whole, and rich enough that merging can be seen."""

import tomllib
from collections import Counter

import pytest

from newsletter.collect.digests.digest import Format
from newsletter.collect.digests.read import read
from newsletter.collect.folder import Publication
from tests.architecture.house import PACKAGE

SAMPLES = PACKAGE / "samples"
POSTS = sorted(path for path in SAMPLES.glob("*/*") if path.suffix in {".md", ".txt"})
PAPERS = {
    "top5": [5, 5],
    "hf-ranking": [10, 10],
    "wtp": [6],
    "imrlc": [5],
    "pytorchkr-weekly": [10],
}


def entries():
    return [entry for post in POSTS for entry in read(post.read_bytes(), post.name).entries]


@pytest.mark.parametrize("name", [name.value for name in Format])
def test_each_format_is_read_whole_from_its_own_folder(name):
    files = [read(post.read_bytes(), post.name) for post in POSTS if post.parent.name == name]
    assert [file.format for file in files] == [name] * len(files)
    assert [len(list(file.entries)) for file in files] == PAPERS[name]


def test_every_sample_paper_has_an_id_a_text_and_a_link():
    bare = [
        entry.title
        for entry in entries()
        if not (entry.arxiv_id and entry.sections and entry.links)
    ]
    assert bare == []


def test_the_same_paper_is_introduced_by_every_source():
    sources = Counter(
        entry.arxiv_id
        for folder in PAPERS
        for entry in {
            entry.arxiv_id: entry
            for post in POSTS
            if post.parent.name == folder
            for entry in read(post.read_bytes(), post.name).entries
        }.values()
    )
    assert max(sources.values()) == len(Format)
    assert sum(number > 1 for number in sources.values()) >= 10


def test_every_sample_states_its_source_and_a_licence_that_lets_it_be_mailed():
    for folder in PAPERS:
        source = Publication(**tomllib.loads((SAMPLES / folder / "source.toml").read_text()))
        assert source.licence == "CC0-1.0"
        assert source.may_be_mailed
        assert source.name
        assert source.credit


def test_samples_speak_korean_and_english_apart():
    for entry in entries():
        for section in entry.sections:
            hangul = sum("가" <= letter <= "힣" for letter in section.text)
            assert (hangul > len(section.text) / 4) == (section.lang == "ko"), section.text
