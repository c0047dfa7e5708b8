"""A reader's whole way, in a real browser, with real mail in the built-in inbox."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from newsletter.common.clock import SEOUL
from newsletter.delivery import notices
from newsletter.delivery.backends import choose
from newsletter.delivery.models import Notice
from newsletter.delivery.status import DeliveryStatus
from newsletter.subscribers.addresses import parse_address
from newsletter.subscribers.models import Suppression
from newsletter.subscribers.suppression import suppress
from tests.browsing import look_at, nothing_blocked
from tests.factories import an_entry, listed
from tests.readers import a_reader, gets, preferences_path, reader_at, unsubscribe_path
from tests.web.given import a_sent_weekly, this_week_sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_page(browser: Browser):
    """A browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    yield context.new_page()
    context.close()


def deliver_mail() -> None:
    """Do what the worker does: send the notices that wait."""
    backend = choose.BACKENDS["inbox"]()
    for notice in Notice.objects.filter(status=DeliveryStatus.QUEUED):
        notices.deliver(notice.pk, backend)
    backend.close()


def open_newest_mail(page: Page, site: str, address: str):
    page.goto(f"{site}/inbox/?to={address}")
    page.locator(".mails a").first.click()
    # With all that is framed in it: a click on what still moves goes nowhere.
    page.wait_for_url("**/inbox/*/")
    return page.frame_locator("iframe.mail")


def follow(page: Page, link) -> Page:
    """Click a link in a framed mail; it opens in a tab of its own.

    A busy machine may swallow a click while the frame is still being laid out; a person clicks again.
    """
    try:
        with page.context.expect_page(timeout=10_000) as opened:
            link.click()
    except PlaywrightTimeout:
        with page.context.expect_page() as opened:
            link.click()
    return opened.value


@pytest.mark.usefixtures("inbox_server")
def test_a_reader_signs_up_confirms_chooses_and_leaves_without_javascript(plain_page, live_site):
    page = plain_page
    page.goto(live_site)
    page.get_by_label("이메일 주소").fill("haru@example.com")
    page.get_by_label("Daily").check()
    page.get_by_role("button", name="구독하기").click()
    expect(page.get_by_role("heading", name="메일함을 확인해 주세요")).to_be_visible()

    deliver_mail()
    mail = open_newest_mail(page, live_site, "haru@example.com")
    page = follow(page, mail.locator("a[href*='/c/']").first)
    page.get_by_role("button", name="네, 확인합니다").click()
    expect(page.get_by_role("heading", name="환영합니다!")).to_be_visible()
    assert gets(reader_at("haru@example.com")) == {"daily", "weekly"}

    page.get_by_role("link", name="내 구독 설정").click()
    page.get_by_label("Daily").uncheck()
    page.get_by_label("English").check()
    page.get_by_role("button", name="저장").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert gets(reader_at("haru@example.com")) == {"weekly"}

    deliver_mail()
    mail = open_newest_mail(page, live_site, "haru@example.com")
    page = follow(page, mail.locator("a[href*='/u/']").first)
    page.get_by_role("button", name="Unsubscribe from everything").click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    assert gets(reader_at("haru@example.com")) == set()


@pytest.mark.usefixtures("inbox_server")
def test_a_reader_changes_the_address_with_the_keyboard_and_without_javascript(
    plain_page, page, live_site
):
    reader = a_reader("haru@example.com")
    plain_page.goto(live_site + preferences_path(reader))
    plain_page.get_by_label("새 이메일 주소").focus()
    plain_page.keyboard.type("haru")
    plain_page.keyboard.press("Enter")
    expect(plain_page.get_by_role("alert")).to_contain_text("이메일 주소를 다시 확인")
    expect(plain_page.get_by_label("새 이메일 주소")).to_be_focused()
    expect(plain_page.get_by_label("새 이메일 주소")).to_have_value("haru")
    plain_page.keyboard.press("End")
    plain_page.keyboard.type("@new.example.org")
    plain_page.keyboard.press("Enter")
    expect(plain_page.get_by_role("heading", name="새 주소의 메일함을 확인")).to_be_visible()

    deliver_mail()
    mail = open_newest_mail(plain_page, live_site, "haru@new.example.org")
    opened = follow(plain_page, mail.locator("a[href*='/c/']").first)
    with nothing_blocked(page):
        look_at(page, opened.url)
        look_at(page, live_site + preferences_path(reader))
        suppress(parse_address(reader.email), Suppression.Reason.BOUNCED)
        look_at(page, live_site + preferences_path(reader))
        Suppression.objects.all().delete()
    opened.get_by_role("button", name="네, 주소를 바꿉니다").press("Enter")
    expect(opened.get_by_role("heading", name="주소가 바뀌었습니다")).to_be_visible()
    assert reader_at("haru@new.example.org") == reader

    deliver_mail()
    mail = open_newest_mail(plain_page, live_site, "haru@example.com")
    expect(mail.get_by_role("heading", level=1)).to_contain_text("주소가 바뀌었습니다")


