"""Posts whose lines stand otherwise than usual: what is a paper, and what is text of one."""

import time

import pytest

from tests.collect.posts import (
    ATTENTION,
    FORMATS,
    LORA,
    PAPERS,
    codes,
    hf_ranking,
    imrlc,
    only_entry,
    read_text,
    top5,
    wtp,
)

TWO = [ATTENTION, LORA]


def ids(file):
    return [entry.arxiv_id for entry in file.entries]


def headings(entry):
    return [part.heading for part in entry.sections]


def address(post):
    site = "huggingface.co/papers" if post is top5 else "arxiv.org/abs"
    return f"https://{site}/{ATTENTION.id}"


def headed_by(post, heading):
    """Return a post whose first paper has another heading."""
    usual = f"[{ATTENTION.title}]({address(post)})"
    return post(TWO).replace(usual, heading.format(title=ATTENTION.title, url=address(post)), 1)


# Headings of papers
@pytest.mark.parametrize("post", [top5, wtp, imrlc])
@pytest.mark.parametrize(
    "heading",
    [
        "[{title}]({url}) 🔥",
        "[{title}]({url}) - 👍 117",
        "[{title}]({url}) [PDF](https://arxiv.org/pdf/1706.03762)",
        "**[{title}]({url})**",
        "{title} [arXiv]({url})",
        "{title} ({url})",
        "{title} - <{url}>",
        "[{title}](<{url}>)",
    ],
)
def test_a_heading_may_hold_more_than_the_link_of_its_paper(post, heading):
    file = read_text(headed_by(post, heading))
    first, second = file.entries
    assert (first.title, first.arxiv_id) == (ATTENTION.title, ATTENTION.id)
    assert (second.title, second.arxiv_id) == (LORA.title, LORA.id)
    assert "" not in headings(first)
    assert not codes(file)


def test_votes_behind_the_link_of_a_heading_are_votes():
    entry = next(iter(read_text(headed_by(imrlc, "[{title}]({url}) - 👍 1,117")).entries))
    assert entry.votes == 1117


def test_words_behind_the_link_of_a_heading_are_kept():
    entry = next(iter(read_text(headed_by(wtp, "[{title}]({url}) (학회 발표)")).entries))
    assert entry.title == ATTENTION.title
    assert (entry.sections[0].heading, entry.sections[0].text) == ("", "(학회 발표)")


def test_a_heading_that_only_leads_to_a_paper_names_none():
    post = top5(TWO).replace("### 🔑", f"### 🔗 논문 링크: {address(top5)}\n\n### 🔑", 1)
    assert ids(read_text(post)) == [ATTENTION.id, LORA.id]


def test_a_sharp_at_the_end_of_a_title_belongs_to_it():
    assert only_entry("# Daily Papers (2025-01-28)\n\n### Learning C#\n\nVote: 3\n").title == (
        "Learning C#"
    )


# Headings that are none
@pytest.mark.parametrize("mark", ["#", "##", "###"])
def test_a_line_in_a_value_that_looks_like_a_heading_is_text_of_it(mark):
    post = wtp(TWO).replace(ATTENTION.text, f"{ATTENTION.text}\n{mark} 값을 더합니다\n끝입니다.", 1)
    file = read_text(post)
    first, second = file.entries
    assert headings(first) == headings(second)
    assert first.sections[0].text == f"{ATTENTION.text}\n**값을 더합니다**\n끝입니다."
    assert not codes(file)


def test_such_a_line_in_the_last_paper_does_not_end_the_issue_but_a_licence_does():
    post = wtp().replace("3점", "\n# 값을 더합니다\n3점").replace("기존 방법보다", "기존보다")
    file = read_text(post + "\n## License\n\nCC BY-NC 4.0\n")
    assert [len(entry.sections) for entry in file.entries] == [3, 3, 3]
    assert codes(file) == {"digest.text_aside"}


def test_labels_may_be_headings():
    post = wtp(TWO).replace("- ***What's New***:", "#### What's New\n")
    for entry in read_text(post).entries:
        assert headings(entry) == ["What's New", "Technical Details", "Performance Highlights"]


@pytest.mark.parametrize("dress", ["1. **{}**:", "  - ***{}***:", "   * __{}__:"])
def test_a_known_label_may_be_numbered_or_indented(dress):
    post = wtp([ATTENTION]).replace("- ***What's New***:", dress.format("What's New"))
    assert headings(only_entry(post))[0] == "What's New"


# Votes, authors and links
@pytest.mark.parametrize(
    ("written", "votes"),
    [
        ("~117", 117),
        ("👍 117", 117),
        ("117표", 117),
        ("117 (어제)", 117),
        ("없음", None),
        ("N/A", None),
    ],
)
@pytest.mark.parametrize("post", [top5, wtp])
def test_votes_may_stand_in_words(post, written, votes):
    file = read_text(post([ATTENTION]).replace(": 117", f": {written}"))
    (entry,) = file.entries
    assert entry.votes == votes
    assert "" not in headings(entry)
    assert not codes(file)


