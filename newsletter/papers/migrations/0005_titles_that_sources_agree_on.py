"""Gives all summaries their keys, and all papers the titles that their sources agree on."""

from collections import defaultdict

from django.db import migrations

from newsletter.papers.identity import key_without_title, title_key
from newsletter.papers.titles import Told, agreed, key_of

_AT_ONCE = 500


def give_keys(apps, schema_editor):
    summaries = apps.get_model("papers", "Summary").objects
    for some in _parts(summaries.only("title")):
        for one in some:
            one.title_key = key_of(one.title)
        summaries.bulk_update(some, ["title_key"])


def agree(apps, schema_editor):
    papers = apps.get_model("papers", "Paper").objects
    summaries = apps.get_model("papers", "Summary").objects
    for some in _parts(papers.only("title", "title_key", "arxiv_id", "arxiv_title")):
        told = defaultdict(list)
        rows = summaries.filter(paper__in=some).order_by("listed_on", "pk")
        for one in rows.only("paper_id", "source_id", "title", "raw"):
            told[one.paper_id].append(one)
        changed = [paper for paper in some if _learn(paper, told[paper.pk])]
        papers.bulk_update(changed, ["title", "title_key"])


def _learn(paper, told):
    before = paper.title, paper.title_key
    titles = [Told(one.source_id, one.title) for one in told]
    title = agreed(titles, arxiv_title=paper.arxiv_title, own=paper.title)
    if paper.arxiv_id:
        paper.title = title or paper.arxiv_id
        paper.title_key = title_key(paper.title)
    elif title and title_key(title) == paper.title_key:
        paper.title = title
    elif not title and told:
        # Other papers whose digests had such words in the place of a title find this row no more.
        paper.title_key = key_without_title(told[0].title, told[0].raw)
    return before != (paper.title, paper.title_key)


def _parts(rows):
    """Yield all rows in lists that are not too long, by their numbers."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = some[-1].pk
        yield some


class Migration(migrations.Migration):

    dependencies = [
        ("papers", "0004_title_keys_of_summaries"),
    ]

    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.RunPython(agree, migrations.RunPython.noop),
    ]
