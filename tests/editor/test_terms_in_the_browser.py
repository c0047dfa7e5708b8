"""The form for a source's terms, in a real browser: on a phone and without any JavaScript."""

import pytest
from playwright.sync_api import expect

from newsletter.collect.models import Source
from tests.browsing import DESK, PHONE
from tests.editor.test_in_the_browser import log_in
from tests.factories import a_source, an_entry, listed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("minji"),
]
SLUG = "notes-with-a-rather-long-name-pytorchkr-weekly"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "java_script_enabled": False}


@pytest.fixture
def notes():
    name = "아주 긴 이름의 폴더에서 나온 글 모음 (pytorchkr-weekly 형식)"
    Source.objects.create(slug=SLUG, name=name)
    listed(an_entry(votes=3), source=SLUG)
    a_source("night", may_be_mailed=False)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_editor_says_whose_texts_they_are(page, live_site, notes, width):
    log_in(page, live_site)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_site}/desk/sources/")
    asked = page.locator(".sources > li").first
    expect(asked).to_contain_text("확인 필요")
    asked.get_by_text("이용 조건", exact=False).last.click()
    for box in asked.locator("input:visible, select:visible, button:visible").all():
        place = box.bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
    asked.get_by_label("라이선스").fill("CC BY 4.0")
    asked.get_by_label("글쓴이").select_option("machine")
    asked.get_by_label("어느 소스의 목록을 옮겼나요?").select_option("night")
    asked.get_by_role("button", name="확인").click()
    expect(page.locator("main")).to_contain_text("확인했습니다. 글을 싣습니다")
    source = Source.objects.get(slug=SLUG)
    assert (source.confirmed_by, source.written_by) == ("minji", "machine")
    assert source.derived_from.slug == "night"
