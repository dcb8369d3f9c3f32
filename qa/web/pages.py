"""The pages: the form with its answer at `/`, whole articles, and the stylesheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import QueryParams

from qa import wire
from qa.errors import NotFound, QAError
from qa.types import Answer, Query
from qa.web.marking import paragraphs
from qa.web.rendering import ASSETS, page
from qa.wire.access import ArchiveAccess
from qa.wire.faults import Fault, faults

if TYPE_CHECKING:
    from qa.archive import Archive

HEADLINES = 6  # that the start page offers to ask about
_DEFAULTS = {"sort": "relevance", "k": "5"}
_QUOTE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_UNTYPED = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the form shows of the archive: sources with their counts, days, and headlines."""

    sources: Mapping[str, int]
    articles: int
    coverage: tuple[date, date] | None
    headlines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as it was typed."""

    q: str = ""
    first: str = ""
    last: str = ""
    as_of: str = ""
    sort: str = "relevance"
    k: str = "5"
    sources: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the question is set."""
        return bool(self.first or self.last or self.as_of or self.sources) or (
            self.sort != "relevance" or self.k != "5"
        )


def form_routes(access: ArchiveAccess, clock: Callable[[], date]) -> APIRouter:
    """`/`, `/articles/{id}` and the files that these pages load."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def form(request: Request) -> Response:
        given = request.query_params
        clean = _without_defaults(given)
        if clean != list(given.multi_items()):
            return RedirectResponse("/?" + urlencode(clean) if clean else "/", 303)
        typed = _typed(given)
        try:
            if not given:
                return _html("ask.html", typed=typed, answer=None, shelf=await access.read(_start))
            query = _query(given)
            now = clock()
            answer, shelf = await access.read(lambda a: _answered(a, query, now))
        except ValidationError as error:
            found = faults(error.errors(include_url=False, include_input=False))
            shelf = await access.read(_shelf)
            refused = _typed(given, {_name(f): f.sentence for f in found})
            return _html("ask.html", 422, typed=refused, answer=None, shelf=shelf)
        except QAError as error:
            return _failed(error)
        # Nothing that answers can leave with a quote that is not what its offsets say.
        wire.answer_body(answer)
        return _html("ask.html", typed=typed, answer=answer, shelf=shelf)

    @router.get("/articles/{article_id:path}")
    async def article(article_id: str, request: Request) -> Response:
        given = request.query_params
        version = given.get("version", "")
        if version and not re.fullmatch("[0-9]{1,9}", version):
            return _failed(NotFound("There is no such version."))
        wanted = int(version) if version else None
        try:
            shown, newest = await access.read(
                lambda a: (a.article(article_id, wanted), a.article(article_id))
            )
        except QAError as error:
            return _failed(error)
        at = _QUOTE.fullmatch(given.get("quote", ""))
        marked = (int(at[1]), int(at[2])) if at else None
        return _html(
            "article.html",
            article=shown,
            newest=newest.version,
            paragraphs=paragraphs(shown.text, marked),
        )

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in ASSETS:
            return _failed(NotFound("There is no such file."))
        asset = ASSETS[name]
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{asset.tag}"'}
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    return router


def _start(archive: Archive) -> Shelf:
    """The shelf with the headlines of the newest stories, to ask about."""
    shelf = _shelf(archive)
    if not shelf.articles:
        return shelf
    newest = archive.search(Query("latest news", k=HEADLINES, sort="newest"))
    titles = dict.fromkeys(c.title for c in newest.citations if c.title)
    return Shelf(shelf.sources, shelf.articles, shelf.coverage, tuple(titles))


def _shelf(archive: Archive) -> Shelf:
    snapshot = archive.snapshot()
    by_size = sorted(snapshot.sources.items(), key=lambda item: (-item[1], item[0]))
    return Shelf(dict(by_size), snapshot.article_count, snapshot.coverage)


def _answered(archive: Archive, query: Query, now: date) -> tuple[Answer, Shelf]:
    return archive.ask(query, now=now), _shelf(archive)


def _without_defaults(given: QueryParams) -> list[tuple[str, str]]:
    """The parameters that say something, so that a shared address is short."""
    return [
        (name, value)
        for name, value in given.multi_items()
        if value.strip() and _DEFAULTS.get(name) != value
    ]


def _query(given: QueryParams) -> Query:
    fields: dict[str, Any] = dict(given)
    fields.pop("source", None)
    if sources := given.getlist("source"):
        fields["source"] = sources
    return wire.AskParameters.model_validate(fields).query()


def _typed(given: QueryParams, wrong: Mapping[str, str] | None = None) -> Typed:
    def written(name: str, default: str = "") -> str:
        return _UNTYPED.sub("", given.get(name, default))

    return Typed(
        q=written("q"),
        first=written("from"),
        last=written("to"),
        as_of=written("as_of"),
        sort=written("sort", "relevance"),
        k=written("k", "5"),
        sources=tuple(given.getlist("source")),
        wrong=wrong or {},
    )


def _name(fault: Fault) -> str:
    return fault.pointer.removeprefix("#/").partition("/")[0].removeprefix("#")


def _failed(error: QAError) -> HTMLResponse:
    """A page instead of a problem document; what went wrong inside is not told."""
    message = str(error) if error.status < 500 or error.retryable else "The server’s log says more."
    response = _html("failed.html", error.status, title=error.title, message=message)
    if error.retryable:
        response.headers["Retry-After"] = "1"
    return response


def _html(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(page(template, **values), status)
