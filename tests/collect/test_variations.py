"""Each variation of papers in real posts that was seen in the wild, in a small post of our own."""

import pytest

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


@pytest.mark.parametrize("name", FORMATS)
def test_an_ordinary_post_is_read_without_a_finding(name):
    file = read_text(FORMATS[name]())
    assert file.format == name
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]
    assert [entry.title for entry in file.entries] == [paper.title for paper in PAPERS]
    assert not file.findings


# 1 heading level and spacing
@pytest.mark.parametrize(
    ("before", "after"), [("## 1", "###  1"), ("## 1. [", "##1. ["), ("### 📌", "#### 📌")]
)
def test_heading_level_and_spacing_may_vary(before, after):
    file = read_text(top5().replace(before, after))
    assert [len(entry.sections) for entry in file.entries] == [2, 2, 2]


def test_papers_may_have_a_lower_heading_than_their_sections():
    file = read_text(imrlc().replace("\n# ", "\n### "))
    assert [len(entry.sections) for entry in file.entries] == [5, 5, 5]


@pytest.mark.parametrize("post", [imrlc, top5])
def test_a_numbered_heading_inside_a_section_opens_no_paper(post):
    body = post([ATTENTION, LORA]).replace(
        "학습", "학습\n\n#### 1. 자료를 모읍니다\n\n그리고 학습", 1
    )
    first, second = read_text(body).entries
    assert ("1. 자료를 모읍니다", "ko") in sections(first)
    assert second.title == LORA.title


@pytest.mark.parametrize("post", [imrlc, top5, wtp])
def test_a_paper_without_any_link_is_a_paper_all_the_same(post):
    linked = post().split(f"[{LORA.title}]")[1].split(")")[0] + ")"
    file = read_text(post().replace(f"[{LORA.title}]{linked}", LORA.title))
    assert [entry.title for entry in file.entries] == [paper.title for paper in PAPERS]
    if post is not imrlc:  # there, a second link tells the id
        assert codes(file) == {"digest.no_id"}


# 2 wrapped titles and runs of blanks
@pytest.mark.parametrize("gap", ["\n  ", "\n\n", "   "])
def test_a_title_broken_over_lines_is_one_title(gap):
    broken = imrlc([ATTENTION]).replace("Is All", f"Is{gap}All")
    assert only_entry(broken).title == ATTENTION.title


def test_a_ranked_title_broken_over_lines_is_one_title():
    entry = only_entry(hf_ranking([ATTENTION]).replace("Is All", "Is\n  All"))
    assert (entry.title, entry.votes) == (ATTENTION.title, 117)


# 3 markdown, LaTeX and signs in titles
@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r"LLM$\times$MapReduce", "LLM×MapReduce"),
        (r"\textsc{Gecko} [Part 1]: A & B", "Gecko [Part 1]: A & B"),
        ("A* Search, x > y and <mask> tokens", "A* Search, x > y and <mask> tokens"),
        ("Q&amp;A", "Q&A"),
        (r"AT$^2$PO", "AT²PO"),
    ],
)
@pytest.mark.parametrize("post", [wtp, imrlc, hf_ranking])
def test_marks_in_a_title_survive(post, written, title):
    assert only_entry(post([Told(written, "2410.09342")])).title == title


# 4 and 5 links in every form
@pytest.mark.parametrize(
    "url",
    [
        "http://arxiv.org/abs/1706.03762v7",
        "https://arxiv.org/pdf/1706.03762v2.pdf",
        "https://www.arxiv.org/pdf/1706.03762",
        "https://arxiv.org/abs/1706.03762?context=cs.CL#top",
        "https://huggingface.co/papers/1706.03762",
        "https://www.alphaxiv.org/ko/overview/1706.03762v1",
        "https://alphaxiv.org/abs/1706.03762",
    ],
)
def test_the_id_is_told_by_every_kind_of_link(url):
    entry = only_entry(wtp([ATTENTION]).replace("https://arxiv.org/abs/1706.03762", url))
    assert (entry.arxiv_id, entry.links[0].url) == ("1706.03762", url)


