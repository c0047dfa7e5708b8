"""Digests of makers whom nobody has shown us: read by guess, and said to be."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.collect.digests.digest import Format, Listing
from newsletter.collect.digests.read import read
from newsletter.collect.sources import feed
from tests.collect import makers, posts
from tests.collect.answers import Answers
from tests.collect.makers import FIRST, SECOND
from tests.collect.posts import codes, only_entry, read_text

MAKERS = Path(__file__).parents[1] / "samples" / "makers"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
TWO = ["A Made-up Paper About Sorting", "Counting Without Numbers"]


def sample(name):
    return read((MAKERS / name).read_bytes(), name)


def items(name):
    url = "https://example.org/feed.xml"
    return feed.collect(url, Answers({url: (MAKERS / name).read_bytes()}), NOW)


def told(file):
    return [(entry.title, entry.arxiv_id) for entry in file.entries]


def headings(entry):
    return [(part.heading, part.lang) for part in entry.sections]


def reported(file, code):
    return [finding.line for finding in file.findings if finding.code == f"digest.{code}"]


def test_a_heading_with_the_link_of_one_paper_is_a_paper():
    file = sample("generic-heading-link.md")
    assert file.format == Listing.GENERIC
    assert told(file) == [
        ("A Made-up Paper About Routing", "2601.11111"),
        ("Another Invented Paper on Caching", "2601.33333"),
    ]
    first, second = file.entries
    assert (first.authors, second.authors) == (("Kim A", "Lee B"), ())
    assert [(part.heading, part.text) for part in first.sections] == [
        ("Abstract", "We route things. It is faster than not routing them.")
    ]


def test_news_without_a_paper_is_left_out_and_its_line_is_told():
    file = sample("generic-heading-link.md")
    assert reported(file, "left_out") == [18]
    assert not any("product" in part.text for entry in file.entries for part in entry.sections)


def test_labels_in_bold_are_the_sections_of_a_paper():
    file = sample("generic-korean-labels.md")
    assert file.format == Listing.GENERIC
    assert [entry.arxiv_id for entry in file.entries] == ["2607.11111", "2607.22222"]
    for entry in file.entries:
        assert headings(entry) == [("한 줄 요약", "ko"), ("핵심 기여", "ko")]


def test_an_introduction_belongs_to_its_day():
    (digest,) = sample("generic-korean-labels.md").digests
    assert (digest.listed_on, digest.period_start) == (date(2026, 7, 24), None)
    assert [part.text for part in digest.intro] == ["오늘은 지어낸 흐름 두 가지를 적어 둔다."]


def test_chinese_is_told_from_english_and_korean():
    file = sample("generic-chinese.md")
    assert told(file) == [("A Made-up Paper About Planning", "2606.11111")]
    (entry,) = file.entries
    assert headings(entry) == [("摘要", "zh")]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("これは自分で書いた日本語の文章です。", "ja"),
        ("모델 論文을 읽는다.", "ko"),
        ("A text by 张三 of some university.", "en"),
    ],
)
def test_a_section_is_in_the_language_of_its_letters(text, lang):
    post = f"## A Made-up Paper\n- https://arxiv.org/abs/{FIRST}\n\n**TL;DR**: {text}\n"
    assert headings(only_entry(post)) == [("TL;DR", lang)]


def test_an_item_of_a_feed_that_leads_to_a_paper_is_that_paper():
    reading = items("feed-upvotes.xml")
    (file,) = reading.files
    (entry,) = file.entries
    assert told(file) == [("A Made-up Paper About Routing", "2601.11111")]
    assert (entry.votes, entry.authors) == (52, ("Kim A", "Lee B"))
    assert [(part.heading, part.text) for part in entry.sections] == [
        ("Summary", "We route things.")
    ]
    assert file.digests[0].listed_on == date(2026, 1, 30)


def test_words_of_sections_are_no_titles_of_papers():
    (file,) = items("feed-headings-in-item.xml").files
    (entry,) = file.entries
    assert told(file) == [("A Made-up Paper About Routing", "2601.22222")]
    assert entry.authors == ("Kim A", "Lee B")
    assert headings(entry) == [("AI summary", "en"), ("Abstract", "en")]


@pytest.mark.parametrize(
    "shape",
    [
        "NUMBERED_WITH_BULLETS", "NUMBERS_IN_BRACKETS", "HIGHEST_HEADINGS", "CARDS", "NUMBERED_ITEMS", "TITLE_LABELS",
        "BRACKETS_BEFORE_ADDRESSES", "TABLE", "EMOJI", "CHINESE_TABLE", "ARTICLES",
    ],
)  # fmt: skip
def test_shapes_in_use_are_read_with_titles_authors_and_texts(shape):
    file = read_text(getattr(makers, shape))
    assert file.format == Listing.GENERIC
    assert told(file) == list(zip(TWO, [FIRST, SECOND], strict=True))
    assert [entry.authors for entry in file.entries] == [("Kim A", "Lee B"), ("Park C",)]
    assert all(entry.sections for entry in file.entries) or shape == "TABLE"


def test_a_section_in_chinese_stands_beside_the_english_ones():
    first, _ = read_text(makers.NUMBERS_IN_BRACKETS).entries
    assert headings(first) == [("TL;DR", "en"), ("Motivation", "en"), ("摘要翻译", "zh")]


def test_a_cell_may_hold_the_title_and_what_is_said_of_it():
    file = read_text(makers.TABLE_WITH_TEXT)
    assert told(file) == [(TWO[0], FIRST), ("Counting", SECOND)]
    first, _ = file.entries
    assert [part.text for part in first.sections] == ["sorts, and never looks at anything."]


def test_an_item_without_a_paper_is_news():
    file = read_text(makers.LINKED_ITEMS)
    assert told(file) == list(zip(TWO, [FIRST, SECOND], strict=True))
    assert reported(file, "left_out") == [9]
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2026, 1, 26), date(2026, 2, 1))


def test_a_post_of_one_paper_is_that_paper():
    file = read_text(makers.ONE_PAPER)
    assert told(file) == [(TWO[0], FIRST)]
    (entry,) = file.entries
    assert headings(entry) == [
        ("한줄 요약", "ko"),
        ("알아둘 용어", "ko"),
        ("One-line summary", "en"),
    ]
    assert not reported(file, "left_out")


def test_labels_side_by_side_are_facts_and_a_doi_tells_the_paper():
    file = read_text(makers.REVIEW)
    (entry,) = file.entries
    assert told(file) == [(TWO[0], FIRST)]
    assert entry.authors == ("Kim A", "Lee B")
    assert headings(entry) == [("Essence", "ko"), ("Motivation", "ko")]


def test_a_sign_of_a_named_format_does_not_claim_what_its_reader_finds_no_titles_in():
    first, second = read_text(makers.EMOJI).entries
    assert (first.votes, first.institution, second.votes) == (52, "KAIST", 12)
    assert [link.url for link in first.links][1:] == [
        f"https://arxiv.org/abs/{FIRST}",
        "https://github.com/a/b",
    ]


def test_the_table_of_a_page_is_read_row_by_row():
    assert told(read_text(makers.TABLE_OF_A_PAGE)) == list(zip(TWO, [FIRST, SECOND], strict=True))


def test_a_blog_that_compares_its_paper_with_another_one_is_of_its_own():
    file = read_text(makers.BLOG_ABOUT_ONE)
    assert told(file) == [(TWO[0], FIRST)]
    (entry,) = file.entries
    assert headings(entry) == [("Introduction", "ko"), ("Method", "ko")]


def test_a_title_in_two_languages_is_two_titles():
    assert [
        (entry.title, entry.title_ko) for entry in read_text(makers.IN_TWO_LANGUAGES).entries
    ] == [(TWO[0], "지어낸 정렬 논문"), (TWO[1], "숫자 없이 세기")]


def test_a_json_feed_is_read_and_its_news_left_out():
    file = read_text(makers.JSON_FEED, "feed.json")
    assert told(file) == [(TWO[0], FIRST)]
    (entry,) = file.entries
    assert entry.authors == ("Kim A", "Lee B")
    assert [part.text for part in entry.sections] == ["We sort things, and never look at them."]
    assert reported(file, "left_out") == [4]


def test_records_of_anybody_are_read_by_the_names_of_their_fields():
    (entry,) = read_text(makers.RECORDS, "day.json").entries
    assert (entry.title, entry.title_ko, entry.votes) == (TWO[0], "지어낸 정렬 논문", 7)
    assert headings(entry) == [("Abstract", "en"), ("Tldr zh", "zh")]


def test_what_is_read_by_guess_is_said_to_be():
    file = read_text(makers.NUMBERED_ITEMS)
    (finding,) = [one for one in file.findings if one.code == "digest.unsure"]
    assert "2" in finding.ko
    assert "2 papers" in finding.en


def test_a_named_format_that_finds_nothing_lets_the_next_reader_try():
    post = f"# Papers\n\n- **A Made-up Paper** [arXiv](https://arxiv.org/abs/{FIRST})\n\n## 더 읽어보기\n\n없음\n"
    file = read_text(post)
    assert (file.format, told(file)) == (Listing.GENERIC, [("A Made-up Paper", FIRST)])


def test_an_empty_day_of_a_named_format_stays_a_day_of_it():
    file = read_text(posts.imrlc([]))
    assert (file.format, codes(file)) == (Format.IMRLC, {"digest.no_papers"})


@pytest.mark.parametrize("name", posts.FORMATS)
def test_a_named_format_is_never_read_by_guess(name):
    file = read_text(posts.FORMATS[name]())
    assert file.format == name
    assert "digest.unsure" not in codes(file)


def test_hundreds_of_news_are_counted_and_not_told_one_by_one():
    news = "".join(f"- A shop opened in street {number}.\n" for number in range(500))
    file = read_text(f"# Papers\n\n- [A Made-up Paper](https://arxiv.org/abs/{FIRST})\n{news}")
    found = [one for one in file.findings if one.code == "digest.left_out"]
    assert len(found) == 31
    assert "470" in found[-1].en
