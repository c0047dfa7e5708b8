"""Each variation of whole posts that was seen in the wild: dates, issues, encodings, wrappings."""

from datetime import UTC, date, datetime

import pytest

from newsletter.collect.digests.read import read
from tests.collect.posts import (
    ATTENTION,
    FORMATS,
    LORA,
    PAPERS,
    Told,
    codes,
    hf_ranking,
    imrlc,
    only_entry,
    pytorchkr,
    read_text,
    top5,
    wtp,
)


def sections(entry):
    return [(part.heading, part.lang) for part in entry.sections]


# 15 and 16 front matter and dates
@pytest.mark.parametrize(
    "title", ['Daily Papers — 2025-10-13"', "'Daily Papers — 2025-10-13'", "Arxiv - 2025-10-13"]
)
def test_front_matter_may_be_unbalanced(title):
    (digest,) = read_text(imrlc(title=title)).digests
    assert digest.listed_on == date(2025, 10, 13)
    assert digest.title == title.strip("\"'")


def test_a_date_without_a_zone_is_korean_time():
    (digest,) = read_text(imrlc()).digests
    assert digest.observed_at == datetime(2025, 10, 12, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("categories", ["['Daily Papers', '일간']", "\n  - Daily Papers\n  - 일간"])
def test_front_matter_lists_come_in_both_styles(categories):
    front = (
        f"title: Hugging Face Daily Papers - 2026-03-16\ndate: 2026-03-16\ncategories: {categories}"
    )
    assert len(list(read_text(hf_ranking(front=front)).entries)) == 3


def test_the_title_tells_the_day_of_the_list_and_the_post_may_be_later():
    front = "title: Hugging Face Daily Papers - 2026-01-09\ndate: 2026-01-10 09:15:00 +0900"
    file = read_text(hf_ranking(front=front))
    assert file.digests[0].listed_on == date(2026, 1, 9)
    assert codes(file) == {"digest.dates_differ"}


def test_a_number_in_the_name_tells_when_the_votes_were_counted():
    file = read_text(hf_ranking(), "2026-01-09-daily-papers-1767950155.md")
    assert file.digests[0].observed_at == datetime(2026, 1, 9, 9, 15, 55, tzinfo=UTC)


# 17 and 18 how many
def test_a_post_without_papers_is_a_digest_and_reported():
    file = read_text(imrlc([]))
    assert [digest.entries for digest in file.digests] == [()]
    assert codes(file) == {"digest.no_papers"}


def test_a_count_that_is_not_true_is_reported():
    assert codes(read_text(hf_ranking().replace("**3개**", "**10개**"))) == {"digest.count_differs"}


def test_sixty_eight_papers_are_sixty_eight():
    many = [Told(f"Paper {number}", f"2503.{number:05}") for number in range(68)]
    assert len(list(read_text(wtp(many)).entries)) == 68


# 19, 20 and 21 issues in one file, repeats, a README around it
def test_two_issues_in_one_file_are_two_digests():
    file = read_text(wtp(PAPERS[:2], day="2024-10-18") + "\n" + wtp(PAPERS[2:], day="2024-10-21"))
    assert [(digest.listed_on.day, len(digest.entries)) for digest in file.digests] == [
        (18, 2),
        (21, 1),
    ]


def test_the_same_paper_twice_in_one_digest_is_reported():
    file = read_text(wtp([ATTENTION, LORA, ATTENTION]))
    third = list(file.entries)[2]
    assert [(f.code, f.line) for f in file.findings] == [("digest.repeated_paper", third.line)]


def test_a_readme_around_an_issue_is_no_part_of_it():
    readme = (
        "# Daily Papers\n\n## Project Description\n\nThis project reads papers.\n\n"
        + wtp()
        + "\n## License\n\nCC BY-NC 4.0\n\n## Citation\n\n```bibtex\n@misc{x, title = {X}}\n```\n"
    )
    file = read_text(readme)
    assert len(file.digests[0].entries) == 3
    assert "CC BY" not in file.digests[0].entries[2].raw
    assert codes(file) == {"digest.text_aside"}


# 22 the month among dailies
def test_a_summary_of_a_month_covers_the_month():
    front = (
        "title: Hugging Face Papers Monthly Summary - 2025년 11월\ndate: 2025-11-01 09:00:00 +0900"
    )
    post = hf_ranking(front=front).replace(
        "# Hugging Face Daily Papers - 2026-01-09",
        "# Hugging Face Papers 월간 요약 - 2025년 11월\n\n## 📊 통계\n\n- **총 좋아요 수**: 2,037",
    )
    file = read_text(post)
    (digest,) = file.digests
    assert (digest.period_start, digest.listed_on) == (date(2025, 11, 1), date(2025, 11, 30))
    assert [(part.heading, part.text) for part in digest.intro] == [
        ("📊 통계", "- **총 좋아요 수**: 2,037")
    ]
    assert codes(file) == {"digest.month_summary"}


# 23 a fence around the answer
@pytest.mark.parametrize("name", FORMATS)
def test_a_code_fence_around_the_whole_changes_nothing(name):
    file = read_text(f"```markdown\n{FORMATS[name]()}\n```\n")
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]


