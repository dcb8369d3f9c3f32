"""What was wrong with a request, in words that never repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_FAULTS = 20  # that one refusal lists


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong field: a JSON pointer to it, and what it must be."""

    pointer: str
    detail: str

    @property
    def sentence(self) -> str:
        """The detail, with the field's name before it."""
        name = self.pointer.removeprefix("#/")
        return self.detail if name in ("", "#") else f"`{name}` {self.detail}"


def faults(errors: Sequence[Mapping[str, Any]], outer: int = 0) -> tuple[Fault, ...]:
    """What Pydantic's `errors` say; the first `outer` parts of each location are left out.

    An unknown field is pointed at by its parent, as its name is the caller's own word.
    """
    return tuple(Fault(_pointer(e, outer), _detail(e)) for e in errors[:MOST_FAULTS])


def _pointer(error: Mapping[str, Any], outer: int) -> str:
    location = list(error["loc"])[outer:]
    if error["type"] == "extra_forbidden":
        location = location[:-1]
    return "#" + "".join(f"/{part}" for part in location)


def _detail(error: Mapping[str, Any]) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "There is a field that this request does not take."
        case "string_unicode":
            return "must not hold control characters or lone surrogates"
        case "missing":
            return "is required"
        case "string_too_long":
            return f"must have at most {error['ctx']['max_length']:,} characters"
    message = str(error["msg"]).removeprefix("Value error, ")
    for machine_words in ("Input should be ", "Input should have ", "List should have "):
        if message.startswith(machine_words):
            verb = "be " if machine_words.endswith("be ") else "have "
            return "must " + verb + message.removeprefix(machine_words)
    return message
