"""A TCP relay that a test can cut and mend: how a part of the system goes away."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit


class TcpProxy:
    """Relays to one address from a port of its own, in a thread of its own."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        self._target = urlsplit(url)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        number = dict(parse_qsl(self._target.query)).get("db") or self._target.path.lstrip("/")
        self._tls = tls
        scheme = "rediss" if tls else "redis"
        self.url = f"{scheme}://127.0.0.1:{self.port}/{number if number.isdigit() else 0}"
        self._loop = asyncio.new_event_loop()
        self._listener: socket.socket | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.mend()

    def mend(self) -> None:
        """Accept connections (again); harmless when it does."""
        self._run(self._open())

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        self._run(self._close())

    def end(self) -> None:
        """Cut, and end the thread."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, what) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(5)

    async def _open(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listener.setblocking(False)
            self._loop.add_reader(self._listener, self._accept, self._listener)

    def _accept(self, listener: socket.socket) -> None:
        # By hand: an asyncio.Server that is closed now leaves open whom it was just letting in.
        with contextlib.suppress(OSError):
            relay = self._loop.create_task(self._relay(listener.accept()[0]))
            self._relays.add(relay)
            relay.add_done_callback(self._relays.discard)

    async def _let_in(
        self, connection: socket.socket
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await self._loop.connect_accepted_socket(
            lambda: protocol, connection, ssl=self._tls
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, self._loop)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the embedded server, which listens on a UNIX socket, or to one that REDIS_URL names."""
        if self._target.scheme == "unix":
            return await asyncio.open_unix_connection(self._target.path)
        return await asyncio.open_connection(self._target.hostname, self._target.port or 6379)

    async def _close(self) -> None:
        if self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        # None is cancelled: one that had not begun would never close its connection.
        while self._relays:
            self._abort_all()
            await asyncio.wait(self._relays, timeout=0.01)
        self._abort_all()
        self._writers.clear()
        await asyncio.sleep(0)  # Aborted connections are closed in the loop's next turn.

    def _abort_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _relay(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            reader, writer = await self._let_in(connection)
            self._writers.add(writer)
            with contextlib.closing(writer):
                far_reader, far_writer = await self._connect()
                self._writers.add(far_writer)
                await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.contextmanager
def tcp_proxy(url: str, tls: ssl.SSLContext | None = None) -> Iterator[TcpProxy]:
    """A relay to the server of this URL; `proxy.url` goes through it, by TLS where it is given."""
    proxy = TcpProxy(url, tls)
    try:
        yield proxy
    finally:
        proxy.end()
