"""Pages a second on one core, through the sandbox: `python benchmarks/reading_html.py [PAGES]`.

The pages are invented, of the size and make of a news site's: some 80 kB, navigation, scripts,
JSON-LD, a body of 24 paragraphs, related stories and comments.
"""

from __future__ import annotations

import random
import resource
import sys
import time

from qa.reading.formats import ReadOptions, read_bytes
from qa.reading.sandbox import Sandbox
from qa.types import Reading

FLOOR = 40.0
_PROSE = (
    "the harbour council said on Monday that repairs to its northern quay would begin before "
    "winter after engineers found cracks along two piers used by ferries and fishing boats "
    "residents asked who will pay while officials pointed at a fund agreed last spring"
)


def page(seed: int) -> bytes:
    """One invented page; the same for the same seed."""
    chance = random.Random(seed)
    vocabulary = _PROSE.split()

    def prose(words: int) -> str:
        return " ".join(chance.choices(vocabulary, k=words)).capitalize() + "."

    links = "".join(
        f'<li class="nav__item"><a href="/section/{n}" data-track="nav-{n}">{prose(2)}</a></li>'
        for n in range(90)
    )
    body = "".join(f'<p class="text" data-n="{n}">{prose(55)}</p>' for n in range(24))
    teasers = "".join(
        f'<article class="teaser"><a href="/story/{n}"><img src="/i/{n}.jpg" alt="">'
        f"<h3>{prose(8)}</h3><p>{prose(18)}</p></a></article>"
        for n in range(24)
    )
    script = "window.__state = " + repr([prose(9) for _ in range(450)]) + ";"
    title = prose(8).rstrip(".")
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | The
Harbour Post</title><meta property="og:title" content="{title}">
<meta property="og:site_name" content="The Harbour Post">
<meta property="article:published_time" content="2021-03-{seed % 28 + 1:02d}T08:30:00+01:00">
<link rel="canonical" href="https://harbourpost.example/2021/03/story-{seed}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2021-03-{seed % 28 + 1:02d}T08:30:00+01:00",
"author": {{"@type": "Person", "name": "Ida Quay"}},
"publisher": {{"@type": "Organization", "name": "The Harbour Post"}}}}</script>
<script>{script}</script></head><body><header><nav><ul>{links}</ul></nav></header>
<main><article><h1>{title}</h1><div class="byline">By Ida Quay</div>{body}</article>
<aside>{teasers}</aside></main><footer><ul>{links}</ul></footer></body></html>""".encode()


def main(count: int = 200) -> float:
    """Print and return pages a second; building the pages is not counted."""
    pages = [page(seed) for seed in range(count)]
    with Sandbox() as sandbox:
        options = ReadOptions(parser=sandbox)
        assert list(read_bytes(pages[0], "warm.html", options))
        start, before = time.perf_counter(), _processor_seconds()
        for number, data in enumerate(pages):
            (item,) = read_bytes(data, f"{number}.html", options)
            assert isinstance(item, Reading) and item.article.published.value is not None
        wall = time.perf_counter() - start
        own = _processor_seconds() - before
    # The child's processor time counts once it has ended.
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(map(len, pages)) // count
    rate = count / wall
    print(f"HTML: {rate:.1f} pages/s wall, {count} pages of {size:,} bytes; floor {FLOOR:g}")
    print(
        f"processor: parent {own:.2f} s, child {child.ru_utime + child.ru_stime:.2f} s with start"
    )
    return rate


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200) < FLOOR)
