"""Counters and one histogram in Prometheus' text format, version 0.0.4.

Written by hand, as it is forty lines; touched on the event loop only, so that it needs no lock.
Labels are route templates and statuses, never a caller's words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class Metrics:
    """What one server has done since it started."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request is done."""
        self._requests[method, route, status] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]  # Counter is typed for int
        for bound in BUCKETS:
            if seconds <= bound:
                self._buckets[route, bound] += 1

    def answered(self, outcome: str) -> None:
        """One question got an answer, or was declined for this reason."""
        self._answers[outcome] += 1

    def text(self, gauges: Mapping[str, float]) -> str:
        """Everything, with the given gauges (name to value)."""
        lines = ["# TYPE dateline_requests_total counter"]
        for (method, route, status), count in sorted(self._requests.items()):
            labels = f'method="{method}",route="{route}",status="{status}"'
            lines.append(f"dateline_requests_total{{{labels}}} {count}")
        lines.append("# TYPE dateline_request_seconds histogram")
        for route, total in sorted(self._seconds.items()):
            lines += self._histogram(route, total)
        lines.append("# TYPE dateline_answers_total counter")
        for outcome, count in sorted(self._answers.items()):
            lines.append(f'dateline_answers_total{{outcome="{outcome}"}} {count}')
        for name, value in gauges.items():
            lines += [f"# TYPE dateline_{name} gauge", f"dateline_{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, route: str, total: float) -> list[str]:
        count = sum(n for (_, r, _), n in self._requests.items() if r == route)
        lines = [
            f'dateline_request_seconds_bucket{{route="{route}",le="{bound:g}"}} '
            f"{self._buckets[route, bound]}"
            for bound in BUCKETS
        ]
        return [
            *lines,
            f'dateline_request_seconds_bucket{{route="{route}",le="+Inf"}} {count}',
            f'dateline_request_seconds_sum{{route="{route}"}} {total:.6f}',
            f'dateline_request_seconds_count{{route="{route}"}} {count}',
        ]
