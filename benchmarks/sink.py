"""A plain SMTP sink: takes every letter and keeps none. For machines without a C compiler.

python benchmarks/sink.py PORT
"""

import asyncio
import sys

END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection: counts commands outside letters, and looks for the final dot inside."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self.transport = transport
        self.waiting = b""
        self.in_letter = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer every whole command, and every whole letter."""
        self.waiting += data
        answers = []
        while (answer := self.next_answer()) is not None:
            answers.append(answer)
        self.transport.write(b"".join(answers))

    def next_answer(self) -> bytes | None:
        """Return the answer to the next command or letter, ``None`` until it is whole."""
        end = END if self.in_letter else b"\r\n"
        whole, found, rest = self.waiting.partition(end)
        if not found:
            return None
        self.waiting = rest
        if self.in_letter:
            self.in_letter = False
            return b"250 2.0.0 taken\r\n"
        verb = whole[:4].upper()
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        self.in_letter = verb == b"DATA"
        return b"354 go on\r\n" if self.in_letter else b"250 2.0.0 ok\r\n"


async def main(port: int) -> None:
    """Listen on the loopback address until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
