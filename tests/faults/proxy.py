"""A proxy that does to a connection what networks do: delay, stall, cut, reset.

It listens on loopback, before a port or a Unix socket, and obeys its attributes at
every moment, those of connections that stand included.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Upstream = int | Path
ABORT = struct.pack("ii", 1, 0)


class FaultProxy:
    """One listening port and what becomes of the bytes that pass."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.port = 0
        self.delay = 0.0
        """Seconds before each piece is passed on."""
        self.stalled = False
        """Nothing passes, and nobody is told; what came meanwhile passes afterwards."""
        self.refuses = False
        """New connections are reset at once."""
        self.answers_lost_after: Callable[[bytes], bool] = lambda _: False
        """Asked of each piece from the client: pass it on, then cut before the answer?"""
        self.connections = 0
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def reset(self) -> None:
        """Reset every connection that stands, as a firewall does that lost its tables."""

        def abort() -> None:
            for writer in list(self._writers):
                hard_close(writer)

        self._loop.call_soon_threadsafe(abort)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        if self.refuses:
            hard_close(writer)
            return
        self.connections += 1
        with contextlib.suppress(OSError):
            theirs, ours = await self.reach()
            self._writers |= {writer, ours}
            lost = asyncio.Event()
            up = asyncio.create_task(self.carry(reader, ours, lost, from_client=True))
            down = asyncio.create_task(self.carry(theirs, writer, lost, from_client=False))
            _, left = await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            self._writers -= {writer, ours}
            hard_close(ours)
        hard_close(writer)

    async def reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.upstream, Path):
            return await asyncio.open_unix_connection(self.upstream)
        return await asyncio.open_connection("127.0.0.1", self.upstream)

    async def carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        lost: asyncio.Event,
        *,
        from_client: bool,
    ) -> None:
        """Pass pieces on, until one side ends or the answer comes that is to be ``lost``."""
        with contextlib.suppress(OSError):
            while piece := await reader.read(65536):
                while self.stalled:  # noqa: ASYNC110 - told from another thread
                    await asyncio.sleep(0.02)
                if self.delay:
                    await asyncio.sleep(self.delay)
                if lost.is_set() and not from_client:
                    return  # the server has done what it was asked to, and nobody hears of it
                if from_client and self.answers_lost_after(piece):
                    self.cuts += 1
                    lost.set()  # before the piece is on its way: the answer may be quick
                writer.write(piece)
                await writer.drain()

    async def close(self, server: asyncio.Server) -> None:
        server.close()
        own = asyncio.current_task()
        others = asyncio.all_tasks() - {own}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in list(self._writers):
            hard_close(writer)
        await asyncio.sleep(0)

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def submit(self, coroutine: object) -> object:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    def end(self, thread: threading.Thread) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join(5)
        self._loop.close()


def hard_close(writer: asyncio.StreamWriter) -> None:
    """Close with a reset instead of a goodbye."""
    with contextlib.suppress(OSError):
        raw = writer.get_extra_info("socket")
        if raw is not None and raw.family != socket.AF_UNIX:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    writer.transport.abort()


@contextlib.contextmanager
def fault_proxy(upstream: Upstream) -> Iterator[FaultProxy]:
    """Run a proxy before ``upstream``, in a thread, until the block ends."""
    proxy = FaultProxy(upstream)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    server = proxy.submit(proxy.listen())
    try:
        yield proxy
    finally:
        proxy.submit(proxy.close(server))
        proxy.end(thread)
