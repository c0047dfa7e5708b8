"""The example of docs/a-sixth-style.md, built exactly as it stands there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.programs import mjml_errors
from tests.render.page import Page
from tests.sample_mails import SITE, an_issue

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "a-sixth-style.md").read_text(encoding="utf-8")
FILES = dict(
    re.findall(r"^`(templates/\S+)`\n\n```jinja\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
)

RENDER = """
import json, sys
from newsletter.common.cadence import Language
from newsletter.issues.content import IssueContent
from newsletter.render.compile import compile_issue, issue_mjml
from newsletter.render.mail import Site
from newsletter.render.markdown import issue_markdown

asked = json.load(sys.stdin)
issue, site = IssueContent.from_json(asked["issue"]), Site(*asked["site"])
made = {}
for language in Language:
    mail = compile_issue(issue.in_style("headlines"), language, site)
    made[language] = {
        "html": mail.html, "text": mail.text, "subject": mail.subject,
        "mjml": issue_mjml(issue.in_style("headlines"), language, site),
        "post": issue_markdown(issue.in_style("headlines"), language, site),
    }
json.dump(made, sys.stdout)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What a copy of the project makes that has a sixth style, in each language."""
    project = tmp_path_factory.mktemp("project")
    unmade = shutil.ignore_patterns("__pycache__")
    for folder in ("newsletter", "templates"):
        shutil.copytree(ROOT / folder, project / folder, ignore=unmade)
    for name, text in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    site = [SITE.name, SITE.base_url, SITE.mail_from, SITE.postal_address]
    done = subprocess.run(
        [sys.executable, "-c", RENDER],
        input=json.dumps({"issue": an_issue("weekly").to_json(), "site": site}),
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_costs_fewer_than_60_lines():
    assert len(FILES) == 4
    assert sum(len(text.splitlines()) for text in FILES.values()) < 60


@pytest.mark.parametrize("language", ["ko", "en", "both"])
def test_it_is_a_whole_mail_and_a_post(made, language):
    mail, issue = made[language], an_issue("weekly")
    page = Page(mail["html"])
    own = "[2026/01/05 ~ 01/11] Top ML Papers of the Week"
    assert mail["subject"] == (own if language == "en" else issue.subject)
    for item in issue.items:
        title = item.title if language == "en" else item.title_ko
        assert title in page.words
        assert f"https://arxiv.org/abs/{item.arxiv_id}" in page.links
        assert item.arxiv_id in mail["text"]
        assert item.title in mail["post"]
    for part in (mail["html"], mail["text"]):
        assert part.count(f"{SITE.base_url}/u/") >= 2
    assert len(mail["html"].encode()) < 60_000
    assert "prefers-color-scheme: dark" in mail["html"]


def test_the_reference_validator_finds_nothing_in_it(made):
    assert mjml_errors({language: mail["mjml"] for language, mail in made.items()}) == {
        "ko": [], "en": [], "both": [],
    }  # fmt: skip
