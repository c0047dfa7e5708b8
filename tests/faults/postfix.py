"""A real Postfix of one test's own: it queues durably and delivers into a Maildir."""

import contextlib
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from tests.faults.engine import children_of
from tests.ports import free_port
from tests.servers import answers, unprivileged_account, wait_until

# Debian keeps it where users do not look.
PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin"

_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.example.com
mydestination =
alias_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:all/
virtual_mailbox_base = {home}/mail
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
maillog_file = {home}/log
maillog_file_prefixes = {home}
smtpd_relay_restrictions = permit_mynetworks, reject
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One Postfix, which may be killed and started again; its queue and mailbox stay."""

    def __init__(self, home: Path, settings: str) -> None:
        self.home, self.port = home, free_port()
        (home / "conf").mkdir()
        for name, owner in (("spool", "root"), ("data", "postfix"), ("mail", _reader())):
            (home / name).mkdir()
            shutil.chown(home / name, owner)
        main = _MAIN.format(home=home, uid=(home / "mail").stat().st_uid)
        (home / "conf" / "main.cf").write_text(main + settings)
        (home / "conf" / "master.cf").write_text(_MASTER.format(port=self.port))

    def start(self) -> None:
        """Start it, and wait until it answers.

        A process that was born in the moment of a kill holds the lock of the one before it for
        a while, so a start that is refused is tried again.
        """
        self._run()

        def is_up() -> bool:
            if self._process.poll() is not None:
                self._run()
            return answers(socket.AF_INET, ("127.0.0.1", self.port))

        wait_until(is_up, "postfix")

    def _run(self) -> None:
        program = shutil.which("postfix", path=PLACES)
        assert program, "postfix is missing: run scripts/test, or install the package postfix"
        with (self.home / "out").open("ab") as out:
            self._process = subprocess.Popen(
                [program, "-c", self.home / "conf", "start-fg"], stdout=out, stderr=out
            )

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would."""
        family = _family(self._process.pid)
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "its end")

    def arrived(self) -> Counter[str]:
        """How often each Message-ID was taken and lies in the mailbox.

        What Postfix itself delivers again, because it was killed before it had noted a
        delivery, keeps the queue id under which it was taken, and counts once.
        """
        files = self.home.glob("mail/all/new/*")
        return Counter(message_id for message_id, _queue_id in set(map(_names_of, files)))

    def queued(self) -> int:
        """How many letters it has taken and not delivered yet: their files are executable."""
        return sum(map(_is_whole, self.home.glob("spool/[adi]*/**/*")))


@contextlib.contextmanager
def postfix(settings: str = "") -> Iterator[Postfix]:
    """Run a Postfix with these lines of ``main.cf`` beside its own until the block ends."""
    # Its services, which are not root, have to reach their folders: not in pytest's own.
    with tempfile.TemporaryDirectory(prefix="newsletter-postfix-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Postfix(home, settings)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _reader() -> str:
    return unprivileged_account() or "nobody"


def _family(pid: int) -> list[int]:
    return [pid, *(one for child in children_of(pid) for one in _family(child))]


def _is_whole(file: Path) -> bool:
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:  # delivered at this very moment
        return False
    return stat.S_ISREG(mode) and bool(mode & stat.S_IXUSR)


def _names_of(file: Path) -> tuple[str, str]:
    header = BytesHeaderParser(policy=policy.default).parsebytes(file.read_bytes())
    taken = re.search(r"\bid (\w+)", header["Received"])
    assert taken, f"no queue id in {file}"
    return header["Message-ID"].strip("<>"), taken[1]
