"""Sends requests to a server of this machine, as fast as it answers or at a fixed rate: the load for `benchmarks.http`.

Comes in: a port of the loopback interface, and requests as bytes. Goes out: how long each took, and what went wrong. One request is in flight on each
connection; connections stay open. Written against the event loop of uvloop, without an HTTP library, so that sending takes a small part of what
answering takes; `Run.busy` says how much of its core it used.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import uvloop

GRACE = 120.0  # seconds for the last answers
END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass
class Run:
    """What came of a load. Times in seconds, sorted; for a fixed rate they count from when the request was due, not from when it could be sent."""

    taken: list[float] = field(default_factory=list)
    errors: int = 0  # wrong answers, and requests without any
    unanswered: int = 0
    seconds: float = 0.0
    busy: float = 0.0
    bytes_read: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds

    def quantile(self, share: float) -> float:
        """The time that `share` of the answers stayed under."""
        return self.taken[min(int(share * len(self.taken)), len(self.taken) - 1)]


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, answered: Callable[[Caller, bytes], None], lost: Callable[[Caller], None]) -> None:
        self._answered, self._lost = answered, lost
        self._buffer = bytearray()
        self._needed = -1
        self.since = 0.0
        self.waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own type, which is not registered as one

    def send(self, request: bytes, since: float) -> None:
        """Send a request; `since` is when its time began."""
        self.since, self.waiting = since, True
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect an answer, by the length that its head tells."""
        self._buffer += data
        if self._needed < 0:
            end = self._buffer.find(END)
            if end < 0:
                return
            head = bytes(self._buffer[:end]).lower()
            self._needed = end + len(END) + int(head.partition(LENGTH)[2].partition(b"\r\n")[0] or b"0")
        if len(self._buffer) >= self._needed:
            answer = bytes(self._buffer)
            self._buffer.clear()
            self._needed = -1
            self.waiting = False
            self._answered(self, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """A request without an answer is an error."""
        del exc
        if self.waiting:
            self._lost(self)


Check = Callable[[bytes], bool]


def is_done(answer: bytes) -> bool:
    """Whether an answer says 200."""
    return answer.startswith(b"HTTP/1.1 200 ")


@dataclass(frozen=True)
class Target:
    """What is asked, over how many connections, and what tells whether an answer is right."""

    port: int
    requests: Sequence[bytes]
    connections: int = 1
    check: Check = is_done


class _Load:
    """The callers of one run."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.run = Run()
        self.next = 0
        self.end = asyncio.Event()

    async def connect(self, answered: Callable[[Caller], None]) -> list[Caller]:
        """Open connections; `answered` is told after each answer."""

        def got(caller: Caller, answer: bytes) -> None:
            self.run.taken.append(time.perf_counter() - caller.since)
            self.run.bytes_read += len(answer)
            self.run.errors += not self.target.check(answer)
            answered(caller)

        def lost(_caller: Caller) -> None:
            self.run.errors += 1
            self.end.set()

        loop = asyncio.get_running_loop()
        made = [await loop.create_connection(lambda: Caller(got, lost), "127.0.0.1", self.target.port) for _ in range(self.target.connections)]
        return [caller for _, caller in made]

    def request(self) -> bytes:
        """The next request, round and round."""
        self.next += 1
        return self.target.requests[self.next % len(self.target.requests)]

    async def finish(self, callers: Sequence[Caller], begun: float, worked: float) -> Run:
        """Wait for the last answers and close."""
        self.run.seconds = time.perf_counter() - begun
        self.run.busy = (time.process_time() - worked) / self.run.seconds
        limit = time.perf_counter() + GRACE
        while any(caller.waiting for caller in callers) and time.perf_counter() < limit:  # noqa: ASYNC110  an answer may never come
            await asyncio.sleep(0.005)
        self.run.unanswered = sum(caller.waiting for caller in callers)
        self.run.errors += self.run.unanswered
        for caller in callers:
            caller.waiting = False
            caller.transport.close()
        self.run.taken.sort()
        return self.run


async def closed(target: Target, *, seconds: float = 1e9, count: int = 1 << 60) -> Run:
    """Send the next request on a connection as soon as its answer is there, for some seconds or so many requests."""
    load = _Load(target)
    begun, worked = time.perf_counter(), time.process_time()
    until = begun + seconds
    sent = 0

    def again(caller: Caller) -> None:
        nonlocal sent
        now = time.perf_counter()
        if now < until and sent < count:
            sent += 1
            caller.send(load.request(), now)
        else:
            load.end.set()

    callers = await load.connect(again)
    for caller in callers:
        again(caller)
    await load.end.wait()
    return await load.finish(callers, begun, worked)


async def opened(target: Target, rate: float, seconds: float) -> Run:
    """Send requests at a fixed rate, whether or not earlier ones are answered. One that finds no free connection waits, and its time runs."""
    load = _Load(target)
    idle: deque[Caller] = deque()
    due: deque[float] = deque()

    def send(now: float) -> None:
        while idle and due and due[0] <= now:
            idle.popleft().send(load.request(), due.popleft())

    def free(caller: Caller) -> None:
        idle.append(caller)
        send(time.perf_counter())

    callers = await load.connect(free)
    idle.extend(callers)
    begun, worked = time.perf_counter(), time.process_time()
    count = int(rate * seconds)
    at = 0
    while at < count or due:
        now = time.perf_counter()
        while at < count and begun + at / rate <= now:
            due.append(begun + at / rate)
            at += 1
        send(now)
        if now > begun + seconds + GRACE:
            load.run.errors += len(due)
            break
        await asyncio.sleep(max(0.0, begun + at / rate - time.perf_counter()) if at < count else 0.001)
    return await load.finish(callers, begun, worked)


def run(work: Coroutine[Any, Any, Run]) -> Run:
    """Run a load to its end, on the event loop of uvloop."""
    return uvloop.run(work)
