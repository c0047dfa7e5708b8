"""The backend that the documents build, built from them: one module and one line."""

import re
import sys
import types
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsletter.delivery.backends import choose
from newsletter.delivery.ledger import counts
from newsletter.delivery.reconcile import batches_to_publish
from newsletter.delivery.send import deliver_batch
from tests.delivery.given import an_issue_being_sent

PAGE = Path(__file__).resolve().parents[2] / "docs" / "a-fifth-backend.md"


@pytest.fixture
def folder(settings, tmp_path):
    """What follows the page: its module, then its line, then the setting."""
    module, line = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    made = types.ModuleType("folder_backend")
    sys.modules["folder_backend"] = made
    exec(compile(module, str(PAGE), "exec"), made.__dict__)  # noqa: S102 - our own page
    settings.DATA_DIR, settings.MAIL_BACKEND = tmp_path, "folder"
    (tmp_path / "outgoing").mkdir()
    names = {"BACKENDS": choose.BACKENDS, "settings": settings, **made.__dict__}
    exec(compile(line, str(PAGE), "exec"), names)  # noqa: S102 - likewise
    choose.backend.cache_clear()
    yield tmp_path / "outgoing"
    del choose.BACKENDS["folder"], sys.modules["folder_backend"]
    choose.backend.cache_clear()


@pytest.mark.django_db
def test_an_issue_leaves_by_the_backend_that_the_page_builds(folder):
    issue = an_issue_being_sent(7)
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, choose.backend())
    assert counts(issue).accepted == 7
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in folder.iterdir()]
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {
        f"reader{number}@example.com" for number in range(7)
    }


@pytest.mark.django_db
def test_it_rests_under_the_same_pause_as_every_backend(folder):
    issue = an_issue_being_sent(3)
    folder.rmdir()
    for batch_id in batches_to_publish(issue.pk):
        deliver_batch(batch_id, choose.backend())
    told = counts(issue)
    assert (told.queued, told.rejected) == (3, 0)
    assert batches_to_publish(issue.pk) == []
