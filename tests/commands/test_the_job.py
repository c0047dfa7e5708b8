"""The main job, as an editor types it."""

import json
from email import message_from_bytes, policy

import pytest

from tests.commands.run import newsletter
from tests.factories import a_weekly, an_entry, listed

POST = """# 2026-01-09 Daily Papers (Top 5)

## 1. [A Paper on Rewards](https://huggingface.co/papers/2601.05242)
**Upvotes**: 1,117

![Thumbnail](images/A_Paper_img.jpg)

### 📌 요약
보상마다 따로 정규화하여 학습 신호가 무너지지 않게 합니다.

### 🔑 핵심 포인트
- 첫째 요점입니다.
- 둘째 요점입니다.

---
"""

pytestmark = pytest.mark.django_db


def test_an_import_reports_what_it_read_as_one_json_object(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "post.md").write_text(POST)
    ran = newsletter("import", "--json", str(tmp_path))
    told = json.loads(ran.out)
    assert (ran.code, told["papers_new"]) == (0, 1)
    (file,) = told["files"]
    assert (file["format"], file["date"]) == ("top5", "2026-01-09")
    (paper,) = file["papers"]
    assert (paper["id"], paper["votes"]) == ("2601.05242", 1117)
    assert [section["lang"] for section in paper["sections"]] == ["ko", "ko"]
    assert set(paper) == {
        "id", "title", "title_ko", "votes", "authors", "image", "sections", "links",
    }  # fmt: skip


def test_a_file_that_is_no_digest_is_reported_and_ends_with_exit_code_1(tmp_path):
    (tmp_path / "shopping.md").write_text("# 장보기\n\n- 우유\n- 두부\n")
    ran = newsletter("import", "--json", str(tmp_path))
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, file["format"], file["papers"]) == (1, None, [])
    assert file["findings"]


def test_assembling_twice_makes_one_issue(tmp_path):
    (tmp_path / "post.md").write_text(POST)
    newsletter("import", str(tmp_path))
    first = json.loads(newsletter("assemble", "weekly", "--for", "2026-01-07", "--json").out)
    again = json.loads(newsletter("assemble", "weekly", "--for", "2026-01-11", "--json").out)
    assert first == {"issue": "2026-01-05-weekly", "created": True, "papers": ["2601.05242"]}
    assert again == {**first, "created": False}


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("html", "<!doctype html>"),
        ("text", "Paper Number 5"),
        ("mjml", "<mjml"),
        ("markdown", "Paper Number 5"),
    ],
)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_an_issue_is_rendered_as_each_of_the_things_it_can_be(form, sign, lang):
    a_weekly()
    ran = newsletter("render", "2026-01-05-weekly", "--as", form, "--lang", lang)
    assert ran.code == 0
    assert sign in ran.out


@pytest.mark.parametrize("form", ["html", "text"])
def test_a_mail_that_is_looked_at_holds_links_and_no_marks_of_ours(form):
    a_weekly()
    ran = newsletter("render", "2026-01-05-weekly", "--as", form)
    assert "/u/preview" in ran.out
    assert "__UNSUBSCRIBE" not in ran.out


def test_an_issue_is_rendered_as_a_whole_message(tmp_path):
    a_weekly()
    file = tmp_path / "weekly.eml"
    newsletter("render", "2026-01-05-weekly", "--as", "eml", "-o", str(file))
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert "이번 주의 주요 ML 논문" in message["Subject"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    a_weekly()
    ran = newsletter("render", "2026-01-05-weekly", "-o", str(tmp_path / "no" / "where"))
    (line,) = ran.err.splitlines()
    assert ran.code == 2
    assert line.startswith(f"newsletter: file.unusable [{tmp_path}/no/where]: ")


def test_a_finding_without_a_place_shows_no_empty_one():
    listed(an_entry(None, "Nobody Knows Its Number"))
    a_weekly()
    ran = newsletter("check", "2026-01-05-weekly")
    assert "item.no_id" in ran.out
    assert "[]" not in ran.out


def test_a_preview_to_a_wrong_address_is_told_before_anything_leaves():
    a_weekly()
    ran = newsletter("preview", "2026-01-05-weekly", "editor@example.com", "bad")
    (line,) = ran.err.splitlines()
    assert (ran.code, ran.out) == (2, "")
    assert line.startswith("newsletter: email.invalid [addresses]: bad: ")


def test_the_gate_lets_a_good_issue_pass_and_says_so():
    a_weekly()
    ran = newsletter("check", "2026-01-05-weekly")
    assert (ran.code, "보낼 수 있습니다" in ran.out) == (0, True)


def test_a_closed_gate_says_what_where_and_how_to_mend_it():
    issue = a_weekly()
    issue.items.update(hidden=True)
    ran = newsletter("check", "2026-01-05-weekly")
    assert ran.code == 1
    assert "issue.empty [2026-01-05-weekly]" in ran.out
    assert "→" in ran.out


def test_sending_asks_for_a_clear_yes():
    a_weekly()
    ran = newsletter("send", "2026-01-05-weekly")
    assert (ran.code, ran.err.startswith("newsletter: confirm.required")) == (2, True)


def test_the_ledger_of_an_issue_that_was_not_sent_balances_at_nothing():
    a_weekly()
    told = json.loads(newsletter("status", "2026-01-05-weekly", "--json").out)
    assert [promise["holds"] for promise in told.pop("invariants")] == [True] * 7
    assert told == {
        "issue": "2026-01-05-weekly", "state": "draft", "frozen": 0, "queued": 0, "sending": 0,
        "accepted": 0, "rejected": 0, "skipped": {}, "cancelled": 0, "uncertain": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        ("render", "no-such-issue"),
        ("assemble", "monthly"),
        ("assemble", "weekly", "--for", "2026-02-31"),
        ("import", "no/such/file.md"),
        ("import", "--source", "nobody", __file__),
        ("report",),
        ("decide", "2026-01-05-weekly"),
        ("decide", "2026-01-05-weekly", "--retry", "--leave"),
        ("no-such-command",),
    ],
)
def test_wrong_use_is_told_in_the_last_line_with_exit_code_2(wrong):
    ran = newsletter(*wrong)
    assert ran.code == 2
    assert ran.err.strip()
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "command",
    [
        "up",
        "demo",
        "doctor",
        "import",
        "assemble",
        "render",
        "check",
        "approve",
        "preview",
        "send",
        "status",
    ],
)
def test_every_command_shows_an_example_in_its_help(command):
    ran = newsletter(command, "--help")
    assert (ran.code, f"newsletter {command}" in ran.out) == (0, True)
    assert "Example:" in ran.out
