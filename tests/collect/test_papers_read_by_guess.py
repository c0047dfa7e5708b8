"""What is said of a single paper that is read by guess, and of a text in which none is found."""

import pytest

from tests.collect.makers import FIRST, SECOND
from tests.collect.posts import codes, only_entry, read_text


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("## 3️⃣ A Made-up Paper 🔥", "A Made-up Paper"),
        ("## #4. A Made-up Paper (⬆️ 52)", "A Made-up Paper"),
        ("## [5] A Made-up Paper — 👍 1,024", "A Made-up Paper"),
        ("## 📄 제목: A Made-up Paper", "A Made-up Paper"),
        ("## A Made-up Paper (arXiv:2601.00101)", "A Made-up Paper"),
        ("## **2. A Made-up Paper**", "A Made-up Paper"),
        ("## [x] A Made-up Paper", "A Made-up Paper"),
        ("## 10 Made-up Papers in One", "10 Made-up Papers in One"),
    ],
)
def test_a_title_has_no_number_emoji_votes_or_id(written, title):
    entry = only_entry(f"# Reading\n\n{written}\n\n- PDF: https://arxiv.org/pdf/{FIRST}\n")
    assert entry.title == title


@pytest.mark.parametrize(
    ("written", "votes"),
    [
        ("- **Upvotes**: 52", 52),
        ("- 추천 수: 7", 7),
        ("👍 1,024", 1024),
        ("⬆️ 9", 9),
        ("Likes: 1.2k", 1200),
    ],
)
def test_votes_are_read_from_labels_and_signs(written, votes):
    entry = only_entry(f"## A Made-up Paper\n\nhttps://arxiv.org/abs/{FIRST}\n\n{written}\n")
    assert (entry.votes, entry.sections) == (votes, ())


def test_an_institution_is_no_section():
    entry = only_entry(
        f"## A Made-up Paper\n\nhttps://arxiv.org/abs/{FIRST}\n\n- **소속**: KAIST\n"
    )
    assert (entry.institution, entry.sections) == ("KAIST", ())


def test_a_list_of_definitions_has_sections():
    post = f"## A Made-up Paper\n\n- https://arxiv.org/abs/{FIRST}\n\n핵심\n: 눈을 감는다.\n\n한계\n: 느리다.\n"
    assert [(part.heading, part.text) for part in only_entry(post).sections] == [
        ("핵심", "눈을 감는다."),
        ("한계", "느리다."),
    ]


def test_another_paper_in_the_text_is_not_taken_for_the_paper():
    post = (
        f"## A Made-up Paper\n\n- arXiv: {FIRST}\n\n### 핵심 기여\n"
        "[An Older Paper](https://arxiv.org/abs/1706.03762)보다 빠르다.\n"
    )
    file = read_text(post)
    (entry,) = file.entries
    assert (entry.title, entry.arxiv_id) == ("A Made-up Paper", FIRST)
    assert "digest.ids_differ" not in codes(file)


def test_a_text_without_papers_says_what_was_looked_for_and_what_came_closest():
    (finding,) = read_text(
        "# Lunch\n\n## Soup\n\n## Tea\n\n- [A review](https://openreview.net/forum?id=a)\n"
    ).findings
    assert (finding.code, finding.line) == ("digest.unknown_format", 7)
    for words in ("3 headings", "1 list item", "arXiv, Hugging Face", "line 7", "OpenReview"):
        assert words in finding.en
    assert "arXiv 링크를 함께 적으면" in finding.ko


def test_papers_that_cannot_be_told_apart_are_counted_and_not_guessed():
    post = f"See https://arxiv.org/abs/{FIRST} and https://arxiv.org/abs/{SECOND}, and enjoy both of them.\n"
    (finding,) = read_text(post).findings
    assert (finding.code, finding.line) == ("digest.unknown_format", 1)
    assert "2 papers" in finding.en


def test_json_without_papers_says_how_many_values_were_looked_at():
    (finding,) = read_text('[{"name": "somebody"}, {"name": "else"}]', "a.json").findings
    assert finding.code == "digest.unknown_format"
    assert "2 records" in finding.en


def test_a_category_is_no_title_and_its_paper_is_not_guessed():
    post = f"## Papers\n\n### cs.CL\n\nhttps://arxiv.org/abs/{FIRST}\n\n### cs.CV\n\nhttps://arxiv.org/abs/{SECOND}\n"
    (finding,) = read_text(post).findings
    assert finding.code == "digest.unknown_format"


def test_the_words_of_a_list_are_no_title_of_the_only_paper_in_it():
    entry = only_entry(f"# Papers\n\nhttps://arxiv.org/abs/{FIRST}\n\nIt sorts.\n")
    assert entry.title == f"arXiv {FIRST}"
