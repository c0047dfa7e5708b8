"""A reader presses a button, and in the same moment all that is kept of them is deleted."""

import pytest

from newsletter.subscribers import subscriptions
from newsletter.subscribers.models import Subscriber
from tests.races import just_before
from tests.readers import BOTH, a_reader, preferences_path, unsubscribe_path

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (preferences_path, {"cadences": ["weekly"], "language": "ko", "name": "보라"}),
        (lambda r: f"{preferences_path(r)}/address/", {"email": "new@example.org"}),
        (lambda r: f"{preferences_path(r)}/leave/", {}),
        (unsubscribe_path, {"List-Unsubscribe": "One-Click"}),
        (lambda r: f"{unsubscribe_path(r)}/weekly/", {}),
        (lambda r: f"{unsubscribe_path(r)}/return/", {}),
    ],
    ids=["change", "move", "leave", "one-click", "weekly only", "come back"],
)
def test_a_page_says_kindly_that_nothing_is_kept_and_nothing_comes_back(client, path, form):
    reader = a_reader("bora@example.com", *BOTH)
    if "return" in path(reader):
        subscriptions.leave(reader, "one-click")

    def erase():
        subscriptions.erase(Subscriber.objects.get(pk=reader.pk))

    with just_before("SAVEPOINT", erase):
        page = client.post(path(reader), form)
    assert page.status_code == 200
    assert "이미 삭제되어 남아 있는 정보가 없습니다." in page.text
    assert "bora@example.com" not in page.text
    assert not Subscriber.objects.exists()
