"""Files are whose their ``source.toml`` or somebody says; a format alone tells how they are read."""

import json

import pytest

from newsletter.collect.folder import Publication, _follow
from newsletter.collect.models import Source, StoredDigest
from newsletter.collect.voices import voices
from newsletter.common import clock
from newsletter.papers.models import Summary
from tests.collect import posts
from tests.commands.run import newsletter

pytestmark = pytest.mark.django_db


def folder(tmp_path, name, text="", card=""):
    own = tmp_path / name
    own.mkdir(parents=True, exist_ok=True)
    (own / "2026-01-09.md").write_text(text or posts.wtp())
    if card:
        (own / "source.toml").write_text(card)
    return own


def import_all(path):
    ran = newsletter("import", "--json", str(path))
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["files"]


def voices_heard():
    told = Summary.objects.values_list("source_id", "source__derived_from_id", "digest__format")
    return len(voices(told))


@pytest.mark.parametrize("style", posts.FORMATS)
def test_no_format_gives_its_files_a_maker_or_a_licence(tmp_path, style):
    import_all(folder(tmp_path, "notes", posts.FORMATS[style]()))
    source = Source.objects.get()
    assert (source.slug, source.kind) == (f"notes-{style}", "files")
    assert source.name == f"notes ({style} 형식)"
    assert (source.credit, source.licence, source.written_by) == ("", "", "")
    assert not source.may_be_mailed
    assert not source.is_confirmed
    assert {one.licence for one in Summary.objects.all()} == {""}


def test_post_with_generic_korean_labels_is_nobody_elses(tmp_path):
    post = (
        "# 비전 논문 읽기 — 2026-07-24 (KST)\n\n- **선별 수**: 1편\n\n## 오늘의 트렌드\n\n흐름입니다.\n\n---\n\n"
        "### [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n\n"
        "**한 줄 요약**: 주의 집중만으로 배웁니다.\n\n**핵심 기여**: 순환이 없습니다.\n\n**태그**: attention\n"
    )
    (file,) = import_all(folder(tmp_path, "vision", post))
    source = Source.objects.get()
    assert (source.credit, source.licence, source.may_be_mailed) == ("", "", False)
    assert source.slug == f"vision-{file['format']}"
    assert [one["code"] for one in file["findings"]][-1] == "source.not_confirmed"


def test_the_importer_asks_once_in_both_languages_with_the_command_that_answers(tmp_path):
    folder(tmp_path, "notes")
    (tmp_path / "notes" / "2026-01-10.md").write_text(posts.wtp(day="2026-01-10"))
    ran = newsletter("import", str(tmp_path))
    (asked,) = [line for line in ran.out.splitlines() if "source.not_confirmed" in line]
    for told in ("몰라", "Nobody has said", "newsletter sources confirm notes-wtp", "--licence"):
        assert told in asked


def test_each_folder_and_each_format_is_a_source_of_its_own(tmp_path):
    folder(tmp_path, "a/notes")
    folder(tmp_path, "b/notes", posts.wtp(posts.PAPERS[:2]))
    (tmp_path / "a" / "notes" / "top.md").write_text(posts.top5())
    import_all(tmp_path)
    slugs = set(Source.objects.values_list("slug", flat=True))
    assert {"notes-wtp", "notes-top5"} < slugs
    (third,) = slugs - {"notes-wtp", "notes-top5"}
    assert third.startswith("notes-wtp-")


def test_importing_again_finds_the_same_source_under_whatever_name(tmp_path):
    folder(tmp_path, "notes")
    import_all(tmp_path)
    Source.objects.update(name="논문 읽는 밤", slug="night")
    import_all(tmp_path)
    assert Source.objects.get().slug == "night"
    assert StoredDigest.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [("논문 다이제스트", "files-wtp"), ("My_Posts (2026)", "my-posts-2026-wtp"), ("x" * 90, "x" * 46 + "-wtp")],
)  # fmt: skip
def test_a_slug_is_safe_and_short_whatever_the_folder_is_called(tmp_path, name, slug):
    import_all(folder(tmp_path, name))
    assert Source.objects.get().slug == slug


def test_where_files_lie_on_a_machine_is_kept_from_everybody(tmp_path):
    import_all(folder(tmp_path, "notes"))
    row = Source.objects.values().get()
    assert Source.objects.get().page == ""
    assert not [field for field, value in row.items() if str(tmp_path) in str(value)]


def test_a_card_confirms_by_an_allowing_licence_or_by_leave(tmp_path):
    cards = {
        "free": 'licence = "CC BY 4.0"',
        "given": "may_be_mailed = true",
        "closed": "may_be_mailed = false",
        "forbidden": 'licence = "CC BY-NC 4.0"',
        "silent": "",
        "odd": 'licence = "ask us"',
    }
    for slug, said in cards.items():
        folder(tmp_path, slug, card=f'slug = "{slug}"\nname = "남"\n{said}\n')
    import_all(tmp_path)
    told = {one.slug: (one.may_be_mailed, one.confirmed_by) for one in Source.objects.all()}
    assert told == {
        "free": (True, "source.toml"), "given": (True, "source.toml"),
        "closed": (False, "source.toml"), "forbidden": (False, "source.toml"),
        "silent": (False, ""), "odd": (False, ""),
    }  # fmt: skip


def test_a_card_that_comes_later_says_whose_the_files_have_been_all_along(tmp_path):
    folder(tmp_path, "notes")
    import_all(tmp_path)
    folder(tmp_path, "notes", card='slug = "night"\nname = "논문 읽는 밤"\nlicence = "CC0-1.0"\n')
    import_all(tmp_path)
    source = Source.objects.get()
    assert (source.slug, source.name, source.may_be_mailed) == ("night", "논문 읽는 밤", True)
    assert StoredDigest.objects.count() == 1