def test_an_id_of_the_old_kind_is_an_id():
    post = wtp([ATTENTION]).replace("abs/1706.03762", "abs/quant-ph/0201082v1")
    assert only_entry(post).arxiv_id == "quant-ph/0201082"


def test_a_paper_without_a_link_keeps_its_title_and_is_reported():
    file = read_text(pytorchkr([ATTENTION]).replace("https://arxiv.org/abs/1706.03762", ""))
    (entry,) = file.entries
    assert (entry.title, entry.arxiv_id) == (ATTENTION.title, None)
    assert codes(file) == {"digest.no_id"}


# 6 votes
@pytest.mark.parametrize(
    ("written", "votes"), [("-", None), ("0", 0), ("1,234", 1234), ("", None), ("1.2k", 1200)]
)
def test_votes_are_a_number_or_unknown(written, votes):
    assert only_entry(wtp([Told("A", "1706.03762", written)])).votes == votes


def test_votes_that_are_no_number_are_reported():
    file = read_text(wtp([Told("A", "1706.03762", "많음")]))
    assert codes(file) == {"digest.bad_votes"}


# 7 authors
def test_authors_may_be_a_list_of_python_missing_or_very_many():
    many = ", ".join(f"Name {number}" for number in range(80))
    post = wtp([ATTENTION])
    listed = only_entry(post.replace("Ada Kim, Grace Lee", "['Ada Kim', \"Pierluca D'Oro\"]"))
    assert listed.authors == ("Ada Kim", "Pierluca D'Oro")
    assert len(only_entry(post.replace("Ada Kim, Grace Lee", many)).authors) == 80
    assert only_entry(post.replace("Authors: Ada Kim, Grace Lee\n", "")).authors == ()
    folded = only_entry(post.replace("Ada Kim,", "Ada Kim, +,"))
    assert folded.authors == ("Ada Kim", "Grace Lee")


# 8 institutions
@pytest.mark.parametrize(
    ("written", "institution"),
    [
        ("NVIDIA433", "NVIDIA"),
        ("shanghai ailab18.8k1", "shanghai ailab"),
        ("·4 authors1", ""),
        ("Berkeley1.91k1", "Berkeley"),
        ("Long Name Co., Ltd.343", "Long Name Co., Ltd."),
        ("Short, Inc.1.2k3", "Short, Inc."),
    ],
)
def test_counters_are_parted_from_an_institution(written, institution):
    assert (
        only_entry(hf_ranking([ATTENTION]).replace("KAIST11", written)).institution == institution
    )


def test_an_institution_keeps_its_own_number_where_nothing_was_glued():
    post = (
        hf_ranking()
        .replace("KAIST11", "Lab42")
        .replace("KAIST21", "KAIST")
        .replace("KAIST31", "MIT")
    )
    assert [entry.institution for entry in read_text(post).entries] == ["Lab42", "KAIST", "MIT"]


# 9 labels
@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("- **What’s New**:", "What’s New"),
        ("- ***What's New*:", "What's New"),
        ("- **What's New:**", "What's New"),
        ("* **고찰**:", "고찰"),
        ("- **비전 인코더 (Vision Encoder)**:", "비전 인코더 (Vision Encoder)"),
    ],
)
def test_a_label_is_kept_as_it_is_written(written, heading):
    entry = only_entry(wtp([ATTENTION]).replace("- ***What's New***:", written))
    assert sections(entry) == [
        (heading, "ko"),
        ("Technical Details", "ko"),
        ("Performance Highlights", "ko"),
    ]


def test_bullets_without_labels_are_one_section():
    post = "## Daily Papers (2023-11-20)\n\n### [A](https://arxiv.org/abs/2311.10122)\n\n- 첫째입니다.\n- 둘째입니다.\n### [B](https://arxiv.org/abs/2311.10123)\n\n- 셋째입니다.\n"
    first, second = read_text(post).entries
    assert [part.text for part in first.sections] == ["- 첫째입니다.\n- 둘째입니다."]
    assert [part.text for part in second.sections] == ["- 셋째입니다."]


