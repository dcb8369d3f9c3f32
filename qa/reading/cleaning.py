"""Article text made safe to store: what is invisible or broken goes, and is counted.

Removed: NUL and C0 controls (not tab and line feed), DEL and C1 controls, bidirectional controls,
tag characters, byte-order marks inside the text, and lone surrogates. CRLF and CR become LF.
Nothing else is changed, so quotes stay exact; code points are not normalised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTROL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TAG = re.compile("[\U000e0000-\U000e007f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ANY = re.compile("|".join(p.pattern for p in (_CONTROL, _BIDI, _TAG, _SURROGATE)))
_KINDS = (
    (_CONTROL, "control characters"),
    (_BIDI, "bidirectional controls"),
    (_TAG, "tag characters"),
    (_SURROGATE, "lone surrogates"),
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text fit to store, and one sentence for each kind of character that was taken out."""

    text: str
    warnings: tuple[str, ...] = ()


def clean(text: str) -> Cleaned:
    """`text` with LF line ends and without invisible or broken characters, which are counted."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    if text.isascii() and text.isprintable():
        return Cleaned(text)
    if not _ANY.search(text):
        return Cleaned(text)
    warnings = []
    for pattern, kind in _KINDS:
        text, count = pattern.subn("", text)
        if count:
            warnings.append(f"{kind} removed: {count}")
    return Cleaned(text, tuple(warnings))
