import pytest

from newsletter.collect import terms
from newsletter.collect.digests.digest import Section
from newsletter.collect.models import Source, SourceFinding
from newsletter.collect.registering import Registration, register
from newsletter.common.errors import BadInput, Declined
from newsletter.common.findings import Finding, Severity
from newsletter.delivery import preflight
from newsletter.issues import approval, editing
from newsletter.issues.assemble import assemble
from newsletter.issues.models import Issue
from newsletter.issues.states import IssueState
from newsletter.papers.models import Paper
from tests.commands.run import newsletter
from tests.factories import a_source, a_weekly, an_entry, five_papers, listed, the_week

pytestmark = pytest.mark.django_db

ENGLISH = Section("Abstract", "en", "A method that nobody has put into Korean yet.")


@pytest.fixture
def thin() -> Issue:
    """Two papers: something to read before it leaves, and nothing wrong."""
    listed(an_entry("2601.00001", "One"), an_entry("2601.00002", "Two"))
    return assemble(the_week()).issue


@pytest.fixture
def untranslated() -> Issue:
    """Five papers of which none is in Korean."""
    listed(*[an_entry(f"2601.0000{n}", f"Paper {n}", sections=(ENGLISH,)) for n in range(5)])
    return assemble(the_week()).issue


def test_an_issue_without_findings_records_nothing():
    issue = a_weekly()
    preflight.approve(issue, "지은")
    assert issue.approved_despite == {}


def test_warnings_are_approved_by_who_has_read_them(thin):
    with pytest.raises(BadInput, match=r"approve\.unread"):
        preflight.approve(thin, "지은", read=False)
    assert (thin.state, thin.revision) == (IssueState.DRAFT, None)
    preflight.approve(thin, "지은", read=True)
    assert thin.approved_despite["by"] == "지은"
    assert thin.approved_despite["warnings"] == ["issue.few_papers"]


def test_what_a_draft_left_out_is_among_what_was_read():
    listed(an_entry("2601.0009", "Failed", sections=(Section("요약", "ko", "번역 실패"),)))
    issue = a_weekly()
    preflight.approve(issue, "지은", read=True)
    assert "item.error_sentence" in issue.approved_despite["warnings"]


def test_nobody_has_read_a_warning_who_does_not_say_so(thin):
    for approve in (preflight.approve, editing.approve):
        with pytest.raises(BadInput, match=r"approve\.unread"):
            approve(thin, "지은", read=False)
    with pytest.raises(BadInput, match=r"approve\.unread"):
        editing.approve(thin, "지은")


def a_source_that_died():
    SourceFinding.objects.create(
        source=a_source("dead"), code="source.failed", severity=Severity.ERROR,
        ko="사흘째 읽지 못했습니다.", en="It could not be read for three days.",
    )  # fmt: skip


def test_all_that_stands_before_the_editor_is_what_the_approval_is_about():
    listed(an_entry("2601.0009", "Failed", sections=(Section("요약", "ko", "번역 실패"),)))
    a_source_that_died()
    issue = a_weekly()
    seen = [f.code for f in preflight.findings(issue) if f.severity is Severity.WARNING]
    assert "source.failed" in seen
    preflight.approve(issue, "지은", read=True)
    assert issue.approved_despite["warnings"] == sorted(set(seen))


def test_a_dead_source_alone_is_something_to_be_read():
    a_source_that_died()
    issue = a_weekly()
    with pytest.raises(BadInput, match=r"approve\.unread"):
        preflight.approve(issue, "지은", read=False)


def test_an_error_is_lifted_with_a_reason_in_words(untranslated):
    with pytest.raises(Declined, match=r"gate\.closed"):
        preflight.approve(untranslated, "지은", reason="  ")
    preflight.approve(untranslated, "지은", read=True, reason="영어\n특집호입니다.")
    assert untranslated.state == IssueState.APPROVED
    assert untranslated.approved_despite["reason"] == "영어 특집호입니다."
    assert untranslated.approved_despite["errors"] == [
        {"code": "issue.not_korean", "place": untranslated.slug}
    ]


