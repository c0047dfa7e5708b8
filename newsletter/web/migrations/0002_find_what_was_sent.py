"""Takes the issues that were frozen before there was a search into its table."""

from dataclasses import asdict

from django.db import migrations

from newsletter.issues.content import IssueContent
from newsletter.web.searching import searchable


def fill(apps, schema_editor):
    entries = apps.get_model("web", "SearchEntry").objects
    frozen = apps.get_model("issues", "Issue").objects.exclude(revision=None)
    for issue in frozen.select_related("revision").iterator():
        content = IssueContent.from_json(issue.revision.content)
        entries.bulk_create(
            entries.model(issue_id=issue.pk, **asdict(one)) for one in searchable(content)
        )


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
