from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0003_who_says_withdrawn'),
    ]

    operations = [
        migrations.AddField(
            model_name='summary',
            name='verdict',
            field=models.CharField(blank=True, choices=[('right', 'right'), ('no-paper', 'no-paper')], default='', max_length=8),
        ),
    ]
