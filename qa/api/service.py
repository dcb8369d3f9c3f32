"""What stands behind the doors: the archive, the queues in front of it, and whether it is ready."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from qa.api.metrics import Metrics
from qa.api.work import WorkQueue
from qa.errors import Overloaded
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.archive import Archive

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Writer = Callable[[], "AbstractContextManager[Archive]"]


def today() -> date:
    """The day here and now; the doors are where the clock is read."""
    return datetime.now().astimezone().date()


class Service:
    """One archive served: questions on a fixed set of threads, writes one at a time on another.

    `writer` opens the archive for writing, for as long as one request takes; other processes may
    write in between. Without one, the archive itself is written to.
    """

    def __init__(
        self,
        settings: Settings,
        archive: Archive | None = None,
        *,
        writer: Writer | None = None,
        clock: Callable[[], date] = today,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.metrics = Metrics()
        self.draining = False
        self._archive = archive
        self._writer = writer
        self._questions = WorkQueue(settings.threads, settings.queue, settings.deadline, "ask")
        self._writes = WorkQueue(1, settings.queue, settings.deadline, "write")

    @property
    def ready(self) -> bool:
        """Whether questions are answered now."""
        return self._archive is not None and not self.draining

    @property
    def waiting(self) -> int:
        """Requests that wait or run."""
        return self._questions.pending + self._writes.pending

    def loaded(self, archive: Archive, writer: Writer | None = None) -> None:
        """From now on, answer from `archive`."""
        self._archive, self._writer = archive, writer

    async def read(self, work: Callable[[Archive], Result]) -> Result:
        """The result of `work` on the archive. Raises what it raises, and Overloaded."""
        archive = self._opened()
        return await self._questions.run(lambda: work(archive))

    async def write(self, work: Callable[[Archive], Result]) -> Result:
        """As `read`, on an archive that is open for writing. Raises ArchiveBusy too."""
        archive = self._opened()
        writer = self._writer or (lambda: nullcontext(archive))

        def job() -> Result:
            with writer() as writable:
                return work(writable)

        return await self._writes.run(job)

    def close(self) -> None:
        """Take no more work."""
        self.draining = True
        self._questions.close()
        self._writes.close()

    def _opened(self) -> Archive:
        if self._archive is None:
            raise Overloaded("The archive is still being opened; try again shortly.")
        return self._archive
