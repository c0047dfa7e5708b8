"""Which ports the site and the inbox listen on.

A port that someone chose is never changed in silence. A default that is taken
moves to the next free one (a newcomer's 8000 is often in use already), and stays
there: every later command on the folder, and every link in a letter, finds it.
"""

import os
import socket
import sys
from pathlib import Path

import click
from django.conf import settings

from newsletter.common import durable
from newsletter.common.errors import Refused

LOOPBACK = "127.0.0.1"
_TRIES = 100


def settle() -> None:
    """Make sure that both ports are free; does not return where a default had to move.

    Addresses, hosts and cookies all follow from the port, so the program starts
    again and reads it, rather than patching settings that were read already.
    """
    moved = _settle("WEB_PORT", settings.DATA_DIR / "web-port", bound="BASE_URL")
    if settings.MAIL_BACKEND == "inbox":
        moved |= _settle("INBOX_PORT", settings.DATA_DIR / "inbox-port")
    if moved:
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def _settle(name: str, kept_in: Path, *, bound: str = "") -> bool:
    """Return whether the port had to move; ``bound`` names a setting that contains it."""
    port = getattr(settings, name)
    if is_free(port):
        return False
    if os.environ.get(name) or os.environ.get(bound):
        raise Refused(
            "port.taken",
            f"다른 프로그램이 포트 {port}번을 쓰고 있습니다. {name} 값을 바꿔 주세요.",
            f"Port {port} is used by another program; choose another {name}.",
            place=name,
        )
    free = next(other for other in range(port + 1, port + _TRIES) if is_free(other))
    durable.write(kept_in, f"{free}\n")
    click.echo(f"{name}: {port} 사용 중, {free} 사용 / {port} is taken, using {free}", err=True)
    return True


def is_free(port: int) -> bool:
    """Return whether this loopback port can be listened on now."""
    with socket.socket() as probe:
        # As servers do: a connection that has just ended does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
