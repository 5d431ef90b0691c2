"""HTTP as uvicorn speaks it, with bounds on what comes before a request: how large its line and headers are, and how long they take.

In: bytes of a connection. Out: requests. Promised: whoever sends endless or endlessly slow headers is cut off before anything is kept of them.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD: Final = 16 * 1024
"""The most bytes that the request line and the headers may have together."""
SLOWEST_HEAD: Final = 20.0
"""The most seconds that they may take."""
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    _head = 0  # bytes of the request line and headers so far; -1 while a body is read
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first request, not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._done_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the body."""
        if self._head >= 0:
            end = data.find(b"\r\n\r\n")
            self._head += len(data) if end < 0 else end
            if self._head > LARGEST_HEAD:
                self._done_waiting()
                self.transport.write(_TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        if self._patience is None:
            self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its headers are there."""
        self._done_waiting()
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole; another may follow."""
        self._head = 0
        super().on_message_complete()

    def _wait(self) -> None:
        self._patience = self.loop.call_later(SLOWEST_HEAD, self._give_up)

    def _done_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        self.transport.close()
