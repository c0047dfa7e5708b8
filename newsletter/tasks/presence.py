"""Whether workers are there and at work, as seen from outside them."""

from typing import Any

from celery.exceptions import CeleryError
from kombu.exceptions import KombuError

from newsletter.celery import app


def answers(node: str, seconds: float = 1.0) -> bool:
    """Return whether the worker of this name (``name@host``) answers a ping."""
    return node in _ask("ping", [node], seconds)


def queues(seconds: float = 1.5) -> dict[str, list[str]]:
    """Return which workers answer, under the name of each queue that they serve."""
    served: dict[str, list[str]] = {}
    for node, consumed in _ask("active_queues", None, seconds).items():
        for queue in consumed:
            served.setdefault(queue["name"], []).append(node)
    return served


def is_idle(node: str, seconds: float = 2.0) -> bool:
    """Return whether the worker holds no task, or does not answer at all."""
    return not _ask("active", [node], seconds).get(node)


def _ask(question: str, nodes: list[str] | None, seconds: float) -> dict[str, Any]:
    limit = len(nodes) if nodes else None
    inspect = app.control.inspect(destination=nodes, timeout=seconds, limit=limit)
    try:
        return getattr(inspect, question)() or {}
    except (OSError, CeleryError, KombuError):
        return {}
