"""A server of shipped packs for tests, in this process and without a socket; and one in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx

from safeguarding_rules.web.api import policies
from safeguarding_rules.web.api.app import Serving, build


@functools.cache
def shipped() -> policies.Policies:
    """Load the shipped packs once."""
    return policies.load((), ())


class Server:
    """Sends requests to an application."""

    def __init__(self, serving: Serving | None = None, **headers: str) -> None:
        self.serving = serving or Serving(shipped())
        self.app = build(self.serving)
        self.headers = headers

    def __call__(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=self.headers) as client:
                return await client.request(method, path, **given)

        return asyncio.run(ask())

    def decide(self, facts: Any, **further: Any) -> httpx.Response:
        """Ask for a decision by Kent's packs."""
        return self("POST", "/v1/packs/kscmp/decide", json={"facts": facts, **further})


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `serve` in a process of its own on a free port; gives its address."""
    command = [sys.executable, "-m", "safeguarding_rules", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            found = re.search(r"http://\S+", line)
            assert found, line
            yield found[0], process
        finally:
            process.terminate()
            process.communicate(timeout=30)
