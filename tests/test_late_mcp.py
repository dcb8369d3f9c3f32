"""The MCP door is opened by the first request for it, once, and says so when it cannot be."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fake_archive import FakeArchive

from qa.api.late_mcp import LateMcp
from qa.api.service import Service
from qa.settings import Settings


class Sessions:
    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        yield


def late(made: Any) -> LateMcp:
    door = LateMcp(Service(Settings(), FakeArchive()))  # type: ignore[arg-type]
    door._made = made  # type: ignore[method-assign]
    return door


def test_a_server_is_assembled_without_the_mcp_package() -> None:
    code = "import sys, qa.api; assert not {'mcp', 'mcp_types'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_door_is_made_at_the_first_request_and_serves_the_next_ones_too() -> None:
    made, served = [], []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        served.append(scope)

    def make() -> Any:
        made.append(1)
        return inner, Sessions()

    async def drive() -> None:
        door = late(make)
        async with door.run():
            await asyncio.sleep(0)
            assert not made
            await asyncio.gather(*(door(n, None, None) for n in range(3)))  # type: ignore[arg-type]
            await door(3, None, None)  # type: ignore[arg-type]

    asyncio.run(drive())
    assert made == [1] and sorted(served) == [0, 1, 2, 3]


def test_nothing_is_made_where_no_request_came() -> None:
    async def drive() -> None:
        async with late(lambda: pytest.fail("made")).run():
            pass

    asyncio.run(drive())


def test_a_door_that_cannot_be_made_raises_for_every_request_and_at_the_end() -> None:
    def broken() -> Any:
        raise ImportError("no such package")

    async def drive() -> None:
        door = late(broken)
        with pytest.raises(ImportError, match="no such package"):
            async with door.run():
                for _ in range(2):
                    with pytest.raises(ImportError):
                        await door({}, None, None)  # type: ignore[arg-type]

    asyncio.run(drive())
