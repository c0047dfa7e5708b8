"""Whom an issue names beside a paper: names with links, and terms where their words are shown."""

from dataclasses import replace

import pytest

from newsletter.collect.digests.digest import Format, Link, Listing
from newsletter.collect.models import Source, StoredDigest
from newsletter.common import clock
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.content import Credit
from newsletter.papers.ingest import store
from newsletter.papers.models import Summary
from tests.factories import a_file, a_source, an_entry, listed, the_week

pytestmark = pytest.mark.django_db

FORUM = Link("어느 모임", "https://forum.example/t/1")


def told_again(source: str = "again", origin: Link | None = FORUM) -> None:
    """The paper of a week, in a digest that tells the forum's list again."""
    file = a_file(an_entry(), digest_format=Listing.PYTORCHKR_DERIVED)
    digest = replace(file.digests[0], origin=origin)
    store(replace(file, digests=(digest,)), a_source(source))


def credits_shown() -> tuple[Credit, ...]:
    (item,) = editing.content_of(assemble(the_week()).issue).items
    return item.credits


def names() -> list[str]:
    return [credit.name for credit in credits_shown()]


def test_a_credit_is_a_name_and_never_a_sentence_of_the_post():
    file = a_file(an_entry())
    said = replace(file.digests[0], credit="이 글은 어느 모형이 정리하였습니다. 구독과 좋아요!")
    store(replace(file, digests=(said,)), a_source("ours"))
    assert names() == ["ours 다이제스트"]
    Source.objects.update(credit="지은")
    assert names() == ["지은"]


def test_old_rows_are_credited_by_the_name_that_is_known_today():
    listed(an_entry())
    Summary.objects.update(credit="옛 문장입니다.", licence="MIT")
    Source.objects.update(licence="CC BY 4.0")
    assert [(one.name, one.licence) for one in credits_shown()] == [
        ("ours 다이제스트", "CC BY 4.0")
    ]


def test_leave_without_a_licence_is_not_given_the_licence_of_its_day():
    listed(an_entry())
    Summary.objects.update(licence="MIT")
    Source.objects.update(licence="", confirmed_at=clock.now())
    assert [one.licence for one in credits_shown()] == [""]


def test_what_is_no_public_web_address_is_no_link():
    origin = a_source("first")
    listed(an_entry(), source="copy")
    Source.objects.filter(slug="copy").update(derived_from=origin)
    Source.objects.update(address="javascript:alert(1)", interval="")
    StoredDigest.objects.update(page="")
    assert {(one.name, one.url) for one in credits_shown()} == {
        ("first 다이제스트", ""),
        ("copy 다이제스트", ""),
    }


def test_terms_stand_only_beside_words_that_are_shown():
    for slug in ("shown", "linked"):
        a_source(slug, may_be_mailed=slug == "shown")
        listed(an_entry(), source=slug)
    Source.objects.update(written_by="machine", licence="CC BY 4.0")
    told = {one.name: (one.licence, one.written_by) for one in credits_shown()}
    assert told == {
        "shown 다이제스트": ("CC BY 4.0", "machine"),
        "linked 다이제스트": ("", ""),
    }


def test_of_two_who_may_be_mailed_only_the_one_that_speaks_has_terms():
    listed(an_entry(), source="speaks", digest_format=Format.TOP5)
    listed(an_entry(), source="silent", digest_format=Format.HF_RANKING)
    Source.objects.update(written_by="machine")
    told = {one.name: one.written_by for one in credits_shown()}
    assert told == {"speaks 다이제스트": "machine", "silent 다이제스트": ""}


def test_a_derived_digest_stands_behind_the_origin_that_its_post_names():
    told_again()
    assert [(one.name, one.url) for one in credits_shown()] == [
        ("어느 모임", FORUM.url), ("again 다이제스트", ""),
    ]  # fmt: skip


def test_an_origin_is_named_once_for_all_who_tell_it_again():
    told_again("first")
    told_again("second")
    assert names() == ["어느 모임", "first 다이제스트", "second 다이제스트"]


def test_an_origin_that_introduced_the_paper_itself_is_named_by_itself_alone():
    listed(an_entry(), source="weekly", digest_format=Format.PYTORCHKR_WEEKLY)
    told_again()
    assert names() == ["weekly 다이제스트", "again 다이제스트"]


@pytest.mark.parametrize(
    "origin", [None, Link("내부", "http://10.0.0.1/t/1"), Link("x", "javascript:alert(1)")]
)
def test_an_origin_that_nobody_can_open_is_not_made_up(origin):
    told_again(origin=origin)
    assert names() == ["again 다이제스트"]


def test_an_origin_that_somebody_named_stands_before_who_tells_it_again():
    first = a_source("first", credit="처음 쓴 이")
    listed(an_entry(), source="copy")
    Source.objects.filter(slug="copy").update(derived_from=first)
    assert names() == ["처음 쓴 이", "copy 다이제스트"]
    listed(an_entry(), source="first")
    assert sorted(names()) == ["copy 다이제스트", "처음 쓴 이"]


def test_what_somebody_named_counts_before_what_the_post_says():
    told_again()
    Source.objects.filter(slug="again").update(derived_from=a_source("first"))
    assert names() == ["first 다이제스트", "again 다이제스트"]
