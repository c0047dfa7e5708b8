"""What every page owes a browser: it fits a phone, axe finds nothing grave, nothing is blocked."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

PHONE, DESK = 375, 1280
GRAVE = {"serious", "critical"}


def look_at(page: Page, url: str) -> None:
    """Open ``url`` on a phone and on a desk; fail for what would trouble a reader."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, f"{url} is {too_wide} px too wide at {width} px"
        assert grave_findings(page) == [], url


def grave_findings(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']]}"
        for one in violations
        if one["impact"] in GRAVE
    ]


@contextmanager
def nothing_blocked(page: Page) -> Iterator[None]:
    """Fail if the browser refuses anything because of our own policy, or a script fails."""
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "net::ERR" not in message.text:
            told.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: told.append(str(error)))
    yield
    # A page that answers 404 or 410 on purpose is told to the console as well.
    assert [text for text in told if "status of 4" not in text] == []
