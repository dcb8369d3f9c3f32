"""Markup to paragraphs: the one walk that web pages, NITF and NewsML bodies share."""

from __future__ import annotations

from lxml import etree

# Elements that begin and end a paragraph, of HTML and of NITF.
_BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "main", "body", "html", "blockquote", "pre", "address"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "hr", "center"),
        *("table", "thead", "tbody", "tfoot", "tr", "details", "summary", "fieldset", "caption"),
        *("hl1", "hl2", "bq", "block", "note", "body.content", "body.end", "tagline", "nitf-table"),
    }
)
_SPACES = frozenset({"td", "th", "br"})
# Elements that hold no running text.
SILENT = frozenset(
    {
        *("script", "style", "noscript", "iframe", "object", "embed", "svg", "template", "head"),
        *("form", "button", "select", "input", "textarea", "figure", "video", "audio", "canvas"),
        *("media", "media-caption", "media-producer"),
    }
)


def paragraphs(tree: etree._Element, silent: frozenset[str] = SILENT) -> str:
    """All text under `tree` outside the `silent` elements, a blank line between paragraphs.

    A walk, not a recursion, as hostile markup is nested deep.
    """
    done: list[str] = []
    line: list[str] = []
    quiet = 0

    def close() -> None:
        if text := " ".join("".join(line).split()):
            done.append(text)
        line.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        opening = event == "start"
        tag = element.tag
        if tag in silent:
            quiet += 1 if opening else -1
        elif tag in _BLOCKS:
            close()
        elif tag in _SPACES:
            line.append(" ")
        piece = element.text if opening else element.tail
        if piece and not quiet and (opening or element is not tree):
            line.append(piece)
    close()
    return "\n\n".join(done)
