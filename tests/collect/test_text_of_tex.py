"""What authors wrote for TeX, as a reader sees it: titles, abstracts, names."""

import json
from datetime import UTC, datetime
from html import escape

import pytest

from newsletter.collect import repair
from newsletter.collect.digests.digest import DigestEntry
from newsletter.collect.digests.read import read
from newsletter.collect.sources import arxiv, huggingface
from newsletter.papers.identity import title_key
from newsletter.web.bibtex import Citation, bibtex
from newsletter.web.searching import fold, terms
from tests.collect import posts
from tests.collect.answers import Answers

NOW = datetime(2026, 1, 10, tzinfo=UTC)
DAY = "https://huggingface.co/api/daily_papers?date=2026-01-09"
# As it came, what a reader sees, what search also finds.
TITLES = [
    (r"Diffusion Schr\"odinger Bridge", "Diffusion Schrödinger Bridge", ("schrodinger", "schrödinger")),
    (r"Poincar\'e Embeddings", "Poincaré Embeddings", ("poincare",)),
    (r"Erd\H{o}s Problems", "Erdős Problems", ("erdos",)),
    ("PanGu-$π$", "PanGu-π", ("pangu",)),
    ("$λ$-Mixing", "λ-Mixing", ("mixing",)),
    (r"$x_{t+1}$ from $x_t$", "xₜ₊₁ from xₜ", ()),
    (r"$\|x\|_2$ Norms", "‖x‖₂ Norms", ()),
    (r"$\sqrt[3]{x}$ Roots", "∛x Roots", ()),
    ("Learning~(PRFL)", "Learning (PRFL)", ("prfl",)),
    ("``quoted'' words", "“quoted” words", ("quoted",)),
    (r"{\sc Name} and {\it more}", "Name and more", ("name",)),
    (r"$\mathcal{O}(n^2)$ Time", "O(n²) Time", ()),
    (r"{BERT} at 5\% with {\tau}", "BERT at 5% with τ", ("bert",)),
    (r"Na\"{\i}ve S{\o}ren and \L{}ukasz", "Naïve Søren and Łukasz", ("naive",)),
    (r"\underline{Deep} Sets~\cite{sets,more}", "Deep Sets", ("deep",)),
    (r"$\frac{a+b}{c}$, $x_{i,j}$ and $\mathbb{R}^{d \times k}$", "(a+b)/c, x_(i,j) and ℝ^(d × k)", ()),
    (r"$\theta_{t+1}$, $\sum_{i=1}^{n} x_i$ and $W^\top$", "θₜ₊₁, ∑ᵢ₌₁ⁿ xᵢ and Wᵀ", ()),
]  # fmt: skip


def from_arxiv(
    title: str, abstract: str = "Made up.", authors: tuple[str, ...] = ()
) -> DigestEntry:
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2601.00001v1</id>'
        f"<title>{escape(title)}</title><summary>{escape(abstract)}</summary>{people}</entry></feed>"
    )
    (file,) = arxiv.collect("cat:cs.CL", Answers({"*": feed.encode()}), NOW).files
    return next(iter(file.entries))


def from_hugging_face(
    title: str, abstract: str = "Made up.", authors: tuple[str, ...] = ()
) -> DigestEntry:
    (file,) = huggingface.collect(DAY, Answers({"*": listed(title, abstract, authors)}), NOW).files
    return next(iter(file.entries))


def from_a_file(
    title: str, abstract: str = "Made up.", authors: tuple[str, ...] = ()
) -> DigestEntry:
    return next(iter(read(listed(title, abstract, authors), "2026-01-09.json").entries))


def listed(title: str, abstract: str, authors: tuple[str, ...]) -> bytes:
    paper = {"id": "2601.00001", "title": title, "summary": abstract, "upvotes": 1}
    return json.dumps([{"paper": paper | {"authors": [{"name": one} for one in authors]}}]).encode()


DOORS = pytest.mark.parametrize("door", [from_arxiv, from_hugging_face, from_a_file])


