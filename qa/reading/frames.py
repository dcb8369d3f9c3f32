"""Extracts and refusals as JSON, the only thing that crosses from a sandbox to its parent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa.reading.article import Fields
from qa.reading.extract import Extract
from qa.types import Refusal


def to_frame(item: Extract | Refusal) -> dict[str, Any]:
    """An item as JSON can carry it."""
    if isinstance(item, Refusal):
        return {"refusal": [item.name, item.reason]}
    fields = asdict(item.fields) | {"methods": dict(item.fields.methods)}
    return {"extract": fields, "text": item.text, "warnings": list(item.warnings)}


def from_frame(frame: dict[str, Any]) -> Extract | Refusal:
    """The item that `to_frame` made a frame of."""
    if "refusal" in frame:
        name, reason = frame["refusal"]
        return Refusal(name, reason)
    stated = frame["extract"]
    fields = Fields(**stated | {"place": tuple(stated["place"])})
    return Extract(fields, frame["text"], tuple(frame["warnings"]))
