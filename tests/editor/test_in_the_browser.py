"""An editor's morning, in a real browser: log in, look, approve, send, watch."""

import pytest
from playwright.sync_api import Page, expect

from newsletter.collect.digests.read import read
from newsletter.collect.models import StoredDigest
from newsletter.delivery import preflight, sending
from newsletter.delivery.models import Delivery
from newsletter.delivery.status import DeliveryStatus
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.papers.ingest import store
from tests.browsing import PHONE, look_at, nothing_blocked
from tests.collect.makers import NUMBERED_ITEMS
from tests.editor.conftest import PASSWORD
from tests.factories import a_source, a_weekly
from tests.readers import a_reader

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("minji"),
]


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/desk/")
    page.get_by_label("이름").fill("minji")
    page.get_by_label("암호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()


def test_from_log_in_to_the_last_letter(page, live_site):
    issue = a_weekly()
    a_reader("ara@example.com")
    a_reader("bora@example.com")
    with nothing_blocked(page):
        log_in(page, live_site)
        page.get_by_role("link", name=issue.title).click()
        page.get_by_role("button", name="맨 위에 고정: Paper Number 2").click()
        expect(page.locator(".items li").first).to_contain_text("편집자 고정")

        page.get_by_role("link", name="미리보기", exact=True).click()
        mail = page.frame_locator("iframe.mail")
        expect(mail.get_by_role("heading", name="Paper Number 2")).to_be_visible()
        page.get_by_label("너비").select_option("phone")
        page.get_by_role("button", name="보이기").click()
        assert page.locator("iframe.mail").bounding_box()["width"] == 377

        page.get_by_role("link", name="논문", exact=True).click()
        page.get_by_role("button", name="승인").click()
        page.get_by_role("link", name="보내기…").click()
        page.get_by_label("확인을 위해").fill(issue.slug)
        page.get_by_role("button", name="지금 보내기").click()
        expect(page.get_by_role("heading", name="발송 중")).to_be_visible()

        Delivery.objects.filter(issue=issue).update(status=DeliveryStatus.ACCEPTED)
        Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENT)
        expect(page.get_by_role("heading", name="발송 완료")).to_be_visible(timeout=8000)

        page.get_by_role("link", name="받는 사람").click()
        expect(page.get_by_role("row", name="ara@example.com")).to_contain_text("전달됨")


def test_every_page_of_the_desk_fits_every_screen_and_every_editor(page, live_site):
    issue = a_weekly()
    log_in(page, live_site)
    here = f"{live_site}/desk/issues/{issue.slug}"
    with nothing_blocked(page):
        desk = f"{live_site}/desk/"
        for url in (
            desk,
            f"{desk}sources/",
            f"{desk}sources/add/",
            f"{here}/",
            f"{here}/preview/?text=1",
        ):
            look_at(page, url)
        Issue.objects.filter(pk=issue.pk).update(state=IssueState.APPROVED, approved_by="minji")
        look_at(page, f"{here}/send/")
        Issue.objects.filter(pk=issue.pk).update(
            state=IssueState.PAUSED, started_at=issue.created_at, pause_reason="550"
        )
        for url in (f"{here}/progress/", f"{here}/recipients/", f"{here}/report/"):
            look_at(page, url)
    page.context.clear_cookies()
    look_at(page, f"{live_site}/desk/login/")


def test_the_dark_desk_can_be_read(page, live_site):
    issue = a_weekly()
    page.emulate_media(color_scheme="dark")
    log_in(page, live_site)
    look_at(page, f"{live_site}/desk/issues/{issue.slug}/")


def test_on_a_phone_the_desk_shows_state_and_numbers_without_scrolling_sideways(page, live_site):
    issue = a_weekly()
    a_reader("ara.with.a.rather.long.name@example.com")
    preflight.approve(issue, "minji")
    sending.start(issue.pk, "minji")
    log_in(page, live_site)
    page.set_viewport_size({"width": PHONE, "height": 800})
    seen = {
        "/desk/": ["발송 중", "0 / 1", issue.title],
        f"/desk/issues/{issue.slug}/recipients/": ["대기", "한국어", "결과", "ara.with"],
    }
    for path, words in seen.items():
        page.goto(live_site + path)
        for word in words:
            box = page.locator("main").get_by_text(word).last.bounding_box()
            assert box["x"] + box["width"] <= PHONE, (path, word)
        # The brand on one line, and everything else on the next.
        assert page.locator("header.top").bounding_box()["height"] < 120
        assert page.locator(".tabs").count() == 0 or (
            page.locator(".tabs").bounding_box()["height"] < 60
        )


def test_a_digest_read_by_guess_stands_beside_its_original_on_a_desk_and_above_it_on_a_phone(
    page, live_site
):
    store(read(NUMBERED_ITEMS.encode(), "2026-01-30.md"), a_source("maker"))
    address = f"{live_site}/desk/digests/{StoredDigest.objects.get().pk}/"
    log_in(page, live_site)
    with nothing_blocked(page):
        look_at(page, address)
        first = page.locator(".beside").nth(1)
        original, told = (first.locator("> div").nth(n).bounding_box() for n in (0, 1))
        assert original["y"] == told["y"]
        assert original["x"] + original["width"] < told["x"]
        page.set_viewport_size({"width": PHONE, "height": 900})
        original, told = (first.locator("> div").nth(n).bounding_box() for n in (0, 1))
        assert original["y"] + original["height"] < told["y"]
        first.get_by_role("button", name="논문이 아님").click()
        expect(page.get_by_text("논문이 아님: 호에 싣지 않음")).to_be_visible()