def test_a_lifted_error_is_a_warning_and_a_new_one_is_an_error(untranslated):
    preflight.approve(untranslated, "지은", read=True, reason="영어 특집호입니다.")
    assert "error" not in {finding.severity for finding in editing.findings(untranslated)}
    Paper.objects.filter(arxiv_id="2601.00001").update(withdrawn_at=untranslated.window_end)
    errors = [f.code for f in editing.findings(untranslated) if f.severity == "error"]
    assert errors == ["item.withdrawn"]


def test_no_reason_lets_an_empty_issue_leave():
    issue = a_weekly()
    issue.items.update(hidden=True)
    with pytest.raises(Declined, match=r"gate\.closed"):
        preflight.approve(issue, "지은", reason="그래도 보냅니다.")
    assert issue.state == IssueState.DRAFT


def test_a_reason_is_a_sentence_and_no_book(untranslated):
    with pytest.raises(BadInput, match=r"approve\.reason"):
        preflight.approve(untranslated, "지은", reason="가" * 301)


def test_a_withdrawn_approval_forgets_what_was_read(thin):
    preflight.approve(thin, "지은", read=True)
    editing.withdraw_approval(thin, "지은")
    assert thin.approved_despite == {}


@pytest.mark.parametrize("licence", ["CC BY-NC 4.0", "CC-BY-ND", "비영리", "NonCommercial"])
def test_a_source_that_is_given_a_licence_that_forbids_mailing_is_shown_no_more(licence):
    five_papers()
    listed(an_entry("2601.00009", "Lent"), source="lent")
    issue = assemble(the_week()).issue
    terms.confirm(Source.objects.get(slug="lent"), terms.Terms(licence=licence), "지은")
    (lent,) = [one for one in editing.content_of(issue).items if one.arxiv_id == "2601.00009"]
    assert lent.sections == ()
    assert {one.severity for one in editing.findings(issue)} == {"warning"}


def test_a_source_that_gave_leave_is_mailed_with_a_warning_that_says_so():
    five_papers()
    address = "https://lent.example/feed.xml"
    asked = Registration("feed", address, "lent", licence="CC BY-NC 4.0", may_be_mailed=True)
    register(asked)
    listed(an_entry("2601.00009", "Lent"), source="lent")
    issue = assemble(the_week()).issue
    (warning,) = editing.findings(issue)
    assert (warning.code, warning.severity) == ("item.licence_leave", "warning")
    assert "허락" in warning.ko
    editing.approve(issue, "지은", read=True)
    assert issue.state == IssueState.APPROVED


def test_a_licence_that_allows_mailing_is_no_matter():
    five_papers()
    source = a_source("free")
    source.licence = "CC BY-SA 4.0"
    source.save()
    listed(an_entry("2601.00009", "Free"), source="free")
    assert editing.findings(assemble(the_week()).issue) == ()


def test_the_command_line_can_give_the_reason_too(untranslated):
    assert newsletter("approve", untranslated.slug).code == 1
    reason = ("--despite", "영어 특집호입니다.")
    assert newsletter("approve", untranslated.slug, *reason, "--read").code == 0
    untranslated.refresh_from_db()
    assert untranslated.approved_despite["reason"] == "영어 특집호입니다."


def with_an_error(code):
    """A look that finds this error in an issue and nothing else."""
    error = Finding(code, "틀린 점입니다.", "Something is wrong.", Severity.ERROR, "here")
    return lambda issue: (error,)


# By their names and not from the set itself: what is taken out of it must be missed here.
@pytest.mark.parametrize("code", ["issue.empty", "issue.too_large", "template.no_unsubscribe"])
def test_what_is_binding_is_lifted_by_no_reason(code):
    issue = a_weekly()
    with pytest.raises(Declined, match=r"gate\.closed"):
        editing.approve(issue, "지은", with_an_error(code), read=True, reason="그래도 보냅니다.")
    assert (issue.state, issue.revision, issue.approved_despite) == (IssueState.DRAFT, None, {})
    assert code in approval.BINDING


def test_beside_another_error_a_binding_one_is_as_binding(untranslated):
    def look(issue):
        return (*editing.findings(issue), *with_an_error("template.no_unsubscribe")(issue))

    with pytest.raises(Declined, match=r"gate\.closed"):
        editing.approve(untranslated, "지은", look, read=True, reason="그래도 보냅니다.")
    assert untranslated.state == IssueState.DRAFT