@DOORS
@pytest.mark.parametrize(("written", "shown", "found"), TITLES)
def test_a_title_reads_the_same_through_every_door_and_is_found(door, written, shown, found):
    title = door(written).title
    assert title == shown
    for word in found:
        assert all(term in fold(title) for term in terms(word))


@pytest.mark.parametrize(("written", "shown", "_"), TITLES)
def test_a_title_as_it_came_and_as_it_is_shown_is_one_paper(written, shown, _):
    assert title_key(written) == title_key(shown)


def test_a_title_of_a_digest_is_read_too():
    post = posts.top5().replace("Attention Is All You Need", r"Poincar\'e Embeddings of {x}")
    titles = [entry.title for entry in read(post.encode(), "2026-01-09.md").entries]
    assert "Poincaré Embeddings of {x}" in titles


@DOORS
@pytest.mark.parametrize(
    "written",
    [
        r"$\ours$ beats $\bench + 1$",
        r"\ours beats all",
        r"$\sqrt[7]{x}$",
        r"sets \{1, 2\} of $5 and $10",
    ],
)
def test_what_cannot_be_said_stays_whole(door, written):
    assert door(written).title == written


def test_a_command_of_the_authors_own_loses_but_its_braces():
    assert from_arxiv(r"We call it \bench{}.").title == r"We call it \bench."


@DOORS
@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It works. Code: this https URL", "It works."),
        ("It works. Our code and data are available at this https URL .", "It works."),
        ("It works. Project page: this https URL. It scales.", "It works. It scales."),
        (
            "We introduce a benchmark of ten tasks and release it at this https URL.",
            "We introduce a benchmark of ten tasks and release it.",
        ),
        ("It gets 90% (code: this https URL).", "It gets 90%."),
        (r"The demo is on \href{ this https URL }{GitHub}.", "The demo is on GitHub."),
        (r"See \href{https://a.example/x}{our page}.", "See our page (https://a.example/x)."),
        (r"It is \url{https://a.example/x}.", "It is https://a.example/x."),
        (r"It works\footnote{Mostly.} well~\citep[see][]{x}.", "It works (Mostly.) well."),
        (r"It works\footnote{ Code: this https URL } well.", "It works well."),
        # A name that arXiv took for an address: without it, the sentence would say something else.
        ("Our method, this http URL, reads tables.", "Our method, this http URL, reads tables."),
    ],
)
def test_an_abstract_holds_no_address_that_nobody_gives(door, written, shown):
    assert door("A", written).sections[-1].text == shown


@DOORS
def test_names_are_read_and_one_that_is_repeated_in_a_row_is_one_author(door):
    names = (r"Erwin Schr\"odinger", "Minji Kim", "Minji Kim", r"S{\o}ren Aa", "Minji Kim")
    assert door("A", authors=names).authors == (
        "Erwin Schrödinger", "Minji Kim", "Søren Aa", "Minji Kim",
    )  # fmt: skip


def test_a_citation_has_the_letters_of_the_names():
    entry = from_arxiv(r"Poincar\'e Embeddings", authors=(r"Paul Erd\H{o}s",))
    told = bibtex(Citation(entry.title, entry.authors, 2026))
    assert "{erdos2026poincare," in told
    assert "Paul Erdős" in told


@pytest.mark.parametrize("reference", ["&#8203;", "&zwnj;", "&#x200B;", "&shy;", "&#65279;"])
def test_letters_that_nobody_sees_are_taken_out_where_a_reference_hides_them(reference):
    post = posts.top5().replace("Attention Is", f"Atten{reference}tion Is")
    titles = [entry.title for entry in read(post.encode(), "2026-01-09.md").entries]
    assert "Attention Is All You Need" in titles


@pytest.mark.parametrize(
    "text",
    [
        r"it said \"odd\" and \"all\"",
        "월~금, 3~5개",
        "A ~ B",
        "{key: 1}",
        r"C:\Users\'x",
        "``code`` and `x`",
    ],
)
def test_what_is_no_certain_tex_stays_in_a_digest(text):
    assert repair.line(text) == text
