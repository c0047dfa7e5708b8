"""The Celery application; everything it is told stands in ``celeryconfig.py``."""

import gc
import os
from importlib import import_module

from celery import Celery
from celery.signals import (
    beat_init,
    celeryd_init,
    worker_init,
    worker_process_init,
    worker_shutting_down,
)

from newsletter.common import leaving, private_files
from newsletter.common.tether import tie_to_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
# Celery would run Django's checks, look at no answer of theirs, and import every page for them:
# a sixth of the start of each worker.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

# Read by us, and first: an application looks in the current folder before anywhere else.
_config = import_module("celeryconfig")
app = Celery("newsletter")
app.config_from_object(_config)


def _end_with_the_worker(**_: object) -> None:
    """Let no process of the pool outlive its worker: the next one takes over what it had."""
    tie_to_parent()


def _begin_nothing_more(**_: object) -> None:
    """Let the pool finish the slices in hand: of a batch, the next worker takes the rest."""
    leaving.ask()


def _share_what_is_imported(**_: object) -> None:
    """Let the pool share its memory: a collection in a child would copy 30 MB of what it never frees."""
    gc.freeze()


def _write_for_the_owner(**_: object) -> None:
    """Let a worker and beat write for their owner alone, whoever starts them."""
    private_files.begin()


# Not at import: a page or a test that only publishes a task is no process of Celery's.
celeryd_init.connect(_write_for_the_owner)
beat_init.connect(_write_for_the_owner)
worker_init.connect(_share_what_is_imported)
worker_shutting_down.connect(_begin_nothing_more)
worker_process_init.connect(_end_with_the_worker)
