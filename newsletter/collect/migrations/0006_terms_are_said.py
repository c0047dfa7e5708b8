import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0005_who_writes'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='confirmed_by',
            field=models.CharField(blank=True, default='', max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='source',
            name='derived_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='collect.source'),
        ),
        migrations.AddField(
            model_name='source',
            name='origin_key',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='source',
            name='may_be_mailed',
            field=models.BooleanField(default=False),
        ),
    ]
