"""Labels, headings and titles in the dresses that models give them."""

import pytest

from tests.collect.posts import (
    ATTENTION,
    FORMATS,
    PAPERS,
    codes,
    hf_ranking,
    imrlc,
    only_entry,
    read_text,
    top5,
    wtp,
)


@pytest.mark.parametrize(
    "label",
    [
        "- What's New:",
        "-**What's New**:",
        "- **What's New** -",
        "- **What's New**",
        "***What's New***:",
        "- ****What's New****:",
        "- `What's New`:",
        "- _What's New_:",
        "* **What's New** :",
        "- ***What's New*:",
    ],
)
def test_a_known_label_is_known_in_any_dress(label):
    entry = only_entry(wtp([ATTENTION]).replace("- ***What's New***:", label))
    assert [part.heading for part in entry.sections] == [
        "What's New",
        "Technical Details",
        "Performance Highlights",
    ]
    assert entry.sections[0].text == ATTENTION.text


@pytest.mark.parametrize("post", [imrlc, top5])
def test_a_heading_in_bold_is_that_heading(post):
    plain = post([ATTENTION])
    bold = "\n".join(
        f"{line.split(' ', 1)[0]} **{line.split(' ', 1)[1].strip()}**"
        if line.startswith("##") and "[" not in line
        else line
        for line in plain.split("\n")
    )
    assert bold != plain
    assert only_entry(bold).sections == only_entry(plain).sections


def test_a_ranked_title_may_go_on_with_a_number():
    entry = only_entry(hf_ranking([ATTENTION]).replace("Is All", "Is\n  2. All"))
    assert (entry.title, entry.votes) == ("Attention Is 2. All You Need", 117)


def test_bullets_below_a_labelled_text_are_part_of_it():
    nested = "   - **요약 (번역)**:\n     - 첫째: 빠릅니다.\n     - 둘째\n\n     이어서 씁니다.\n"
    entry = only_entry(hf_ranking([ATTENTION]) + nested)
    assert [part.heading for part in entry.sections] == ["Abstract", "요약 (번역)"]
    assert entry.sections[1].text == "- 첫째: 빠릅니다.\n- 둘째\n\n이어서 씁니다."


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("other", FORMATS)
def test_a_post_that_quotes_the_sections_of_another_stays_what_its_opening_says(name, other):
    quoted = {
        "top5": "#### 🔑 핵심 포인트\n- 하나\n",
        "hf-ranking": "   - [HF 페이지](https://example.org)\n",
        "wtp": "- ***What's New***: 새롭습니다.\n",
        "imrlc": "## Results\n좋습니다.\n",
        "pytorchkr-weekly": "더 읽어보기\n",
    }[other]
    file = read_text(FORMATS[name]() + "\n" + quoted * 40)
    assert file.format == name
    assert [entry.arxiv_id for entry in file.entries] == [paper.id for paper in PAPERS]


@pytest.mark.parametrize("post", [top5, imrlc, wtp])
def test_papers_are_found_where_no_link_tells_an_id(post):
    bare = "\n".join(
        line.replace(line[line.index("](") :], "").replace("[", "")
        if line.startswith("#") and "](" in line
        else line
        for line in post().split("\n")
        if not line.startswith("> ")
    )
    file = read_text(bare)
    assert [entry.title for entry in file.entries] == [paper.title for paper in PAPERS]
    assert "digest.no_id" in codes(file)


def test_a_section_of_pictures_names_them_in_its_place():
    post = top5([ATTENTION]) + "### 🖼️ 추가 자료\n![Figure](images/a_fig_1.webp)\n"
    entry = only_entry(post)
    assert entry.figures == ("images/a_fig_1.webp",)
    assert [(part.heading, part.text) for part in entry.sections][-1] == (
        "🖼️ 추가 자료",
        "Figure: images/a_fig_1.webp",
    )


def test_a_further_picture_on_the_web_is_a_link():
    pictures = "![](https://example.org/1.png)\n\n![](https://example.org/2.png)\n\n"
    entry = only_entry(wtp([ATTENTION]).replace("- ***What", f"{pictures}- ***What"))
    assert [link.url for link in entry.links if link.label == "Figure"] == [
        "https://example.org/1.png",
        "https://example.org/2.png",
    ]
