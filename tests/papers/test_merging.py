import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection

from newsletter.collect.digests.digest import Format
from newsletter.collect.models import StoredDigest
from newsletter.common.clock import SEOUL
from newsletter.papers.ingest import store
from newsletter.papers.models import Paper, Summary, VoteObservation
from tests.factories import a_file, a_source, an_entry, listed

pytestmark = pytest.mark.django_db


def test_one_paper_in_two_digests_is_one_row_with_both_texts():
    listed(an_entry(votes=80), source="ranking", digest_format=Format.HF_RANKING)
    listed(an_entry(votes=117), source="top")
    paper = Paper.objects.get()
    assert {summary.source.slug for summary in paper.summaries.all()} == {"ranking", "top"}
    assert sorted(vote.value for vote in paper.votes.all()) == [80, 117]


def test_reading_a_file_again_changes_nothing():
    first = listed(an_entry(votes=3))
    again = listed(an_entry(votes=3))
    assert (first.papers_new, again.papers_new) == (1, 0)
    assert again.already_known
    assert (Summary.objects.count(), VoteObservation.objects.count()) == (1, 1)


def test_a_paper_without_id_is_found_by_its_title():
    listed(an_entry("2601.05242", "GDPO: Group Rewards"))
    later = listed(an_entry(None, "GDPO - group rewards"), source="weekly")
    assert later.arxiv_ids == ("2601.05242",)
    assert Paper.objects.count() == 1


def test_a_paper_without_id_learns_it_from_a_later_digest():
    first = listed(an_entry(None, "GDPO: Group Rewards"), source="weekly")
    assert first.arxiv_ids == (None,)
    listed(an_entry("2601.05242", "GDPO: Group Rewards"))
    assert Paper.objects.get().arxiv_id == "2601.05242"


def test_a_paper_without_id_is_found_by_any_title_that_a_source_gave_it():
    listed(an_entry(title="GDPO: Group Rewards"), source="one")
    listed(an_entry(title="Rewards in Groups"), source="two")
    later = listed(an_entry(None, "Rewards in Groups!"), source="weekly")
    assert (later.arxiv_ids, Paper.objects.count()) == (("2601.05242",), 1)


def test_in_one_file_too_a_paper_is_found_by_each_of_its_titles():
    told = listed(
        an_entry(title="GDPO: Group Rewards"),
        an_entry(title="Rewards in Groups"),
        an_entry(None, "Rewards in Groups"),
    )
    assert (set(told.arxiv_ids), Paper.objects.count()) == ({"2601.05242"}, 1)


def test_whose_title_it_is_now_comes_before_whom_somebody_called_so():
    listed(an_entry("2601.00001", "Group Rewards"), source="one")
    listed(an_entry("2601.00001", "Diffusion of Proteins"), source="mistaken")
    listed(an_entry("2601.00002", "Diffusion of Proteins"), source="one", raw=b"another")
    told = listed(an_entry(None, "Diffusion of Proteins"), source="weekly")
    assert told.arxiv_ids == ("2601.00002",)


@pytest.mark.parametrize("words", ["Abstract", "arXiv Links", "요약", "12", "번역 실패", "…"])
def test_words_that_are_no_title_make_no_two_papers_one(words):
    listed(an_entry("2601.00001", words), an_entry(None, words, raw="1"), source="one")
    listed(an_entry("2601.00002", words), an_entry(None, words, raw="2"), source="two")
    assert Paper.objects.count() == 4
    again = listed(an_entry(None, words, raw="1"), source="one", raw=b"told once more")
    assert (again.papers_new, Paper.objects.count()) == (0, 4)


def test_two_rows_of_one_paper_become_one_and_lose_no_vote():
    listed(an_entry(None, "Second Spelling"), source="weekly")
    listed(an_entry(None, "First Spelling", votes=7), source="weekly", raw=b"another post")
    listed(an_entry("2601.05242", "First Spelling"), source="top")
    listed(an_entry("2601.05242", "Second Spelling", votes=9), source="ranking")
    paper = Paper.objects.get()
    assert paper.summaries.count() == 4
    assert {vote.value for vote in paper.votes.all()} == {7, 9}


def test_two_papers_that_share_a_title_stay_two():
    listed(an_entry("2601.00001", "Technical Report"))
    listed(an_entry("2601.00002", "Technical Report"), source="other")
    assert Paper.objects.count() == 2


def test_a_paper_twice_in_one_digest_is_kept_once():
    listed(an_entry("2410.09342", "LLM×MapReduce"), an_entry("2410.09342", "LLMtimesMapReduce"))
    assert Summary.objects.get().title == "LLM×MapReduce"


