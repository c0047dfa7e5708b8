"""Where no digest's text may be shown, arXiv's own abstract is: its metadata is CC0."""

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.common.cadence import Language
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.content import Credit
from newsletter.papers.models import Paper
from newsletter.render import show
from newsletter.render.folding import Fold
from tests.factories import KOREAN, a_source, an_entry, listed, the_week

pytestmark = pytest.mark.django_db

WORDS = "We keep rewards apart while training, and show that the signal stays."
ARXIV = Credit("arXiv", "https://arxiv.org/abs/2601.05242", "CC0 1.0")


def the_item():
    Paper.objects.update(abstract=WORDS)
    (item,) = editing.content_of(assemble(the_week()).issue).items
    return item


def test_a_paper_whose_texts_may_only_be_linked_is_told_by_arxiv():
    a_source("lent", may_be_mailed=False)
    listed(an_entry(), source="lent")
    item = the_item()
    assert item.sections == (Section("Abstract", "en", WORDS),)
    assert item.credits == (Credit("lent 다이제스트"), ARXIV)
    assert item.is_told_by_arxiv_alone


def test_so_is_one_whose_texts_are_all_error_sentences():
    listed(an_entry(sections=(Section("요약", "ko", "번역 실패"),)))
    assert the_item().is_told_by_arxiv_alone


def test_a_digest_that_may_speak_speaks_alone():
    listed(an_entry())
    item = the_item()
    assert (item.sections, item.is_told_by_arxiv_alone) == ((KOREAN,), False)
    assert [credit.name for credit in item.credits] == ["ours 다이제스트"]


def test_without_a_known_abstract_there_is_none():
    a_source("lent", may_be_mailed=False)
    listed(an_entry(), source="lent")
    (item,) = editing.content_of(assemble(the_week()).issue).items
    assert (item.sections, item.is_told_by_arxiv_alone) == ((), False)


@pytest.mark.parametrize("language", list(Language))
def test_the_abstract_that_stands_in_is_shown_and_credited_once_in_every_language(language):
    a_source("lent", may_be_mailed=False)
    listed(an_entry(), source="lent")
    view = show.paper_view(the_item(), Fold.FULL, language, "https://news.example/issues/1/")
    assert [section.text for section in view.sections] == [WORDS]
    assert [credit.name for credit in view.credits] == ["lent 다이제스트", "arXiv"]


def test_english_readers_of_a_korean_text_get_the_abstract_with_its_credit_and_others_neither():
    listed(an_entry())
    item = the_item()
    english, korean = (
        show.paper_view(item, Fold.FULL, language, "https://news.example/issues/1/")
        for language in (Language.ENGLISH, Language.KOREAN)
    )
    assert [section.text for section in english.sections] == [WORDS]
    assert english.credits[-1] == ARXIV
    assert [credit.name for credit in korean.credits] == ["ours 다이제스트"]


def test_a_letter_too_full_for_the_abstract_owes_arxiv_nothing():
    listed(an_entry())
    bare = show.paper_view(the_item(), Fold.BARE, Language.ENGLISH, "https://news.example/1/")
    assert [credit.name for credit in bare.credits] == ["ours 다이제스트"]
