"""Times: in a question, the days that it asks about; in a passage, the days that it tells of."""

from __future__ import annotations

from qa.when.events import find_event_dates

__all__ = ["find_event_dates"]
