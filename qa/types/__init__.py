"""The vocabulary: the only values that cross module borders.

Offsets are Unicode code points, end exclusive. Days are calendar days as published. Windows are
half-open. Scores live on `Hit` and `Candidates` only; order in a list is rank, best first.
"""

from qa.types.answers import (
    Abstention,
    AbstentionReason,
    Anchor,
    Answer,
    Asked,
    Citation,
    Copy,
    Figure,
    Query,
    ReadAnswer,
    Sort,
    Span,
    Understood,
)
from qa.types.articles import (
    Article,
    Finding,
    Method,
    Precision,
    Published,
    Reading,
    Refusal,
    Source,
)
from qa.types.needs import (
    Embedder,
    Reader,
    Snapshot,
    Store,
)
from qa.types.search import (
    Candidates,
    DateWindow,
    EventDate,
    EventPrecision,
    Filters,
    Hit,
    Passage,
    Rows,
    StoredPassage,
    Vectors,
)

__all__ = [
    "Abstention",
    "AbstentionReason",
    "Anchor",
    "Answer",
    "Article",
    "Asked",
    "Candidates",
    "Citation",
    "Copy",
    "DateWindow",
    "Embedder",
    "EventDate",
    "EventPrecision",
    "Figure",
    "Filters",
    "Finding",
    "Hit",
    "Method",
    "Passage",
    "Precision",
    "Published",
    "Query",
    "ReadAnswer",
    "Reader",
    "Reading",
    "Refusal",
    "Rows",
    "Snapshot",
    "Sort",
    "Source",
    "Span",
    "Store",
    "StoredPassage",
    "Understood",
    "Vectors",
]
