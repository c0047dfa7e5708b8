from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0002_findings_are_told'),
    ]

    operations = [
        migrations.AddField(
            model_name='storeddigest',
            name='page',
            field=models.CharField(blank=True, max_length=1000),
        ),
    ]
