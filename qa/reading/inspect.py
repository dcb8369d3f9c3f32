"""What was understood of an article, field by field, with the evidence in the text."""

from __future__ import annotations

from qa.reading.dating import written
from qa.reading.plain import read_plain
from qa.reading.sources import BUILT_IN, SourceNames
from qa.types import Finding, Reading

Row = dict[str, str | list[str] | None]
_FIELDS = ("source", "published", "place", "dateline", "title", "byline")
_AROUND = 30  # characters shown on each side of the evidence


def inspect_jsonl_row(row_id: str, raw: str, sources: SourceNames = BUILT_IN) -> Row:
    """One raw article as one flat row; what `raw` does not establish is None.

    `published` is "YYYY-MM-DD", "YYYY-MM" or "YYYY", `place` a list or None.
    """
    reading = next(read_plain(raw, name=row_id, sources=sources), None)
    if reading is None:
        return {"id": row_id, **dict.fromkeys(("source", "published", "published_precision",
                "place", "dateline_text", "byline", "title"))}  # fmt: skip
    article = reading.article
    precision = article.published.precision
    dateline = next((f.words for f in article.findings if f.field == "dateline"), None)
    return {
        "id": row_id,
        "source": article.source.name,
        "published": written(article.published)[:10] or None,
        "published_precision": {"none": None, "second": "day", "minute": "day"}.get(
            precision, precision
        ),
        "place": list(article.place) or None,
        "dateline_text": dateline,
        "byline": article.byline,
        "title": article.title,
    }


def inspect_document(reading: Reading) -> str:
    """A page for people: each field with its value and all evidence, the losing too.

    Evidence from the text is shown where it stands, between the marks › and ‹.
    """
    article = reading.article
    lines = [f"id         {article.id}"]
    for name in _FIELDS:
        found = [finding for finding in article.findings if finding.field == name]
        if not found:
            lines.append(f"{name:<10} -")
        for finding in sorted(found, key=lambda f: not f.won):
            lines.append(_shown(name, finding, article.text))
    lines.append(f"text       {len(article.text)} characters")
    lines += [f"warning    {warning}" for warning in reading.warnings]
    return "\n".join(lines)


def _shown(name: str, finding: Finding, text: str) -> str:
    mark = " " if finding.won else "×"
    head = f"{name:<10}{mark}{' '.join(finding.value.split())}  [{finding.method}]"
    if finding.start is None or finding.end is None:
        return head
    before = text[max(0, finding.start - _AROUND) : finding.start]
    after = text[finding.end : finding.end + _AROUND]
    words = f"{before}›{text[finding.start : finding.end]}‹{after}"
    return f"{head}  …{' '.join(words.split())}…"
