"""Reconciles wherever workers run, where nobody else has done so for a while.

Beat names that task every ``RECONCILE_SECONDS``. Beat may hang, the queue may be lost, or the
workers of the queue may have their hands full; so each process of a pool looks by itself, on
a thread of its own, and takes the reconciler's lease where the last round is long past.
"""

import logging
import threading
import time

from celery.signals import worker_process_init
from django.conf import settings
from django.db import connections

from newsletter.common import leaving
from newsletter.delivery import turns
from newsletter.delivery.backends import choose
from newsletter.tasks.deliver import reconcile_in_turn

logger = logging.getLogger(__name__)

# Rounds that beat may miss before somebody stands in.
MISSED = 3


def stand_in() -> bool:
    """Reconcile if nobody has for three rounds; return whether this process did."""
    ago = turns.ago()
    if ago is not None and ago <= MISSED * settings.RECONCILE_SECONDS:
        return False
    # One of its own, for the one of this process belongs to the thread that sends.
    backend = choose.new()
    try:
        done = reconcile_in_turn(backend)
    finally:
        backend.close()
    if done:
        logger.warning("nobody had reconciled for %s seconds: does beat run?", ago and round(ago))
    return done


def _look_again_and_again() -> None:
    while not leaving.is_asked():
        time.sleep(settings.RECONCILE_SECONDS)
        try:
            stand_in()
        except Exception:
            logger.exception("could not stand in for the reconciler")
        finally:
            connections.close_all()


def _begin(**_: object) -> None:
    threading.Thread(target=_look_again_and_again, name="stand-in", daemon=True).start()


worker_process_init.connect(_begin)
