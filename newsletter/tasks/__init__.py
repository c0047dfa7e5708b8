"""Turns the crank: Celery tasks that carry ids and call a room. Only here is Celery imported."""
