"""What this room calls out. On its own, so that who listens does not import who calls."""

from django.dispatch import Signal

queued = Signal()
"""Sent after the commit of a notice, with ``notice_id``."""
