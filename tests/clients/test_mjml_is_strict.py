"""The compiler of the mails accepts anything, so the reference validator reads them too."""

from functools import cache

import pytest

from newsletter.common.cadence import Language
from newsletter.render.compile import issue_mjml, notice_mjml
from tests.clients.programs import mjml_errors
from tests.sample_mails import MAILS, NOTICES, SAMPLE_OF, SITE, an_issue, named


def source(name: str, language: Language) -> str:
    if name in NOTICES:
        return notice_mjml(name, language, SITE, NOTICES[name])
    return issue_mjml(an_issue(SAMPLE_OF[name]), language, SITE, style=name)


@cache
def errors() -> dict[str, list[str]]:
    return mjml_errors({named(*one): source(*one) for one in MAILS})


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_the_reference_validator_finds_nothing_in_a_mail(name, language):
    assert errors()[named(name, language)] == []


def test_the_reference_validator_would_find_something():
    broken = (
        '<mjml><mj-body><mj-section><mj-text colr="x">a</mj-text></mj-section></mj-body></mjml>'
    )
    (found,) = mjml_errors({"broken": broken}).values()
    assert "colr is illegal" in " ".join(found)
    assert "mj-text cannot be used inside mj-section" in " ".join(found)
