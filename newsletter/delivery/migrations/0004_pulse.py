import django.db.models.deletion
from django.db import migrations, models

# What was in the middle of its sending when it was last put into the queue.
BEGUN = '''
INSERT INTO delivery_pulse (issue_id, at)
SELECT issue_id, max(published_at) FROM delivery_batch
 WHERE NOT done AND published_at IS NOT NULL
 GROUP BY issue_id
'''


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0003_limits'),
        ('issues', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='issues.issue')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
    ]
