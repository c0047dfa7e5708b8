"""Apart from the step before: PostgreSQL alters no table whose rows the same transaction has changed."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('collect', '0007_nobodys_terms_are_guessed'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(condition=~Q(origin_key=''), fields=('origin_key',), name='one_source_per_origin_of_files'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=Q(may_be_mailed=False) | Q(confirmed_at__isnull=False), name='only_confirmed_sources_are_mailed'),
        ),
    ]
