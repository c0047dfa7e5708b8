from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0008_only_confirmed_is_mailed'),
    ]

    operations = [
        migrations.AddField(
            model_name='storeddigest',
            name='origin_name',
            field=models.CharField(blank=True, default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='storeddigest',
            name='origin_page',
            field=models.CharField(blank=True, default='', max_length=1000),
            preserve_default=False,
        ),
    ]
