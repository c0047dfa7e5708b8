"""What this room calls out. On its own, so that who listens does not import who calls."""

from django.dispatch import Signal

frozen = Signal()
"""Sent in the transaction that freezes an issue, with the ``revision`` it carries from now on."""
