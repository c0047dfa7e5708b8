from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("papers", "0005_titles_that_sources_agree_on"),
    ]

    operations = [
        migrations.AddField(
            model_name='summary',
            name='verdict',
            field=models.CharField(blank=True, choices=[('right', 'right'), ('no-paper', 'no-paper')], default='', max_length=8),
        ),
    ]
