from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0003_pages_of_digests'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url_hash', models.CharField(max_length=64, unique=True)),
                ('url', models.TextField()),
                ('alive', models.BooleanField()),
                ('why', models.CharField(blank=True, max_length=100)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('checked_at', models.DateTimeField()),
            ],
        ),
    ]
