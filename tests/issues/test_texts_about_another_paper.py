"""A pipeline that lost a paper's file still writes a text, about what it makes up. None is mailed."""

import json
import random

import pytest

from newsletter.collect.digests.digest import Section
from newsletter.collect.digests.read import read
from newsletter.issues import editing
from newsletter.issues.assemble import assemble
from newsletter.issues.kinship import Subject, strays
from newsletter.issues.outside import outsiders
from newsletter.issues.ranking import Lack
from newsletter.issues.telling import is_korean, is_sound
from newsletter.issues.term_base import term_base
from newsletter.papers.models import Paper
from tests.factories import FRIDAY, an_entry, listed, the_week
from tests.shared_data import SHARED, needs_shared_data, real_posts

GDPO = "GDPO: Group reward-Decoupled Normalization Policy Optimization"
OWN = "보상마다 따로 정규화하여, 여러 보상을 함께 쓸 때 학습 신호가 무너지지 않게 하는 방법을 제안합니다."
MADE_UP = (
    "이 논문은 새로운 합성곱 신경망을 제안합니다. 여러 갈래로 나뉜 필터를 써서 사진을 더 정확하게 분류하며, "
    "공개된 데이터에서 기존 모델보다 오류가 적었습니다."
)
CHEMISTRY = (
    "Quantum Chemistry Energies for Small Molecules",
    "We release energies of small molecules, computed with coupled clusters, for fitting force fields.",
)
TERMS = term_base()
# What one maker's program wrote of these is of no paper at all: read side by side by a person.
# The titles of two of them say too little to tell it without the abstract.
KNOWN_TO_BE_MADE_UP = {
    "2406.07472", "2406.07524", "2406.08479", "2407.10943", "2407.10956", "2410.04734",
}  # fmt: skip


def korean(text):
    return (Section("요약", "ko", text),)


@pytest.mark.parametrize(
    ("text", "subject", "strayed"),
    [
        (OWN, Subject(GDPO), False),
        (MADE_UP, Subject(GDPO), True),
        (MADE_UP, Subject(*CHEMISTRY[:1], "", CHEMISTRY[1]), True),
        ("GDPO는 이름만 나와도 그 논문의 글로 봅니다. 나머지는 무엇이든 좋습니다. 길게 이어집니다.", Subject(GDPO), False),
        ("분자의 에너지를 양자 화학으로 계산하여 모은 데이터를 공개합니다. 힘장을 맞추는 데 쓸 수 있습니다.", Subject(CHEMISTRY[0]), False),
        (MADE_UP, Subject("사진", "새로운 합성곱 신경망으로 사진 분류하기"), False),
    ],
)  # fmt: skip
def test_a_text_is_compared_with_title_and_abstract(text, subject, strayed):
    assert strays(text, subject, TERMS) == strayed


@pytest.mark.parametrize("text", ["", "짧은 글입니다.", "1 2 3 4 5 6 7 8 9"])
def test_what_is_too_short_to_tell_is_believed(text):
    assert not strays(text, Subject(GDPO), TERMS)


def test_a_title_without_a_word_to_compare_is_believed():
    assert not strays(MADE_UP, Subject("가나다"), TERMS)
    assert not strays(MADE_UP, Subject("!!!"), TERMS)
    assert not strays(MADE_UP, Subject("Grokking"), TERMS)
    assert not strays(MADE_UP, Subject("arXiv 2601.05242"), TERMS)
    assert strays(MADE_UP, Subject("arXiv 2601.05242", "", CHEMISTRY[1]), TERMS)


@pytest.mark.parametrize(
    "title", ["Segment Anything", "Mistral 7B", "Whisper", "Kosmos-2", "Textbooks Are All You Need"]
)
def test_a_short_title_may_be_told_without_one_of_its_words(title):
    assert not strays(MADE_UP, Subject(title), TERMS)


def test_each_word_of_the_term_base_is_said_in_words_that_can_be_found():
    assert len(TERMS.korean) > 800
    for english, said in TERMS.korean.items():
        assert english == english.strip().lower()
        assert all(word and not word.isspace() for word in said), english
    # A single syllable stands in half of all words: "표" in "목표" and "발표".
    single = {word for said in TERMS.korean.values() for word in said if len(word) == 1}
    assert single <= {"뇌", "빛", "줄", "춤", "꿈", "답"}


