"""``newsletter import``: what it says of what it cannot read."""

import json
import os

import pytest

from newsletter.papers.models import Paper
from tests.collect import posts
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