def test_votes_are_observations_with_their_own_time():
    morning, noon = (datetime(2026, 1, 9, hour, tzinfo=UTC) for hour in (0, 3))
    listed(an_entry(votes=12), observed_at=morning)
    listed(an_entry(votes=80), observed_at=noon)
    assert list(
        VoteObservation.objects.order_by("observed_at").values_list("value", "observed_at")
    ) == [(12, morning), (80, noon)]


def test_the_bytes_stay_as_they_came():
    listed(an_entry(), raw=b"\xff\xfe as it was")
    assert bytes(StoredDigest.objects.get().raw) == b"\xff\xfe as it was"


def test_the_number_of_statements_does_not_depend_on_the_number_of_papers(
    django_assert_max_num_queries,
):
    many = [an_entry(f"2601.{number:05}", f"Paper {number}", votes=1) for number in range(60)]
    source = a_source()
    with django_assert_max_num_queries(15):
        store(a_file(*many), source)
    renamed = [replace(one, title=f"{one.title}, Renamed") for one in many]
    with django_assert_max_num_queries(15):
        store(a_file(*renamed), source)
    assert Paper.objects.filter(title__endswith="Renamed").count() == 60


@pytest.mark.django_db(transaction=True)
def test_importing_the_same_paper_side_by_side_makes_one_row():
    sources = [a_source(f"source-{number}") for number in range(6)]
    barrier = threading.Barrier(len(sources))
    failures = []

    def run(source):
        try:
            barrier.wait()
            store(a_file(an_entry(), raw=source.slug.encode()), source)
        except Exception as error:  # noqa: BLE001 - a thread must hand its failure over
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Paper.objects.get().summaries.count() == 6


def test_a_title_of_signs_alone_equals_no_other():
    listed(an_entry("2601.00001", "???"), an_entry("2601.00002", "!!!"), an_entry(None, "…"))
    assert Paper.objects.count() == 3


def test_one_file_that_names_a_paper_with_and_without_its_id_makes_one_row():
    listed(an_entry("2601.05242", "An Older Title"))
    named_twice = (an_entry(None, "GDPO"), an_entry("2601.05242", "GDPO"))
    told = listed(*named_twice, source="weekly")
    assert (told.arxiv_ids, Paper.objects.count()) == (("2601.05242", "2601.05242"), 1)


def test_a_number_that_is_no_count_of_votes_is_not_kept():
    listed(an_entry(votes=3_000_000_000))
    assert not VoteObservation.objects.exists()


def test_a_file_is_stored_whole_or_not_at_all():
    """The second of two digests in a file cannot be stored: the first must not stand alone."""
    good, bad = a_file(an_entry(votes=3)), a_file(an_entry("2601.00002", "Other", votes=4))
    broken = replace(bad.digests[0], period_start="no date")
    with pytest.raises(ValidationError):
        store(replace(good, digests=(*good.digests, broken)), a_source())
    assert not Paper.objects.exists()
    assert not StoredDigest.objects.exists()
    assert not VoteObservation.objects.exists()


def test_a_digest_that_tells_only_a_day_counted_at_its_end():
    listed(an_entry(votes=3))
    counted = VoteObservation.objects.get().observed_at.astimezone(SEOUL)
    assert counted == datetime(2026, 1, 9, 23, 59, 59, tzinfo=SEOUL)


def test_the_same_count_of_the_same_moment_is_one_observation():
    at = datetime(2026, 1, 9, 3, tzinfo=UTC)
    for text in (b"first", b"second"):
        listed(an_entry(votes=3), observed_at=at, raw=text)
    assert StoredDigest.objects.count() == 2
    assert VoteObservation.objects.get().value == 3


def test_a_file_without_a_digest_is_not_known_already():
    assert not store(replace(a_file(), digests=()), a_source()).already_known


@pytest.mark.django_db(transaction=True)
def test_an_import_that_lost_the_race_for_a_paper_finds_it_the_second_time():
    """Between looking for a paper and making it, another import made it."""
    made = []

    def first_of_two(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "papers_paper" in sql and not made:
            made.append(sql)
            raise IntegrityError("UNIQUE constraint failed")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(first_of_two):
        told = listed(an_entry(votes=3))
    assert made
    assert told.papers_new == Paper.objects.count() == Summary.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_that_the_database_sent_away_comes_again():
    refused = []

    def busy_once(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "papers_paper" in sql and not refused:
            refused.append(sql)
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(busy_once):
        assert listed(an_entry()).papers_new == 1
    assert refused
