import django.db.models.deletion
from django.db import migrations, models


def leave_room(apps, schema_editor):
    """Half of each page stays free: a letter's row is rewritten twice, and where the new
    version fits into the same page PostgreSQL need not touch the indexes."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('ALTER TABLE delivery_delivery SET (fillfactor = 50)')


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0002_recall'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('limit', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('window', models.BigIntegerField(default=0)),
                ('used', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('backend', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('failures', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.AlterField(
            model_name='delivery',
            name='issue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issues.issue'),
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
