from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.bibtex import Citation, bibtex, cite_key, year_of


def a_citation(title="A Paper on Rewards", authors=("Minji Kim",), arxiv_id="2601.05242"):
    return Citation(title, authors, 2026, arxiv_id, "cs.LG", "https://arxiv.org/abs/2601.05242")


def test_an_entry_reads_as_bibtex_users_expect():
    assert bibtex(a_citation()) == (
        "@misc{kim2026paper,\n"
        "  title         = {{A Paper on Rewards}},\n"
        "  author        = {Minji Kim},\n"
        "  year          = {2026},\n"
        "  eprint        = {2601.05242},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.LG},\n"
        "  url           = {https://arxiv.org/abs/2601.05242}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("title", "authors", "key"),
    [
        ("The GDPO Way", ("Jürgen Schmidhuber",), "schmidhuber2026gdpo"),
        ("한국어 제목", ("김민지",), "arxiv2601.05242"),
        ("한국어 제목", (), "arxiv2601.05242"),
        ("Attention", (), "2026attention"),
    ],
)
def test_a_key_names_author_year_and_word_in_plain_letters(title, authors, key):
    assert cite_key(a_citation(title, authors)) == key


def test_signs_that_mean_something_to_tex_are_escaped():
    told = bibtex(a_citation(r"50% of R&D costs $5_000 #1 \input{x}"))
    assert r"50\% of R\&D costs \$5\_000 \#1 \textbackslash{}input(x)" in told


def test_a_name_stays_one_name():
    told = bibtex(a_citation(authors=("Team, The", "Barnes and Noble")))
    assert "{{Team, The} and {Barnes and Noble}}" in told


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_no_text_breaks_out_of_its_braces(title, authors):
    told = bibtex(a_citation(title, tuple(authors)))
    depth = 0
    for letter in told.rstrip():
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0
    assert told.count("\n@") == 0


@pytest.mark.parametrize(
    ("arxiv_id", "year"), [("2601.05242", 2026), ("cs/9901001", 1999), ("hep-th/0501001", 2005), ("", 2024)]
)  # fmt: skip
def test_the_year_is_the_one_in_the_id(arxiv_id, year):
    assert year_of(arxiv_id, date(2024, 5, 1)) == year