@pytest.mark.django_db
class TestInADraft:
    def a_paper_told_wrongly(self, *others):
        listed(an_entry("2601.05242", GDPO, sections=korean(MADE_UP)), *others, source="lost")

    def test_such_a_text_is_left_out_and_the_editor_is_told(self):
        self.a_paper_told_wrongly()
        issue = assemble(the_week()).issue
        (item,) = editing.content_of(issue).items
        assert item.sections == ()
        (told,) = [one for one in editing.findings(issue) if one.code == "item.other_paper"]
        assert told.place == "2601.05242 · lost 다이제스트"

    def test_another_digest_speaks_in_its_place(self):
        self.a_paper_told_wrongly()
        listed(an_entry("2601.05242", GDPO, sections=korean(OWN)))
        (item,) = editing.content_of(assemble(the_week()).issue).items
        assert [section.text for section in item.sections] == [OWN]
        assert [credit.licence for credit in item.credits if credit.name.startswith("lost")] == [""]

    def test_it_counts_as_no_telling_and_says_so_among_those_left_out(self):
        self.a_paper_told_wrongly()
        listed(an_entry("2601.00001", "A Paper on Rewards", sections=korean(OWN)))
        issue = assemble(the_week()).issue
        issue.items.filter(paper__arxiv_id="2601.05242").delete()
        assert [(one.candidate.key, one.candidate.lack) for one in outsiders(issue)] == [
            ("2601.05242", Lack.OWN_TEXT)
        ]

    def test_an_editor_who_has_compared_them_may_choose_it(self):
        self.a_paper_told_wrongly()
        issue = assemble(the_week()).issue
        editing.set_speaker(issue.items.get(), "lost")
        (item,) = editing.content_of(issue).items
        assert [section.text for section in item.sections] == [MADE_UP]
        assert "item.other_paper" in {one.code for one in editing.findings(issue)}

    def test_the_abstract_that_comes_later_decides_anew(self):
        title = "Principal Components Enable Another Language"
        listed(an_entry("2601.00002", title, sections=korean(OWN)))
        issue = assemble(the_week()).issue
        assert editing.content_of(issue).items[0].sections == ()
        Paper.objects.update(
            abstract="Rewards are normalized apart, so that learning signals and methods keep."
        )
        assert editing.content_of(issue).items[0].sections

    def test_a_source_that_does_it_again_and_again_is_named(self):
        self.a_paper_told_wrongly(
            an_entry("2601.00003", CHEMISTRY[0], sections=korean(MADE_UP)),
            an_entry("2601.00004", "A Paper on Rewards", sections=korean(OWN)),
        )
        issue = assemble(the_week(FRIDAY)).issue
        (told,) = [one for one in editing.findings(issue) if one.code == "issue.source_strays"]
        assert told.place == "lost 다이제스트"
        assert "글 3편 가운데 2편" in told.ko

    def test_one_such_text_is_no_alarm(self):
        self.a_paper_told_wrongly(
            an_entry("2601.00004", "A Paper on Rewards", sections=korean(OWN))
        )
        codes = {one.code for one in editing.findings(assemble(the_week()).issue)}
        assert "issue.source_strays" not in codes


def real_texts():
    """Yield title, Korean title, id and Korean text of every paper of the real posts."""
    formats = (
        "wtp",
        "imrlc",
        "ko-fenced",
        "pda-daily",
        "pytorchkr-weekly",
        "ko-json",
        "track-brief",
    )
    for path in real_posts(*formats):
        for entry in read(path.read_bytes(), path.name).entries:
            sound = [s for s in entry.sections if is_korean(s) and is_sound(s)]
            if sound and entry.title:
                yield entry, "\n".join(section.text for section in sound)


def real_abstracts():
    for path in sorted((SHARED / "data" / "feeds" / "hf-daily-papers").glob("api-*.json")):
        for row in json.loads(path.read_bytes()):
            paper = row.get("paper", {}) if isinstance(row, dict) else {}
            if paper.get("summary"):
                yield paper["title"], paper["summary"]


@needs_shared_data
def test_of_real_texts_hardly_one_in_a_hundred_is_taken_for_a_stray():
    texts = [(one, text) for one, text in real_texts() if one.arxiv_id not in KNOWN_TO_BE_MADE_UP]
    assert len(texts) > 400
    wrong = [
        one.title for one, text in texts if strays(text, Subject(one.title, one.title_ko), TERMS)
    ]
    assert len(wrong) <= len(texts) * 0.01, wrong


@needs_shared_data
def test_those_known_to_be_made_up_are_found_by_their_titles_alone():
    found = {
        one.arxiv_id
        for one, text in real_texts()
        if strays(text, Subject(one.title, one.title_ko), TERMS)
    }
    assert found >= KNOWN_TO_BE_MADE_UP - {"2406.07524", "2406.08479"}


@needs_shared_data
@pytest.mark.parametrize("seed", range(3))
def test_beside_another_paper_nine_of_ten_real_texts_are_found(seed):
    dice = random.Random(seed)  # noqa: S311 - the same pairs each time
    texts, papers = [text for _, text in real_texts()], list(real_abstracts())
    pairs = [(dice.choice(texts), dice.choice(papers)) for _ in range(200)]
    found = sum(strays(text, Subject(title, "", told), TERMS) for text, (title, told) in pairs)
    assert found >= 180
