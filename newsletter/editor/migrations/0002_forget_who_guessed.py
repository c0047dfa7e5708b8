"""Forgets the names, addresses and browsers that django-axes kept: who guesses is a keyed hash now."""

from django.db import migrations

_KEPT = ('AccessAttempt', 'AccessFailureLog', 'AccessLog')


def forget(apps, schema_editor):
    """Empty the tables; django-axes itself writes to none of them any more."""
    for name in _KEPT:
        apps.get_model('axes', name).objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0010_accessattemptexpiration'),
        ('editor', '0001_initial'),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
