"""The processes and servers that do the work: broker, workers, beat, site, mail."""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import redis
from django.conf import settings

from newsletter.commands import children
from newsletter.commands.checkup.diagnosis import Diagnosis, Level
from newsletter.common.errors import ConfigurationError
from newsletter.delivery import turns
from newsletter.delivery.backends import choose
from newsletter.delivery.smtp_server import Tls, parse_server
from newsletter.tasks import presence, standing_in

QUEUES = ("mail.urgent", "mail.bulk", "house", "collect", "facts")
_START = ("newsletter up을 실행해 주세요.", "Run newsletter up.")
_WANTED = {"appendonly": "yes", "maxmemory-policy": "noeviction"}
# Beat writes its schedule down after every task, and has one every 15 seconds.
_BEAT_IS_LATE = 60.0
# A busy machine answers late; what is down would not answer in a minute either.
_PATIENCE, _A_LOOK = 5.0, 0.2
_SENDGRID = "https://api.sendgrid.com"


def broker() -> Diagnosis:
    """Whether the broker answers, and keeps what it is given."""
    try:
        with children.redis_client() as client:
            version = client.info("server")["redis_version"]
            # One by one: Redis 6 takes no more than one name.
            kept = [name for name in _WANTED if client.config_get(name) == {name: _WANTED[name]}]
            return _durable(version, kept)
    except redis.ResponseError:  # a hosted Redis often hides its settings
        return Diagnosis("broker", Level.OK, "Redis 응답함", "Redis answers")
    except redis.RedisError as error:
        return Diagnosis(
            "broker",
            Level.FAIL,
            f"Redis가 응답하지 않습니다({type(error).__name__}).",
            f"Redis does not answer ({type(error).__name__}).",
            *(
                _START
                if children.broker_is_ours()
                else ("REDIS_URL을 확인해 주세요.", "Check REDIS_URL.")
            ),
        )


def _durable(version: str, kept: list[str]) -> Diagnosis:
    missing = ", ".join(f"{name} {value}" for name, value in _WANTED.items() if name not in kept)
    if not missing:
        return Diagnosis("broker", Level.OK, f"Redis {version}", f"Redis {version}")
    return Diagnosis(
        "broker",
        Level.WARN,
        f"Redis {version}: 재시작하면 대기열을 잃을 수 있습니다. 원장에서 다시 찾습니다.",
        f"Redis {version} may lose its queue; the ledger finds the work again.",
        f"Redis 설정: {missing}",
        f"Configure Redis: {missing}",
    )


def workers() -> Diagnosis:
    """Whether each queue has a worker that answers."""
    served: dict[str, list[str]] = {}

    def all_are_served() -> bool:
        served.update(presence.queues())
        return served.keys() >= set(QUEUES)

    if _soon(all_are_served):
        names = ", ".join(sorted({node for nodes in served.values() for node in nodes}))
        return Diagnosis("workers", Level.OK, names, names)
    alone = [queue for queue in QUEUES if queue not in served]
    return Diagnosis(
        "workers",
        Level.FAIL,
        f"받는 작업자가 없는 대기열: {', '.join(alone)}",
        f"No worker answers for: {', '.join(alone)}",
        *_START,
    )


def beat() -> Diagnosis:
    """Whether beat has written its schedule down a short while ago."""
    ago = time.time() - children.beat_wrote()
    if ago <= _BEAT_IS_LATE:
        return Diagnosis("beat", Level.OK, f"{ago:.0f}초 전", f"{ago:.0f} seconds ago")
    return Diagnosis(
        "beat",
        Level.FAIL if children.broker_is_ours() else Level.WARN,
        "이 폴더에서 beat가 돌고 있지 않습니다. 예약된 일이 시작되지 않습니다.",
        "No beat runs on this folder: nothing that is scheduled will start.",
        "newsletter up을 실행해 주세요. beat가 다른 서버에 있다면 그대로 두세요.",
        "Run newsletter up; if beat runs on another machine, all is well.",
    )


