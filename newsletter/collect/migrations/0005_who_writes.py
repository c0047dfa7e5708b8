import newsletter.collect.licences
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0004_addresses_are_asked'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='written_by',
            field=models.CharField(blank=True, choices=[(newsletter.collect.licences.Writer['PERSON'], newsletter.collect.licences.Writer['PERSON']), (newsletter.collect.licences.Writer['MACHINE'], newsletter.collect.licences.Writer['MACHINE']), (newsletter.collect.licences.Writer['MIXED'], newsletter.collect.licences.Writer['MIXED'])], default='', max_length=7),
        ),
    ]
