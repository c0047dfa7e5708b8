"""Two issues as they really are, one weekly and one daily, and the publication that sends them."""

import pytest

from newsletter.issues.content import IssueContent
from newsletter.render.mail import Site
from tests.sample_mails import SITE, an_issue


@pytest.fixture
def weekly() -> IssueContent:
    return an_issue("weekly")


@pytest.fixture
def daily() -> IssueContent:
    return an_issue("daily")


@pytest.fixture
def site() -> Site:
    return SITE
