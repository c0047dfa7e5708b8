import django.db.models.deletion
from django.db import migrations, models

_BEGINS = 'refused/'


def move_counts(apps, schema_editor):
    """Refusals were counted among the allowances, by the number of their issue."""
    issues = set(apps.get_model('issues', 'Issue').objects.values_list('pk', flat=True))
    rows = apps.get_model('delivery', 'Allowance').objects.filter(limit__startswith=_BEGINS)
    counted = {int(row.limit.removeprefix(_BEGINS)): row for row in rows}
    count = apps.get_model('delivery', 'RefusalCount')
    count.objects.bulk_create(
        count(issue_id=issue_id, refused=row.used, look_at=max(row.window, 0))
        for issue_id, row in counted.items()
        if issue_id in issues
    )
    rows.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0004_pulse'),
        ('issues', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='issue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='issues.issue'),
        ),
        migrations.CreateModel(
            name='RefusalCount',
            fields=[
                ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='issues.issue')),
                ('refused', models.PositiveIntegerField(default=0)),
                ('look_at', models.PositiveIntegerField(default=0)),
            ],
        ),
        # Without them an issue would be counted anew, once.
        migrations.RunPython(move_counts, migrations.RunPython.noop),
    ]
