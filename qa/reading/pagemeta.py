"""What a web page states about its article: JSON-LD, then meta elements, then marked elements."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from qa.reading.article import Fields
from qa.reading.extract import host_of, present, web_address
from qa.types import Method

# Subtypes of schema.org/Article that carry one story.
_ARTICLE_TYPES = (
    *("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle"),
    *("AskPublicNewsArticle", "ReviewNewsArticle", "OpinionNewsArticle", "Article"),
    *("LiveBlogPosting", "BlogPosting", "Report", "AdvertiserContentArticle"),
)
# Names of meta elements, by property, name or itemprop, best first, in lower case.
_DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "og:pubdate"),
    *("article:published", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime"),
    *("publishdate", "publish-date", "publish_date", "pubdate", "publication_date", "ptime"),
    *("published_time", "dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date"),
    *("dc.date.created", "dcterms.created", "citation_publication_date", "date", "originalpubdate"),
)
_TITLES = ("og:title", "twitter:title", "dc.title", "headline", "title")
_PUBLISHERS = ("og:site_name", "dc.publisher", "publisher", "application-name", "copyright")
_AUTHORS = ("author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator")
_LANGUAGES = ("og:locale", "content-language", "dc.language", "language", "inlanguage")
# JSON-LD of a page is some kilobytes; what is longer than this is not looked at.
_LONGEST_JSON = 2_000_000
_LONGEST_VALUE = 2_000
# htmldate is only to judge whether a number is a date; whether it lies in the future is told
# from `now` later.
_EARLIEST, _LATEST = "1700-01-01", "2200-01-01"
# Searching a larger page's elements for a date takes longer than the date is worth.
_SEARCHED_ELEMENTS = 20_000
# "Published on Tuesday, 5 May 2020 at 14:05 CEST | Updated ..." and the like are shorter.
_LONGEST_DATE_LINE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A page's fields, and the body that its JSON-LD repeats, if it does."""

    fields: Fields
    body: str | None


def stated(tree: HtmlElement, url: str = "") -> Page:
    """Everything that the page states about its article; `url` is where it was fetched from."""
    linked = _linked_data(tree)
    metas = _metas(tree)
    address = _address(tree, linked, metas, url)
    methods: dict[str, Method] = {}

    def first(field: str, *options: tuple[Method, str | None]) -> str | None:
        for method, text in options:
            if value := present(text):
                methods[field] = method
                return value[:_LONGEST_VALUE]
        return None

    fields = Fields(
        title=first(
            "title",
            ("json-ld", _text(linked, "headline")),
            ("metadata", _meta(metas, _TITLES)),
            ("metadata", _element(tree, ".//h1")),
            ("metadata", _element(tree, ".//title")),
        ),
        byline=first(
            "byline",
            ("json-ld", _names(linked.get("author"))),
            ("metadata", _meta(metas, _AUTHORS, _is_person)),
            ("metadata", _element(tree, ".//*[@rel='author']")),
            ("metadata", _element(tree, ".//*[@itemprop='author']")),
        ),
        source=first(
            "source",
            ("json-ld", _names(linked.get("publisher"))),
            ("metadata", _meta(metas, _PUBLISHERS)),
            ("url", host_of(address)),
        ),
        published=first(
            "published",
            ("json-ld", _text(linked, "datePublished", "dateCreated", "uploadDate")),
            ("metadata", _meta(metas, _DATES)),
            ("metadata", _time(tree)),
        )
        or first("published", ("metadata", _found_date(tree))),
        url=address,
        language=first(
            "language",
            ("json-ld", _text(linked, "inLanguage")),
            (
                "metadata",
                tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
            ),
            ("metadata", _meta(metas, _LANGUAGES)),
        ),
        place=tuple(p for p in [_names(linked.get("locationCreated"))] if p),
        methods=methods,
    )
    return Page(fields, _text(linked, "articleBody"))


# --- JSON-LD ----------------------------------------------------------------------------------


