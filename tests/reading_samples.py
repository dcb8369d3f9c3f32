"""How tests and docs/formats.md print what was read."""

from __future__ import annotations

from qa.types import Reading, Refusal


def shown(item: Reading | Refusal) -> str:
    """An article's fields with their methods, its warnings, and its text; or why it is none."""
    if isinstance(item, Refusal):
        return f"refused    {item.name}: {item.reason}"
    article = item.article
    published = article.published
    value = published.value.isoformat() if published.value else "none"
    lines = [
        f"id         {article.id}",
        f"title      {article.title}",
        f"byline     {article.byline}",
        f"source     {article.source.name} ({article.source.method})",
        f"published  {value} ({published.precision}, {published.method})",
        f"place      {', '.join(article.place) or 'none'}",
        f"url        {article.url}",
        f"language   {article.language}",
        *(f"warning    {warning}" for warning in item.warnings),
        "text       " + article.text.strip().replace("\n\n", "\n           "),
    ]
    return "\n".join(line for line in lines if not line.endswith(("None", "none")))
