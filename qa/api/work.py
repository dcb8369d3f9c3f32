"""Inference off the event loop: a fixed set of threads behind one bounded queue with deadlines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from qa.errors import Overloaded

Result = TypeVar("Result")


class WorkQueue:
    """At most `threads` jobs run and `waiting` more wait; the next one is refused at once.

    A job that has waited and run for `deadline` seconds is given up: it is dropped if it has not
    started, and its result is discarded if it has, as a running thread cannot be stopped.
    """

    def __init__(self, threads: int, waiting: int, deadline: float, name: str = "work") -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._room = threads + waiting
        self._deadline = deadline
        self.pending = 0  # touched on the event loop only

    async def run(self, job: Callable[[], Result]) -> Result:
        """What `job` returns or raises. Raises Overloaded when full or late."""
        if self.pending >= self._room:
            raise Overloaded("Too many requests are waiting; try again shortly.", retry_after=1)
        loop = asyncio.get_running_loop()
        future: Future[Result] = self._pool.submit(job)
        self.pending += 1
        future.add_done_callback(lambda _: self._tell(loop))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._deadline)
        except TimeoutError:
            raise Overloaded(
                f"Not answered within {self._deadline:g} seconds; try again later.", retry_after=5
            ) from None

    def close(self) -> None:
        """Drop what waits; what runs ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        # Called on a worker's thread, or on the loop's own when a waiting job is cancelled.
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._finished)

    def _finished(self) -> None:
        self.pending -= 1