def test_the_form_can_be_filled_in_with_the_keyboard_alone(page, live_site):
    page.goto(live_site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문으로 건너뛰기")).to_be_focused()
    page.get_by_label("이메일 주소").focus()
    page.keyboard.type("haru@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="메일함을 확인해 주세요")).to_be_visible()


def test_a_mistake_is_told_beside_the_field(page, live_site):
    page.goto(live_site)
    page.get_by_label("이메일 주소").fill("haru")
    page.get_by_role("button", name="구독하기").click()
    expect(page.get_by_role("alert")).to_contain_text("이메일 주소를 다시 확인")
    expect(page.get_by_label("이메일 주소")).to_be_focused()


def test_every_page_fits_every_screen_and_every_reader(page, live_site):
    issue = a_sent_weekly()
    reader = a_reader("haru@example.com")
    paths = [
        "/",
        "/?lang=en",
        "/issues/",
        f"/issues/{issue.slug}/",
        f"/issues/{issue.slug}/?read=both",
        "/papers/2601.05245/",
        "/search/",
        "/search/?q=보상",
        "/search/?q=nothing",
        "/link/",
        "/inbox/",
        "/nowhere/",
        "/u/nobody",
        unsubscribe_path(reader),
        preferences_path(reader),
    ]
    with nothing_blocked(page):
        for path in paths:
            look_at(page, live_site + path)


def test_a_reader_finds_a_paper_reads_it_and_goes_back_without_javascript(plain_page, live_site):
    a_sent_weekly()
    page = plain_page
    page.goto(live_site)
    page.get_by_role("link", name="검색").click()
    page.get_by_label("지난 호 검색").fill("number 3")
    page.get_by_role("button", name="검색").click()
    page.get_by_role("link", name="Paper Number 3").click()
    expect(page.get_by_role("heading", name="소개 글")).to_be_visible()
    page.get_by_role("link", name="이번 주의 주요 ML 논문").click()
    page.get_by_role("link", name="둘 다").click()
    expect(page.get_by_role("link", name="둘 다")).to_have_attribute("aria-current", "page")


def test_votes_over_time_can_be_seen_heard_and_read(page, live_site):
    for day, votes in ((5, 10), (6, 40), (7, 117)):
        counted = datetime(2026, 1, day, 12, tzinfo=SEOUL)
        listed(an_entry(votes=votes), observed_at=counted, listed_on=counted.date())
    this_week_sent()
    with nothing_blocked(page):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            look_at(page, f"{live_site}/papers/2601.05242/")
    expect(page.get_by_role("img", name="추천 수입니다")).to_be_visible()
    page.get_by_text("표로 보기").click()
    expect(page.get_by_role("cell", name="117")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_can_be_read(page, live_site, scheme):
    page.emulate_media(color_scheme=scheme)
    look_at(page, live_site)
    look_at(page, live_site + preferences_path(a_reader("haru@example.com")))
    a_sent_weekly()
    look_at(page, live_site + "/search/?q=보상")


@pytest.mark.usefixtures("inbox_server")
def test_a_mail_in_the_inbox_is_shown_and_can_run_nothing(page, live_site):
    reader = a_reader("haru@example.com")
    notices.queue("welcome", address=reader.email, language="ko", subscriber=reader)
    deliver_mail()
    with nothing_blocked(page):
        mail = open_newest_mail(page, live_site, "haru@example.com")
        expect(mail.get_by_role("heading", level=1)).to_be_visible()
        look_at(page, page.url)
    assert page.locator("iframe.mail").get_attribute("sandbox").startswith("allow-popups")


def test_a_picture_that_cannot_be_had_leaves_no_empty_frame(page, live_site):
    listed(an_entry(votes=3, image="https://pictures.example.org/gone.png"))
    issue = this_week_sent()
    page.route("https://pictures.example.org/**", lambda route: route.fulfill(status=404))
    for path in (f"/issues/{issue.slug}/", "/papers/2601.05242/"):
        page.goto(live_site + path)
        expect(page.locator("article img")).to_have_count(1)
        expect(page.locator("article img")).to_be_hidden()