# 24 a title that is only the id
def test_a_title_that_is_only_the_id_is_kept():
    assert only_entry(wtp([Told("2505.21136", "2505.21136")])).title == "2505.21136"


def test_a_paper_without_a_title_goes_by_its_id_and_is_reported():
    file = read_text(wtp([Told("", "2505.21136")]))
    assert [entry.title for entry in file.entries] == ["arXiv 2505.21136"]
    assert codes(file) == {"digest.no_title"}


# 25 what is no digest
@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "digest.empty_file"),
        (b" \n\t\n", "digest.empty_file"),
        (b"1", "digest.no_list"),
        (b"[]", "digest.empty_list"),
        (b'{"error":"Sorry, we can\'t find the page"}', "digest.error_instead"),
        (
            b"<!DOCTYPE html><html><title>404</title><p>Not found</p></html>",
            "digest.unknown_format",
        ),
        ("오늘은 날씨가 좋습니다.".encode(), "digest.unknown_format"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "digest.not_text"),
        (b"a" * 10_000_001, "digest.too_large"),
    ],
)
def test_what_is_no_digest_says_why(raw, code):
    file = read(raw, "somewhere.md")
    assert (file.digests, file.format) == ((), None)
    assert [(finding.code, finding.place) for finding in file.findings] == [(code, "somewhere.md")]


# 28 the week, spelled in several ways
@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("[2025/03/17 ~ 03/23]", date(2025, 3, 17), date(2025, 3, 23)),
        ("[2024/12/30 ~ 2025/01/05]", date(2024, 12, 30), date(2025, 1, 5)),
        ("[2024/12/30 ~ 01/05]", date(2024, 12, 30), date(2025, 1, 5)),
        ("[2026/06/08 ~ 14]", date(2026, 6, 8), date(2026, 6, 14)),
        ("[2026/06/29 ~ 05]", date(2026, 6, 29), date(2026, 7, 5)),
        ("[2026.06.08 – 06.14]", date(2026, 6, 8), date(2026, 6, 14)),
    ],
)
def test_a_week_is_read_in_every_spelling(written, start, end):
    (digest,) = read_text(pytorchkr().replace("[2025/03/17 ~ 03/23]", written)).digests
    assert (digest.period_start, digest.listed_on) == (start, end)


def test_the_name_of_the_series_may_change():
    old = "이번 주의 주요 ML 논문 (Top ML Papers of the Week)"
    (digest,) = read_text(pytorchkr().replace(old, "이번 주에 살펴볼 만한 AI/ML 논문 모음")).digests
    assert digest.title == "[2025/03/17 ~ 03/23] 이번 주에 살펴볼 만한 AI/ML 논문 모음"
    assert len(digest.entries) == 3


@pytest.mark.parametrize(
    ("heading", "korean", "english"),
    [
        ("주의(Attention): 전부다 / Attention: All", "주의(Attention): 전부다", "Attention: All"),
        ("읽기/쓰기 기억 / Memory: Read / Write", "읽기/쓰기 기억", "Memory: Read / Write"),
        ("기억 (Read / Write) / Memory", "기억 (Read / Write)", "Memory"),
        ("RAG / GraphRAG 비교 / RAG vs GraphRAG", "RAG / GraphRAG 비교", "RAG vs GraphRAG"),
    ],
)
def test_a_heading_in_two_languages_is_parted_at_the_right_slash(heading, korean, english):
    entry = only_entry(
        pytorchkr([ATTENTION]).replace(f"우리말 제목 1 / {ATTENTION.title}", heading)
    )
    assert (entry.title_ko, entry.title) == (korean, english)


# 29 the footer
def test_footer_and_disclaimer_are_no_text_of_a_paper_but_credit_is_kept():
    (digest,) = read_text(pytorchkr()).digests
    told = " ".join(part.text for entry in digest.entries for part in entry.sections)
    assert "좋아요" not in told
    assert "GPT 모델" not in told
    assert digest.credit == "파이토치 한국 사용자 모임"
    assert [part.text for part in digest.intro] == ["- 이번 주에는 강화 학습이 눈에 띕니다."]


# 30 split and glued links
def test_a_link_split_by_a_blank_is_joined():
    entry = only_entry(pytorchkr([ATTENTION]))
    assert [link.url for link in entry.links] == [
        "https://arxiv.org/abs/1706.03762",
        "https://github.com/a/1",
    ]


def test_a_particle_is_parted_from_the_link_it_is_glued_to():
    told = Told("A", "1706.03762", text="코드는 https://example.org/geb-1.3b에서 볼 수 있습니다.")
    text = only_entry(wtp([told])).sections[0].text
    assert text == "코드는 https://example.org/geb-1.3b 에서 볼 수 있습니다."


def test_a_post_may_lack_its_last_newline_or_end_its_lines_like_windows():
    for text in (top5().rstrip(), top5().replace("\n", "\r\n")):
        file = read_text(text)
        assert [entry.votes for entry in file.entries] == [117, 32, 8]
        assert "\r" not in file.text
