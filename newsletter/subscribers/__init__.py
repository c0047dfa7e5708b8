"""Readers: their subscriptions, consent, suppression, and the audience of an issue."""
