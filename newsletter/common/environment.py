"""Typed readers of the process environment that fail loudly and name the variable."""

import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from newsletter.common import durable
from newsletter.common.errors import ConfigurationError
from newsletter.common.forwarded import parse_networks

_LAST_PORT = 65535
_LONGEST_NUMBER = 10
# sockaddr_un has room for 108 bytes, the last of them a zero.
_LONGEST_SOCKET_PATH = 107


class Environment:
    """The process environment, read with types; an empty variable counts as unset."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    @classmethod
    def from_process(cls) -> Self:
        """Read the environment of this process."""
        return cls(os.environ)

    def text(self, name: str, default: str) -> str:
        """Return the variable, or ``default`` where it is unset or empty."""
        return self._variables.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        """Return the comma-separated words of the variable."""
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]

    def networks(self, name: str) -> list[str]:
        """Return the comma-separated IP addresses and networks of the variable."""
        words = self.words(name)
        parse_networks(name, words)
        return words

    def number(self, name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        """Return the variable as a whole number between ``least`` and ``most``."""
        value = self.text(name, str(default))
        # int() refuses very long numbers, and isdecimal() takes digits that are not ASCII.
        if not (value.isascii() and value.isdecimal() and len(value) < _LONGEST_NUMBER):
            raise self._wrong(name, f"{least}~{most} 사이의 정수", _between(least, most))
        if not least <= int(value) <= most:
            raise self._wrong(name, f"{least}~{most} 사이의 정수", _between(least, most))
        return int(value)

    def number_or_zero(self, name: str, *, least: int, most: int) -> int:
        """Return the variable as a whole number between ``least`` and ``most``; 0 turns it off."""
        if self.text(name, "0") == "0":
            return 0
        try:
            return self.number(name, 0, least=least, most=most)
        except ConfigurationError as error:
            raise self._wrong(
                name, f"0 또는 {least}~{most} 사이의 정수", f"0, or {_between(least, most)}"
            ) from error

    def port(self, name: str, kept_in: Path, default: int) -> int:
        """Return the variable as a port, else the one that ``newsletter up`` moved to."""
        kept = kept_in.read_text().strip() if kept_in.exists() else ""
        number = int(kept) if kept.isdecimal() and int(kept) <= _LAST_PORT else default
        return self.number(name, number, least=1, most=_LAST_PORT)

    def url(self, name: str, default: str) -> str:
        """Return the variable as an address that begins with http:// or https:// and a host."""
        value = self.text(name, default)
        if not _is_web_address(value):
            raise self._wrong(
                name,
                "http:// 또는 https://로 시작하는 주소",
                "an address that begins with http:// or https://",
            )
        return value.rstrip("/")

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether the variable says yes: 1, true, yes, on (or their opposites)."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
            raise self._wrong(name, "1 또는 0", "1 or 0")
        return value in {"1", "true", "yes", "on"}

    def time_zone(self, name: str) -> str:
        """Return the variable as the name of a time zone, empty where it is unset."""
        value = self.text(name, "")
        if value and value not in available_timezones():
            raise self._wrong(
                name, "Asia/Seoul 같은 시간대 이름", "the name of a time zone such as Asia/Seoul"
            )
        return value

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return the variable, which must be one of ``choices``."""
        value = self.text(name, default)
        if value not in choices:
            raise self._wrong(name, ", ".join(choices) + " 중 하나", "one of " + ", ".join(choices))
        return value

    def folder(self, name: str, default: Path) -> Path:
        """Return the variable as a folder that is there and can be written to, made if need be.

        A relative one is one folder, wherever a command is started: it lies beside the default.
        """
        path = default.parent / Path(self.text(name, str(default))).expanduser()
        try:
            durable.make_folder(path)
        except OSError as error:
            raise self._unusable(name, path) from error
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise self._unusable(name, path)
        return path

    def socket(self, path: Path) -> Path:
        """Return ``path``, or a short one of its own where the kernel would not take it."""
        name = os.fsencode(path)
        if len(name) <= _LONGEST_SOCKET_PATH:
            return path
        folder = f"newsletter-{os.getuid()}-{sha256(name).hexdigest()[:16]}"
        return Path(tempfile.gettempdir()) / folder / path.name

    def secret(self, name: str, keep_in: Path) -> str:
        """Return the variable, else the secret kept in a private file, made on first use.

        A file that is empty is not filled anew: what it held may have signed links already.
        """
        if value := self.text(name, ""):
            return value
        durable.create(keep_in, secrets.token_urlsafe(50))
        if kept := keep_in.read_text().strip():
            return kept
        raise ConfigurationError(
            "config.secret_lost",
            f"{name}: 키 파일이 비어 있습니다. 백업에서 되살려 주세요. 아직 아무 메일도 보내지 "
            "않았다면 파일을 지우면 새 키를 만듭니다.",
            f"{name}: the file of the key is empty; restore it from a backup. If no mail has "
            "left yet, remove it, and a new key is made.",
            place=str(keep_in),
        )

    @staticmethod
    def domain_of(url: str) -> str:
        """Return the host name of ``url``, for addresses and ids; an IP becomes ``localhost``."""
        host = urlsplit(url).hostname or "localhost"
        return "localhost" if host.replace(".", "").isdecimal() or ":" in host else host

    @staticmethod
    def hosts_of(url: str) -> list[str]:
        """Return the hosts that the site answers to: its own, and loopback for health checks."""
        return sorted({urlsplit(url).hostname or "localhost", "localhost", "127.0.0.1"})

    @staticmethod
    def origin_of(url: str) -> str:
        """Return the scheme, host and port of ``url``, as a browser names where a form came from."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    @staticmethod
    def _unusable(name: str, path: Path) -> ConfigurationError:
        return ConfigurationError(
            "config.folder",
            f"{name}: 폴더를 만들거나 쓸 수 없습니다: {path}",
            f"{name}: the folder cannot be made or written to: {path}",
            place=name,
        )

    @staticmethod
    def _wrong(name: str, ko: str, en: str) -> ConfigurationError:
        return ConfigurationError(
            "config.invalid", f"{name} 값은 {ko}여야 합니다.", f"{name} must be {en}.", place=name
        )


def _between(least: int, most: int) -> str:
    return f"a whole number from {least} to {most}"


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return False
    known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return known and not (parts.query or parts.fragment or any(map(str.isspace, value)))