# 10 poor sections
def test_poor_sections_are_kept_and_an_empty_one_is_reported():
    post = imrlc([ATTENTION]).replace("정확도가 올랐습니다.", "")
    file = read_text(post.replace("쓸 만한 방법입니다.", "It works, mostly, but the text was cut"))
    (entry,) = file.entries
    assert sections(entry) == [
        ("Introduction", "ko"),
        ("Method", "ko"),
        ("Limitations", "ko"),
        ("Conclusion", "en"),
    ]
    assert entry.sections[2].text == "정보 부족"
    assert codes(file) == {"digest.empty_section"}


def test_an_error_sentence_in_place_of_a_summary_is_reported():
    failed = Told("A", "1706.03762", text="요약 실패: 레이트 리밋으로 인해 생성하지 못했다.")
    assert codes(read_text(imrlc([failed]))) == {"digest.failed_text"}


# 11 and 12 values that are lists
def test_a_python_value_is_read_as_a_list_and_never_run():
    told = Told("A", "1706.03762", text="{'구조': '층이 여섯입니다.', '자료': ['하나', '둘']}")
    (first, *_) = only_entry(wtp([told])).sections
    assert first.text == "- **구조**: 층이 여섯입니다.\n- **자료**: 하나\n- **자료**: 둘"
    trap = "['a', __import__('os').getcwd()]"
    (first, *_) = only_entry(wtp([Told("A", "1706.03762", text=trap)])).sections
    assert first.text == trap


def test_a_value_over_several_lines_stays_in_its_section():
    told = Told(
        "A", "1706.03762", text="다음과 같습니다.\n1) 모읍니다.\n2) 나눕니다.\n  - 다시 나눕니다."
    )
    entry = only_entry(wtp([told]))
    assert (
        entry.sections[0].text == "다음과 같습니다.\n1) 모읍니다.\n2) 나눕니다.\n\n- 다시 나눕니다."
    )
    assert len(entry.sections) == 3


# 13 tokens that look like HTML
def test_tokens_that_look_like_html_stay_text():
    text = "모델은 <think> 와 </search> 사이에, <스타일, 주제> 꼴로 씁니다."
    assert only_entry(wtp([Told("A", "1706.03762", text=text)])).sections[0].text == text


# 14 pictures and videos
@pytest.mark.parametrize(
    ("written", "image", "links"),
    [
        ("![](/avatars/x.svg)", "/avatars/x.svg", []),
        (
            "<video src='https://cdn.example.org/a.mp4'></video>",
            None,
            ["https://cdn.example.org/a.mp4"],
        ),
        ("![](https://cdn.example.org/a.webm)", None, ["https://cdn.example.org/a.webm"]),
        (
            '[Watch Video](https://cdn.example.org/a.mp4)\n<div><video controls src="https://cdn.example.org/a.mp4" muted="false"></video></div>',
            None,
            ["https://cdn.example.org/a.mp4"],
        ),
    ],
)
def test_pictures_are_kept_as_written_and_videos_are_links(written, image, links):
    post = wtp([ATTENTION])
    picture = next(line for line in post.split("\n") if line.startswith("!["))
    entry = only_entry(post.replace(picture, written))
    assert entry.image == image
    assert [link.url for link in entry.links[1:]] == links


def test_a_script_in_place_of_a_picture_or_link_is_left_out_and_reported():
    post = wtp([ATTENTION]).replace("https://cdn-thumbnails", "javascript:alert//cdn")
    file = read_text(post.replace("https://arxiv.org/abs/1706.03762)", "javascript:alert(1))"))
    (entry,) = file.entries
    assert (entry.image, entry.links) == (None, ())
    assert codes(file) == {"digest.bad_link", "digest.no_id"}
