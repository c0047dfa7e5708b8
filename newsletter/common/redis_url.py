"""The address of the broker, such that it says the same to everyone who connects.

``redis://:password@host:6379/0``     plain text
``rediss://:password@host:6379/0``    TLS, and nothing is sent to a server that nobody vouches for
``redis+socket:///run/redis.sock``    a socket of this machine

``?ssl_ca_certs=/etc/ca.pem`` trusts a private authority.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from newsletter.common.errors import ConfigurationError

_PLAIN, _TLS, _SOCKET = "redis", "rediss", "redis+socket"
_TLS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs")
_CHECKS = {"required", "optional", "none"}


def parse_redis(url: str) -> str:
    """Return ``url`` with what it leaves open said; raises :class:`ConfigurationError`.

    Celery checks no certificate unless it is told to, and redis-py checks it always:
    whoever writes ``rediss://`` and no more means that it is checked.
    """
    parts = _split(url)
    told = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(told)
    allowed = _TLS_OPTIONS if parts.scheme == _TLS else ()
    known = options.keys() <= set(allowed) and all(options.values())
    if not known or len(options) < len(told):
        raise _wrong_options(parts.scheme, allowed)
    if parts.scheme != _TLS:
        return url
    if options.setdefault("ssl_cert_reqs", "required") not in _CHECKS:
        raise _wrong_options(parts.scheme, allowed)
    return parts._replace(query=urlencode(options, safe="/")).geturl()


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        named = parts.path.strip("/") if parts.scheme == _SOCKET else parts.hostname
        whole = named and parts.port != 0 and not parts.fragment
    except ValueError as error:  # a bracket without its pair, a port that is no number
        raise _wrong() from error
    if parts.scheme not in {_PLAIN, _TLS, _SOCKET} or not whole:
        raise _wrong()
    return parts


def _wrong_options(scheme: str, allowed: Sequence[str]) -> ConfigurationError:
    names = ", ".join(allowed)
    return ConfigurationError(
        "config.invalid",
        f"REDIS_URL 값에서 {scheme}://가 아는 옵션: {names or '없음'}",
        f"REDIS_URL: the options that {scheme}:// knows are {names or 'none'}.",
        place="REDIS_URL",
    )


def _wrong() -> ConfigurationError:
    return ConfigurationError(
        "config.invalid",
        "REDIS_URL 값은 redis://…, rediss://…, redis+socket:///… 중 하나여야 합니다.",
        "REDIS_URL must be redis://…, rediss://… or redis+socket:///….",
        place="REDIS_URL",
    )
