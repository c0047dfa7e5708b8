from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0002_who_writes'),
    ]

    operations = [
        migrations.AddField(
            model_name='paper',
            name='withdrawn_by',
            field=models.CharField(blank=True, default='', max_length=50),
        ),
    ]
