from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0002_what_an_editor_decides'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='send_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='issue',
            name='send_by',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='issue',
            name='send_held',
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
