"""Every link in a letter that a released version has sent goes on working, whatever changes here."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from newsletter.subscribers.models import SubscriberStatus
from tests.readers import gets, notices_to
from tests.stored_letters import RELEASES, Release

pytestmark = pytest.mark.django_db

KINDS = [
    pytest.param(folder, kind, id=f"{folder.name}-{kind}")
    for folder in RELEASES
    for kind in Release(folder).kinds
]
NOTICES = {
    "address_changed",
    "confirm",
    "goodbye",
    "new_address",
    "new_link",
    "step_down",
    "welcome",
}


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def release(request, settings):
    """A version whose letters lie in the mailboxes of its readers, an hour after they came."""
    one = Release(request.param)
    one.recreate(settings)
    with time_machine.travel(one.written_at + timedelta(hours=1)):
        yield one


@pytest.fixture
def machine() -> Client:
    """A mail provider: no cookie, no form, no patience."""
    return Client(enforce_csrf_checks=True)


def one_click(machine, release, kind):
    """Do what a mail program does behind its own button (RFC 8058)."""
    letter = release.letter(kind)
    address = letter["List-Unsubscribe"].strip("<>")
    return machine.post(
        "/" + address.split("/", 3)[3],
        letter["List-Unsubscribe-Post"],
        content_type="application/x-www-form-urlencoded",
    )


def test_every_release_left_its_letters(release):
    assert set(release.kinds) >= {"weekly-ko", "weekly-en", *NOTICES}


@pytest.mark.parametrize(("folder", "kind"), KINDS)
def test_every_link_of_a_letter_leads_to_its_page(folder, kind, settings, client):
    release = Release(folder)
    release.recreate(settings)
    with time_machine.travel(release.written_at + timedelta(hours=1)):
        paths = release.paths(kind)
        answers = {path: client.get(path).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 200)
    assert paths


@pytest.mark.parametrize("kind", ["weekly-ko", "weekly-en"])
@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=20 * 365)])
def test_one_click_ends_everything_however_late_the_letter_is_read(release, machine, kind, later):
    with time_machine.travel(release.written_at + later):
        answer = one_click(machine, release, kind)
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    other = "weekly-en" if kind == "weekly-ko" else "weekly-ko"
    assert release.reader(kind).status == SubscriberStatus.LEFT
    assert release.reader(other).status == SubscriberStatus.ACTIVE
    assert notices_to(release.reader(kind).email) == ["goodbye"]


def test_one_click_works_after_the_key_was_replaced(release, machine, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer key", [settings.SECRET_KEY]
    assert one_click(machine, release, "weekly-ko").status_code == 200
    assert gets(release.reader("weekly-ko")) == set()


@pytest.mark.parametrize("kind", ["weekly-ko", "weekly-en", "welcome", "step_down", "new_link"])
def test_the_link_to_the_preferences_opens_that_readers_own_page_and_changes_it(
    release, client, kind
):
    path, reader = release.path(kind, "/p/"), release.reader(kind)
    assert reader.email in client.get(path).text
    client.post(path, {"cadences": "daily", "language": "en", "name": "Another"})
    reader.refresh_from_db()
    assert (gets(reader), reader.language, reader.name) == ({"daily"}, "en", "Another")


def test_the_button_of_a_confirmation_brings_what_was_asked_for(release, client):
    client.post(release.path("confirm", "/c/"))
    assert release.reader("confirm").status == SubscriberStatus.ACTIVE
    assert gets(release.reader("confirm")) == {"daily", "weekly"}


def test_the_button_in_the_new_mailbox_takes_the_reader_there(release, client):
    former = release.reader("new_address").email
    client.post(release.path("new_address", "/c/"))
    assert release.reader("new_address").email == release.letter("new_address")["To"]
    assert notices_to(former) == ["address_changed"]


@pytest.mark.parametrize("kind", ["weekly-ko", "weekly-en"])
def test_the_web_version_shows_the_papers_of_the_letter(release, client, kind):
    page = unescape(client.get(release.path(kind, "/issues/")).text)
    titles = [item["title"] for item in release.rows["content"]["items"]]
    plain = release.letter(kind).get_body(("plain",)).get_content()
    in_the_letter = [title for title in titles if title in " ".join(plain.split())]
    assert len(in_the_letter) > len(titles) // 2
    assert [title for title in in_the_letter if title not in page] == []
