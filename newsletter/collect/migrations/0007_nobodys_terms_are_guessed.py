"""Terms are said by somebody. What was mailed because nobody had said anything is linked from now on."""

from django.db import migrations
from django.utils import timezone

from newsletter.collect import licences
from newsletter.collect.licences import Answer

BEFORE = "before this was recorded"
# What a format alone used to say of files; nobody has ever said it of these rows.
INHERITED = {
    ("wtp", "daily_papers_ko", "CC BY-NC 4.0"),
    ("hf-weekly-txt", "HuggingFace Daily Papers 주간", "Apache-2.0"),
    ("ko-fenced", "ro-ko/daily_papers", "MIT"),
    ("pda-daily", "paper-digest-agent", "CC BY-NC 4.0"),
    ("ko-json", "hf-daily-paper-korean-autoflow", "Apache-2.0"),
}


def judge(apps, schema_editor):
    now = timezone.now()
    for source in apps.get_model("collect", "Source").objects.all():
        if source.kind in {"arxiv", "arxiv-announce"} and "/" not in source.address:
            # arXiv itself says what its abstracts may be used for.
            source.licence = source.licence or licences.ARXIV_METADATA
        if _was_said(source):
            source.confirmed_at, source.confirmed_by = now, BEFORE
        else:
            source.may_be_mailed = False
        source.save(update_fields=["licence", "may_be_mailed", "confirmed_at", "confirmed_by"])


def _was_said(source):
    """Return whether somebody must have said it: the default was to mail what has no licence."""
    inherited = source.kind == "files" and not source.address
    if inherited and (source.slug, source.name, source.licence) in INHERITED:
        return False
    return not source.may_be_mailed or licences.answer(source.licence) is not Answer.UNKNOWN


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0006_terms_are_said'),
    ]

    operations = [
        migrations.RunPython(judge, migrations.RunPython.noop),
    ]