def _linked_data(tree: HtmlElement) -> Mapping[str, Any]:
    """The first object of a page's JSON-LD that is an article; empty where there is none."""
    best: Mapping[str, Any] = {}
    rank = len(_ARTICLE_TYPES)
    for node in _nodes(tree):
        for kind in _kinds(node):
            if kind in _ARTICLE_TYPES and _ARTICLE_TYPES.index(kind) < rank:
                best, rank = node, _ARTICLE_TYPES.index(kind)
    return best


def _nodes(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > _LONGEST_JSON:
            continue
        try:
            value = json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common; the meta elements still speak
        tops = value if isinstance(value, list) else [value]
        for top in tops:
            if isinstance(top, dict):
                graph = top.get("@graph")
                inner = [*(graph if isinstance(graph, list) else []), top.get("mainEntity")]
                yield top
                yield from (node for node in inner if isinstance(node, dict))


def _kinds(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2].rpartition(":")[2] for kind in kinds if isinstance(kind, str)]


def _text(node: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = node.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, str) and value.strip():
            return value
    return None


def _names(value: Any) -> str | None:
    """The names of a person, an organisation or a place, or of several."""
    values = value if isinstance(value, list) else [value]
    names = [v if isinstance(v, str) else _name(v) for v in values[:20]]
    return ", ".join(n for n in map(present, names) if n and not web_address(n)) or None


def _name(value: Any) -> str | None:
    return _text(value, "name") if isinstance(value, dict) else None


# --- elements ---------------------------------------------------------------------------------


def _metas(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iterfind(".//meta"):
        content = meta.get("content") or meta.get("datetime")
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if key := meta.get(attribute):
                metas.setdefault(key.strip().lower(), content)
    return metas


def _meta(
    metas: Mapping[str, str], names: Sequence[str], fits: Callable[[str], bool] = bool
) -> str | None:
    return next((metas[n] for n in names if n in metas and fits(metas[n].strip())), None)


def _is_person(name: str) -> bool:
    """An author's name, not the address of a profile page."""
    return bool(name) and web_address(name) is None


def _element(tree: HtmlElement, path: str) -> str | None:
    found = tree.find(path)
    if found is None:
        return None
    text = "".join(map(str, found.itertext(with_tail=False))).strip()
    return text[:_LONGEST_VALUE] or None


def _time(tree: HtmlElement) -> str | None:
    """The publication time among the page's time elements: a marked one, else a lone one."""
    for path in (".//*[@itemprop='datePublished']", ".//time[@pubdate]"):
        found = tree.find(path)
        if found is not None and (stamp := found.get("datetime") or found.get("content")):
            return str(stamp)
    stamps = {time.get("datetime") for time in tree.iterfind(".//time") if time.get("datetime")}
    return stamps.pop() if len(stamps) == 1 else None


def _found_date(tree: HtmlElement) -> str | None:
    """The day that htmldate finds in less regular markup.

    Running text, pictures and the address are taken away before: a day that is told about, or
    that a picture was uploaded on, is not the day of publication.
    """
    if sum(1 for _ in tree.iter()) > _SEARCHED_ELEMENTS:
        return None
    try:
        found = find_date(
            _without_prose(tree),
            extensive_search=False,
            original_date=True,
            min_date=_EARLIEST,
            max_date=_LATEST,
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None  # odd markup; a page without a date is still an article
    return str(found) if found else None


def _without_prose(tree: HtmlElement) -> HtmlElement:
    markup = deepcopy(tree)
    for element in list(markup.iter("p", "img", "picture", "script", "link", "li", "footer")):
        long = element.tag != "p" or len("".join(element.itertext())) > _LONGEST_DATE_LINE
        if long and element.getparent() is not None:
            element.drop_tree()
    return markup


def _address(
    tree: HtmlElement, linked: Mapping[str, Any], metas: Mapping[str, str], url: str
) -> str | None:
    canonical = tree.find(".//link[@rel='canonical']")
    options = (
        canonical.get("href") if canonical is not None else None,
        metas.get("og:url"),
        _text(linked, "url", "@id"),
        url,
    )
    return next((address for option in options if (address := web_address(option))), None)
