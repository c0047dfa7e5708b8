"""How often somebody guessed at the desk's door; who and at what is kept as a keyed hash only."""

from django.db import models
from django.utils import timezone


class GuessCount(models.Model):
    """The wrong guesses of one asker at one account, or at one account in one hour.

    A guess is counted before it is tried, so that many at once are not tried for one; the
    right password takes the row away.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    guesses = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.key_hash[:12]}: {self.guesses}"
