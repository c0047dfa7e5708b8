"""The built-in inbox: an SMTP server on loopback that keeps every letter it gets.

``python -m newsletter.delivery.inbox_server`` runs until SIGTERM or Ctrl-C. It
never passes anything on, so the whole product can be tried without an account.
"""

import asyncio
import logging
import os
import signal
import sqlite3
from email.errors import MessageError

from aiosmtpd.smtp import SMTP, Envelope, Session

from newsletter.common import private_files
from newsletter.delivery.inbox_store import InboxWriter, Row, rows

HOST = "127.0.0.1"
logger = logging.getLogger(__name__)


class InboxSmtp(SMTP):
    """An SMTP session that takes a body in one piece; line by line costs three times as much."""

    # Also how much its stream reader may hold, so it bounds a whole body here.
    line_length_limit = 32 * 1024 * 1024

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds it by this name
        """Take one message and give it to the handler."""
        envelope = self.envelope
        if arg or envelope is None or not envelope.rcpt_tos:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 RCPT first")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        try:
            envelope.original_content = await self._body()
        except asyncio.LimitOverrunError:
            # The rest of it is still on its way and cannot be told from commands.
            await self.push("552 5.3.4 Too large")
            self._writer.close()
            return
        status = await self._call_handler_hook("DATA")
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd left it untyped
        await self.push(status)

    async def _body(self) -> bytes:
        """Read to the lone dot, and take away the dots that were stuffed (RFC 5321, 4.5.2)."""
        body = b""
        while True:  # at the beginning of a line
            first = await self._reader.readexactly(1)
            if first == b"\r":
                body += first + await self._reader.readexactly(1)
            elif first == b".":
                line = await self._reader.readuntil(b"\r\n")
                if line == b"\r\n":
                    return body
                body += line
            else:
                rest = await self._reader.readuntil(b"\r\n.\r\n")
                return body + (first + rest[:-3]).replace(b"\r\n..", b"\r\n.")


class Keep:
    """Stores each message before it says 250, so that *accepted* means kept.

    A sync of the disk takes milliseconds. What comes in on other connections meanwhile
    is stored together, with the next one.
    """

    def __init__(self, writer: InboxWriter) -> None:
        self._writer = writer
        self._waiting: list[tuple[list[Row], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds it by this name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, words: list[str]
    ) -> list[str]:
        """Announce PIPELINING: the server reads commands from a buffer, one after the other."""
        session.host_name = hostname
        return [*words[:-1], "250-PIPELINING", words[-1]]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd finds it by this name
        """Store one message for each of its recipients."""
        raw = envelope.original_content or b""
        try:
            await self._kept(rows(envelope.mail_from or "", envelope.rcpt_tos, raw))
        except MessageError:
            return "554 5.6.0 This message cannot be read"
        except sqlite3.Error:
            logger.exception("a message was not kept")
            return "452 4.3.1 No room for it now"
        return "250 2.0.0 Kept in the inbox"

    async def _kept(self, received: list[Row]) -> None:
        """Return when these are on the disk; raises what the database said."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((received, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            received = [row for message, _ in together for row in message]
            said: sqlite3.Error | None = None
            try:
                await asyncio.to_thread(self._writer.write, received)
            except sqlite3.Error as error:
                said = error
            for _, done in together:
                _answer(done, said)


def _answer(done: asyncio.Future[None], said: sqlite3.Error | None) -> None:
    if done.done():  # the connection was lost, and nobody waits
        return
    if said is None:
        done.set_result(None)
    else:
        done.set_exception(said)


async def serve(writer: InboxWriter, port: int) -> None:
    """Accept connections until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keep = Keep(writer)  # one for all connections: they share the syncs of the disk
    server = await loop.create_server(
        lambda: InboxSmtp(keep, hostname="inbox.localhost", loop=loop), HOST, port
    )
    logger.info("the inbox listens on %s:%s", HOST, port)
    async with server:
        await stop.wait()


def main() -> None:
    """Run the inbox on the port that the settings name."""
    private_files.begin()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsletter.settings")
    from django.conf import settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # It logs every line of every session, with addresses.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    writer = InboxWriter(settings.DATA_DIR / "inbox.sqlite3")
    try:
        asyncio.run(serve(writer, settings.INBOX_PORT))
    finally:
        writer.close()


if __name__ == "__main__":
    main()