def test_a_card_that_changes_is_followed_until_a_person_has_said_otherwise(tmp_path):
    folder(tmp_path, "notes", card='slug = "s"\nname = "남"\nlicence = "CC BY 4.0"\n')
    import_all(tmp_path)
    folder(tmp_path, "notes", card='slug = "s"\nname = "남"\nlicence = "CC BY-NC 4.0"\n')
    import_all(tmp_path)
    assert not Source.objects.get().may_be_mailed
    Source.objects.update(may_be_mailed=True, confirmed_by="지은")
    import_all(tmp_path)
    assert (Source.objects.get().may_be_mailed, Source.objects.get().confirmed_by) == (True, "지은")


def test_the_day_of_a_card_is_the_day_on_which_it_said_something_new(tmp_path):
    folder(tmp_path, "notes", card='slug = "s"\nname = "남"\nlicence = "CC BY 4.0"\n')
    import_all(tmp_path)
    said = Source.objects.get().confirmed_at
    import_all(tmp_path)
    assert Source.objects.get().confirmed_at == said


def test_a_card_names_the_source_whose_list_it_tells_again(tmp_path):
    derived = 'slug = "again"\nname = "옮긴 글"\nderived_from = "first"\n'
    folder(tmp_path, "a", card=derived)
    import_all(tmp_path)
    assert Source.objects.get().derived_from is None  # nobody knows it yet
    folder(tmp_path, "b", posts.wtp(posts.PAPERS[:2]), 'slug = "first"\nname = "처음 쓴 글"\n')
    import_all(tmp_path)
    import_all(tmp_path)
    assert Source.objects.get(slug="again").derived_from.slug == "first"


def test_a_card_with_another_slug_gives_a_confirmed_source_its_slug_and_nothing_else(tmp_path):
    folder(tmp_path, "notes")
    import_all(tmp_path)
    newsletter("sources", "confirm", "notes-wtp", "--name", "밤", "--no-mail", "--by", "minji")
    folder(tmp_path, "notes", card='slug = "night"\nname = "남"\nlicence = "CC0-1.0"\n')
    import_all(tmp_path)
    source = Source.objects.get()
    assert (source.slug, source.name, source.licence) == ("night", "밤", "")
    assert (source.may_be_mailed, source.confirmed_by) == (False, "minji")


def test_what_an_editor_confirms_while_a_card_is_read_is_not_lost(tmp_path):
    known = Source.objects.create(slug="s", name="남")
    Source.objects.filter(pk=known.pk).update(
        name="밤", confirmed_at=clock.now(), confirmed_by="minji"
    )
    card = Publication("s", "남", licence="CC0-1.0")
    source = _follow(known, card)  # read before the editor said it
    source.refresh_from_db()
    assert (source.name, source.may_be_mailed, source.confirmed_by) == ("밤", False, "minji")


@pytest.mark.parametrize(
    "wrong",
    [
        'may_be_mailed = "no"',
        'address = "javascript:alert(1)"',
        'address = "http://127.0.0.1/"',
        "address = 4",
        "licence = 4",
        'derived_from = "s"',
    ],
)
def test_bad_input_1_a_card_that_cannot_be_meant_is_refused(tmp_path, wrong):
    folder(tmp_path, "notes", card=f'slug = "s"\nname = "남"\n{wrong}\n')
    ran = newsletter("import", str(tmp_path))
    ran = ran if ran.code else newsletter("import", str(tmp_path))
    assert ran.code == 2
    assert "source.unreadable" in ran.err or "source.own_origin" in ran.err


def test_a_file_that_was_read_when_its_format_named_its_source_is_not_read_twice(tmp_path):
    folder(tmp_path, "notes")
    old = Source.objects.create(slug="wtp", name="daily_papers_ko")
    newsletter("import", "--source", "wtp", str(tmp_path))
    import_all(tmp_path)
    assert Source.objects.get() == old
    (tmp_path / "notes" / "2026-01-10.md").write_text(posts.wtp(day="2026-01-10"))
    for _ in range(2):
        import_all(tmp_path)
        assert set(Source.objects.values_list("slug", flat=True)) == {"wtp", "notes-wtp"}
        assert StoredDigest.objects.count() == 2


def test_a_card_that_names_a_row_there_is_makes_no_second_voice_of_files_read_before(tmp_path):
    folder(tmp_path, "notes")
    import_all(tmp_path)
    night = Source.objects.create(slug="night", name="밤")
    folder(tmp_path, "notes", card='slug = "night"\nname = "논문 읽는 밤"\nlicence = "CC0-1.0"\n')
    for _ in range(2):
        import_all(tmp_path)
        assert StoredDigest.objects.count() == 1
    old = Source.objects.get(slug="notes-wtp")
    assert (old.name, old.may_be_mailed, old.derived_from) == ("논문 읽는 밤", True, night)
    assert voices_heard() == 1
    (tmp_path / "notes" / "2026-01-10.md").write_text(posts.wtp(day="2026-01-10"))
    import_all(tmp_path)
    assert StoredDigest.objects.filter(source=night).count() == 1
    assert voices_heard() == 1


def test_a_card_does_not_read_again_what_went_by_its_format(tmp_path):
    folder(tmp_path, "notes")
    Source.objects.create(slug="wtp", name="daily_papers_ko")
    newsletter("import", "--source", "wtp", str(tmp_path))
    folder(tmp_path, "notes", card='slug = "night"\nname = "논문 읽는 밤"\n')
    import_all(tmp_path)
    assert StoredDigest.objects.count() == 1
    assert voices_heard() == 1
