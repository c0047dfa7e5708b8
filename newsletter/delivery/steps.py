"""Steps that stand alone: what one of them raises is written down, and the next is taken all the same."""

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection

logger = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")


class TurnLost(Exception):
    """Somebody else has taken over: the steps that are left are theirs."""


class Steps:
    """The steps of one round. ``may_go_on`` is asked before each of them."""

    def __init__(self, may_go_on: Callable[[], bool] = lambda: True) -> None:
        self.failed: list[str] = []
        self._may_go_on = may_go_on

    def take(self, step: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T | None:
        """Take a step; return what it returns, ``None`` where it failed.

        Raises :class:`TurnLost` where this round is not ours any more.
        """
        if not self._may_go_on():
            raise TurnLost
        try:
            return step(*arguments, **named)
        except Exception:
            name = step.__name__.strip("_")
            logger.exception("reconciling: the step %s failed, the others go on", name)
            self.failed.append(name)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            return None
