"""The command line and the desk call a thing by the same name."""

import re

import pytest

from newsletter.commands.reporting import _LINES as OF_A_REPORT
from newsletter.commands.status import _LINES as OF_THE_LEDGER
from newsletter.commands.words import both
from newsletter.delivery import preflight, sending
from tests.commands.run import newsletter
from tests.factories import a_weekly
from tests.readers import a_reader


@pytest.mark.parametrize("line", [*OF_THE_LEDGER, *OF_A_REPORT])
def test_every_line_of_a_table_is_in_both_languages(line):
    assert re.fullmatch(r"[가-힣 ]+ / [a-z]+", both(*line))


@pytest.mark.django_db
def test_the_ledger_and_the_progress_page_use_the_same_words(admin_client):
    a_reader("bora@example.com")
    issue = a_weekly()
    preflight.approve(issue, "minji")
    sending.start(issue.pk, "minji")
    told = newsletter("status", issue.slug).out
    page = admin_client.get(
        f"/desk/issues/{issue.slug}/progress/", headers={"accept-language": "ko"}
    ).text
    for word in ("대기", "발송 중", "전달됨", "거절됨", "불확실", "취소됨", "건너뜀"):
        assert word in told
        assert f"<dt>{word}</dt>" in page
