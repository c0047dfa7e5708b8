"""The built-in inbox on this machine: SMTP over loopback, and a store that can be asked."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.delivery.backends.smtp import SmtpBackend
from newsletter.delivery.inbox_store import InboxStore
from newsletter.delivery.smtp_server import SmtpServer, Tls


class InboxBackend(SmtpBackend):
    """SMTP to the built-in inbox, which knows for certain what it took."""

    name = "inbox"

    def __init__(self, port: int, store: Path) -> None:
        super().__init__(SmtpServer("127.0.0.1", port, Tls.NONE, connections=2))
        self._store = InboxStore(store)

    def settle(self, message_ids: Sequence[str]) -> dict[str, bool]:
        """Look into the store: it is written before the inbox says 250."""
        taken = self._store.taken(message_ids)
        return {message_id: message_id in taken for message_id in message_ids}
