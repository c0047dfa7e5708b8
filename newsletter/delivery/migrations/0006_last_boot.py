from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0005_previews_and_refusals'),
    ]

    operations = [
        migrations.CreateModel(
            name='LastBoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('boot_id', models.CharField(max_length=64)),
            ],
        ),
    ]
