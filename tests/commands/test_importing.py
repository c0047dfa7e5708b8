"""``newsletter import``: what it says of what it cannot read."""

import json
import os

import pytest

from newsletter.papers.models import Paper
from tests.collect import posts
from tests.collect.hostile_answers import RECORDS_WITHOUT_END
from tests.commands.run import newsletter

pytestmark = pytest.mark.django_db


def test_bad_input_1_a_pipe_is_not_waited_for_and_what_else_was_named_is_read(tmp_path):
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    post = tmp_path / "2026-01-09.md"
    post.write_text(posts.top5())
    ran = newsletter("import", str(pipe), str(post))
    assert (ran.code, Paper.objects.count()) == (0, 3)
    assert "file.not_regular" in ran.out


def test_bad_input_1_a_pipe_alone_is_no_digest(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    ran = newsletter("import", "--json", str(tmp_path / "pipe"))
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, file["format"]) == (1, None)
    assert file["findings"][0]["code"] == "file.not_regular"


def test_an_empty_folder_says_that_there_was_nothing_to_read(tmp_path):
    (tmp_path / "picture.png").write_bytes(b"x")
    ran = newsletter("import", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "import.nothing" in ran.err
    assert ".md" in ran.err


def test_an_empty_folder_is_an_empty_report(tmp_path):
    ran = newsletter("import", "--json", str(tmp_path))
    assert (ran.code, json.loads(ran.out)) == (1, {"files": [], "papers_new": 0})


def test_a_file_that_cannot_be_parsed_within_limits_is_told_of_and_the_others_are_read(tmp_path):
    (tmp_path / "a-first.md").write_text(posts.top5())
    (tmp_path / "b-hostile.json").write_bytes(RECORDS_WITHOUT_END)
    (tmp_path / "c-last.md").write_text(posts.wtp())
    ran = newsletter("import", "--json", str(tmp_path))
    first, hostile, last = json.loads(ran.out)["files"]
    assert (ran.code, first["format"], last["format"]) == (0, "top5", "wtp")
    assert hostile["format"] is None
    (finding,) = hostile["findings"]
    assert finding["code"] in {"parser.memory", "parser.cpu"}  # whichever comes first


def test_of_a_file_without_end_no_more_is_read_than_by_which_it_is_known_to_be_too_large(tmp_path):
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(5_000_000_000)
    ran = newsletter("import", "--json", str(tmp_path / "large.md"))
    (file,) = json.loads(ran.out)["files"]
    assert [finding["code"] for finding in file["findings"]] == ["digest.too_large"]


def test_a_parse_is_shown_beside_its_lines_and_nothing_is_stored(tmp_path):
    post = tmp_path / "reading.md"
    post.write_text(
        "# Reading\n\n## A Made-up Paper\n\n- **URL**: https://arxiv.org/abs/2601.00101\n- 추천: 7\n"
        "- **요약**: 눈을 감고 정렬한다.\n\n## Shop news\n\nA shop opened.\n"
    )
    ran = newsletter("import", "--show", str(post))
    assert (ran.code, Paper.objects.count()) == (0, 0)
    lines = ran.out.splitlines()
    assert any(
        "3  ## A Made-up Paper" in line and line.count("A Made-up Paper") == 2 for line in lines
    )
    for words in (
        "추천 / votes: 7",
        "[ko] 요약: 눈을 감고 정렬한다.",
        "9: digest.left_out",
        "저장하지 않았습니다",
    ):
        assert words in ran.out
    (news,) = [line for line in lines if "9  ## Shop news" in line]
    assert "논문으로 읽지 않음" in news


def test_a_page_is_shown_paper_by_paper(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<article><h1>Reading</h1><h2><a href='https://arxiv.org/abs/2601.00101'>A Made-up Paper</a></h2><p>It sorts.</p></article>"
    )
    ran = newsletter("import", "--show", str(page))
    assert ran.code == 0
    assert "It sorts." in ran.out
    assert "<p>" not in ran.out


def test_showing_what_is_no_digest_answers_no(tmp_path):
    (tmp_path / "lunch.md").write_text("# Lunch")
    ran = newsletter("import", "--show", str(tmp_path))
    assert ran.code == 1
    assert "digest.unknown_format" in ran.out