def reconciler(workers_answer: bool) -> Diagnosis:
    """Whether somebody has looked after the ledger a short while ago, and every step went well.

    Workers do so as soon as they are up: where they answer, their first round is waited for.
    """
    runs = _soon(_was_reconciled) if workers_answer else _was_reconciled()
    ago, failed = turns.ago(), turns.failed()
    if ago is None or not runs:
        return Diagnosis(
            "reconciler",
            Level.FAIL,
            "원장을 점검하는 작업(reconciler)이 실행되고 있지 않습니다. 멈춘 발송이 재개되지 않습니다.",
            "The reconciler does not run: a send that has stopped will not resume.",
            *_START,
        )
    if failed:
        return Diagnosis(
            "reconciler",
            Level.WARN,
            f"{ago:.0f}초 전, 실패한 단계: {failed}",
            f"{ago:.0f} seconds ago; steps that failed: {failed}",
            "작업자의 로그에서 그 단계의 오류를 확인해 주세요.",
            "Look for the error of that step in the log of the workers.",
        )
    return Diagnosis("reconciler", Level.OK, f"{ago:.0f}초 전", f"{ago:.0f} seconds ago")


def _was_reconciled() -> bool:
    ago = turns.ago()
    return ago is not None and ago <= standing_in.MISSED * 2 * settings.RECONCILE_SECONDS


def _soon(is_well: Callable[[], bool]) -> bool:
    """Ask until the answer is yes; ``False`` where it was not within some seconds."""
    last = time.monotonic() + _PATIENCE
    while not is_well():
        if time.monotonic() > last:
            return False
        time.sleep(_A_LOOK)
    return True


def web() -> Diagnosis:
    """Whether the site answers."""
    address = f"{children.LOOPBACK}:{settings.WEB_PORT}"
    if children.serves(settings.WEB_PORT, _PATIENCE):
        return Diagnosis("web", Level.OK, address, address)
    return Diagnosis(
        "web",
        Level.FAIL,
        f"{address}에서 사이트가 응답하지 않습니다.",
        f"The site does not answer on {address}.",
        *_START,
    )


def mail() -> Diagnosis:
    """Whether the ways out for letters have what they need, and the first can be reached."""
    try:
        host, port, greets = _way_out()
        choose.check()
        with socket.create_connection((host, port), timeout=_PATIENCE) as probe:
            # One that hangs accepts the connection, and then says nothing.
            if greets and not probe.recv(1):
                raise ConnectionAbortedError
    except ConfigurationError as error:
        return Diagnosis("mail", Level.FAIL, error.ko, error.en, "설정을 고쳐 주세요.", "Mend it.")
    except OSError as error:
        return _unreachable(error)
    name = f"{settings.MAIL_BACKEND} {host}:{port}"
    return Diagnosis("mail", Level.OK, name, name)


def _way_out() -> tuple[str, int, bool]:
    """Return host and port, and whether the server is the first to speak (RFC 5321, 3.1)."""
    if settings.MAIL_BACKEND == "inbox":
        return children.LOOPBACK, settings.INBOX_PORT, True
    if settings.MAIL_BACKEND == "smtp":
        server = parse_server(settings.SMTP_URL, settings.PUBLICATION_DOMAIN)
        return server.host, server.port, server.tls is not Tls.IMPLICIT
    if not settings.SENDGRID_API_KEY:
        raise ConfigurationError(
            "config.missing",
            "SENDGRID_API_KEY가 없습니다.",
            "SENDGRID_API_KEY is missing.",
            place="SENDGRID_API_KEY",
        )
    parts = urlsplit(settings.SENDGRID_BASE_URL or _SENDGRID)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443), False


def _unreachable(error: OSError) -> Diagnosis:
    remedies = {
        "inbox": _START,
        "smtp": ("SMTP_URL과 방화벽을 확인해 주세요.", "Check SMTP_URL and the firewall."),
        "sendgrid": (
            "인터넷 연결과 방화벽을 확인해 주세요.",
            "Check the network and the firewall.",
        ),
    }
    return Diagnosis(
        "mail",
        Level.FAIL,
        f"{settings.MAIL_BACKEND}에 연결하지 못했습니다({type(error).__name__}).",
        f"{settings.MAIL_BACKEND} cannot be reached ({type(error).__name__}).",
        *remedies[settings.MAIL_BACKEND],
    )