def test_votes_that_are_missing_behind_their_label_are_unknown():
    file = read_text(top5([ATTENTION]).replace("**Upvotes**: 117", "**Upvotes**:"))
    assert [entry.votes for entry in file.entries] == [None]


def test_a_line_may_hold_more_than_the_votes():
    line = "**Upvotes**: 117 | **댓글**: 3"
    entry = only_entry(top5([ATTENTION]).replace("**Upvotes**: 117", line))
    assert (entry.votes, entry.sections[0].text) == (117, line)


@pytest.mark.parametrize("rest", ["et al.", "외 3명", "+12 authors", "and others"])
def test_names_that_were_folded_away_are_no_authors(rest):
    entry = only_entry(wtp([ATTENTION]).replace("Grace Lee", f"Grace Lee, {rest}"))
    assert entry.authors == ("Ada Kim", "Grace Lee")


@pytest.mark.parametrize(
    "line",
    ["[Watch Video]https://cdn.example.org/a.mp4", "[Watch Video](https://cdn.example.org/a.mp4)"],
)
def test_a_video_above_the_text_is_a_link_and_no_text(line):
    tag = '<div><video controls src="https://cdn.example.org/a.mp4" muted="false"></video></div>'
    entry = only_entry(wtp([ATTENTION]).replace("Vote:", f"{line}\n{tag}\n\nVote:"))
    assert [(link.label, link.url) for link in entry.links][1:] == [
        ("Watch Video", "https://cdn.example.org/a.mp4")
    ]
    assert "" not in headings(entry)


@pytest.mark.parametrize("post", [top5, wtp])
@pytest.mark.parametrize("line", ["논문: {}", "[arXiv]({})", "🔗 Paper Link: <{}>"])
def test_a_line_of_links_tells_the_id_where_the_heading_has_none(post, line):
    bare = headed_by(post, ATTENTION.title).replace("![", f"{line.format(address(post))}\n\n![", 1)
    file = read_text(bare)
    assert ids(file) == [ATTENTION.id, LORA.id]
    assert not codes(file)


# The ranking
HF, ARXIV = (
    f"https://{site}/{ATTENTION.id}" for site in ("huggingface.co/papers", "arxiv.org/abs")
)


@pytest.mark.parametrize(
    "bullets",
    [
        f"   - HF 페이지: {HF}\n   - 논문 링크: {ARXIV}\n",
        f"   - {HF}\n   - <{ARXIV}>\n",
        f"   - 🔗 [HF 페이지]({HF}) | [논문 링크]({ARXIV})\n",
        f"   - **HF Page**: [page]({HF})\n   - **Paper Link**: [arXiv]({ARXIV})\n",
        f"      - [HF 페이지]({HF})\n      - [논문 링크]({ARXIV})\n",
    ],
)
def test_the_links_of_a_ranked_paper_may_be_written_otherwise(bullets):
    usual = f"   - [HF 페이지]({HF})\n   - [논문 링크]({ARXIV})\n"
    file = read_text(hf_ranking(TWO).replace(usual, bullets))
    first = next(iter(file.entries))
    assert (first.arxiv_id, [link.url for link in first.links]) == (ATTENTION.id, [HF, ARXIV])
    assert headings(first) == ["Abstract"]
    assert not codes(file)


@pytest.mark.parametrize(
    "likes", ["- 👍 117 💬 3", "- 👍 117개", "— 117 upvotes", "(❤️ 117)", "- 117", "- 좋아요: 117"]
)
def test_likes_may_stand_in_words(likes):
    file = read_text(hf_ranking(TWO).replace("- 👍 117", likes))
    assert [entry.votes for entry in file.entries] == [117, 32]
    assert not codes(file)


def test_ranked_papers_may_be_headings():
    post = hf_ranking().replace("\n1. **", "\n### 1. **").replace("\n2. **", "\n### 2. **")
    assert ids(read_text(post)) == [paper.id for paper in PAPERS]


def test_a_numbered_list_in_an_abstract_is_no_ranking():
    told = "We show two things:\n1. **Depth** - it helps.\n2. **Width** - it does not."
    file = read_text(hf_ranking(TWO).replace("We study how a model reads a long context.", told, 1))
    first, _ = file.entries
    assert first.sections[0].text == told
    assert not codes(file)


# Lines of any kind
BLANKS = " " * 3000


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "line",
    [
        f"# 값{BLANKS}을 더합니다",
        f"# 값{BLANKS}https://example.org/a",
        f"- **{BLANKS}값",
        f"1. **값** {'-' * 3000}값",
        f"좋아요{BLANKS}값",
        "](" * 3000,
        "[" * 3000,
    ],
    ids=range(7),
)
def test_a_line_of_many_marks_is_read_in_a_moment(name, line):
    begun = time.process_time()
    file = read_text(f"{FORMATS[name]()}\n{line}\n")
    assert ids(file)[:2] == [ATTENTION.id, LORA.id]
    assert time.process_time() - begun < 5  # unbounded patterns would take hours


def test_a_whole_post_may_be_indented():
    post = "\n".join(f" {line}" for line in imrlc().split("\n"))
    assert [len(entry.sections) for entry in read_text(post).entries] == [5, 5, 5]
