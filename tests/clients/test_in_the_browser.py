"""Every mail in a browser, on a phone, in light and in dark: it fits, and axe finds nothing grave."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from newsletter.common.cadence import Language
from tests.browsing import GRAVE, PHONE
from tests.sample_mails import NOTICES, STYLE_MAILS, a_mail

pytestmark = pytest.mark.browser

# The notices of both languages differ in their words alone.
LOOKED_AT = [*STYLE_MAILS, *((kind, Language.KOREAN) for kind in NOTICES)]
CONTRAST = "color-contrast"
EVERYTHING = {"resultTypes": ["violations", "incomplete", "passes"]}
PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
SHEET = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 31)"}


@pytest.fixture(scope="module")
def phone(browser: Browser):
    """A phone whose pictures are answered here."""
    page = browser.new_page(viewport={"width": PHONE, "height": 800})
    page.route("https://**", lambda route: route.fulfill(content_type="image/svg+xml", body=PIXEL))
    yield page
    page.close()


@pytest.mark.parametrize(("name", "language"), LOOKED_AT)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_read_by_everybody(phone, name, language, scheme):
    phone.emulate_media(color_scheme=scheme)
    phone.set_content(a_mail(name, language).html)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE
    sheet = phone.eval_on_selector(".sheet", "sheet => getComputedStyle(sheet).backgroundColor")
    assert sheet == SHEET[scheme]
    found = Axe().run(phone, options=EVERYTHING).response
    grave = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]
    assert grave == []
    # Contrast of 4.5 at the least: measured on the texts, and undecided on none of them.
    (measured,) = [one for one in found["passes"] if one["id"] == CONTRAST]
    assert len(measured["nodes"]) > 5
    assert [one for one in found["incomplete"] if one["id"] == CONTRAST] == []


def test_without_its_style_sheet_a_text_still_has_most_of_a_phone(phone):
    html = re.sub(
        r"<style.*?</style>", "", a_mail("pytorchkr-weekly", Language.KOREAN).html, flags=re.DOTALL
    )
    phone.set_content(html)
    width = phone.eval_on_selector(".byline", "text => text.getBoundingClientRect().width")
    assert width >= PHONE - 2 * (20 + 8), "our own edge, and the margin of a browser"


@pytest.mark.parametrize("language", [Language.KOREAN, Language.ENGLISH])
def test_links_that_lead_through_a_mail_are_as_high_as_a_thumb(phone, language):
    phone.set_content(a_mail("pytorchkr-weekly", language).html)
    heights = phone.eval_on_selector_all(
        ".bar a, .toc a, .up a, .links a", "all => all.map(a => a.getBoundingClientRect().height)"
    )
    assert len(heights) > 30
    assert min(heights) >= 44
    between = phone.eval_on_selector_all(
        ".bar a",
        "all => all[2].getBoundingClientRect().left - all[1].getBoundingClientRect().right",
    )
    assert between >= 8, "the web version is not pressed for the way out"
