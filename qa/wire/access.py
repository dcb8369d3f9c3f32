"""What a door needs of the server behind it: work on the archive, run off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from qa.archive import Archive

Result = TypeVar("Result")


class ArchiveAccess(Protocol):
    """Runs synchronous work on the archive, on a thread of its own choosing."""

    async def read(self, work: Callable[[Archive], Result]) -> Result:
        """The result of `work`; raises what it raises, and Overloaded where none can be taken."""
        ...
