"""The JSON routes: each reads its request, hands work to the service, and maps the result."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from qa import wire
from qa.api.problems import MEDIA_TYPE, Problem, ProblemBody, Refused
from qa.api.service import Service
from qa.api.strict import StrictRoute
from qa.errors import NotFound
from qa.types import Answer
from qa.types import Query as Asked
from qa.wire.bodies import (
    AnswerBody,
    ArticleBody,
    DeletedBody,
    FoundBody,
    HealthBody,
    IngestBody,
    SourcesBody,
    VerificationBody,
)
from qa.wire.requests import (
    ArticlesRequest,
    AskParameters,
    AskRequest,
    VerifyRequest,
    VersionParameter,
)

_WHEN = {
    400: "Malformed JSON, UTF-8, Host or query string.",
    401: "Writing needs a key.",
    403: "Another site's page may not write.",
    404: "No such article or version.",
    413: "The body is over its limit.",
    415: "The body is not UTF-8 JSON.",
    422: "A field or parameter is wrong; `errors` points at it.",
    503: "Loading, busy or overloaded; `Retry-After` says when to come back.",
}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": _WHEN[status], "content": content, "model": ProblemBody}
        for status in statuses
    }


def _sent(body: BaseModel, status: int = 200) -> JSONResponse:
    return JSONResponse(wire.as_json(body), status_code=status)


def question_routes(service: Service) -> APIRouter:
    """Asking and searching, by JSON body or by URL."""
    router = APIRouter(prefix="/v1", tags=["Questions"], route_class=StrictRoute)
    asked_by_url: dict[str, Any] = {"responses": _errors(400, 422, 503)}
    asked_by_body: dict[str, Any] = {"responses": _errors(400, 413, 415, 422, 503)}

    async def answer(query: Asked) -> JSONResponse:
        now = service.clock()
        answer: Answer = await service.read(lambda archive: archive.ask(query, now=now))
        service.metrics.answered(answer.abstention.reason if answer.abstention else "answered")
        return _sent(wire.answer_body(answer))

    async def passages(query: Asked) -> JSONResponse:
        now = service.clock()
        found = await service.read(lambda archive: archive.search(query, now=now))
        return _sent(wire.found_body(found))

    @router.post("/ask", summary="Ask a question", response_model=AnswerBody, **asked_by_body)
    async def ask(request: AskRequest) -> JSONResponse:
        """The answer with its citations, or `answerable: false` with the reason: both are a 200."""
        return await answer(request.query())

    @router.get("/ask", summary="Ask by URL", response_model=AnswerBody, **asked_by_url)
    async def ask_by_url(parameters: Annotated[AskParameters, Query()]) -> JSONResponse:
        """The same as a link that can be shared."""
        return await answer(parameters.query())

    @router.post("/search", summary="Search", response_model=FoundBody, **asked_by_body)
    async def search(request: AskRequest) -> JSONResponse:
        """The best passages for a question, without an answer drawn from them."""
        return await passages(request.query())

    @router.get("/search", summary="Search by URL", response_model=FoundBody, **asked_by_url)
    async def search_by_url(parameters: Annotated[AskParameters, Query()]) -> JSONResponse:
        """The same as a link that can be shared."""
        return await passages(parameters.query())

    return router


def article_routes(service: Service) -> APIRouter:
    """Articles and sources: reading, checking a quote, adding, deleting."""
    router = APIRouter(prefix="/v1", tags=["Articles"], route_class=StrictRoute)
    writing = _errors(400, 401, 403, 413, 415, 422, 503)

    @router.get(
        "/articles/{article_id:path}",
        summary="Read an article",
        response_model=ArticleBody,
        responses=_errors(404, 422, 503),
    )
    async def article(
        article_id: str, parameters: Annotated[VersionParameter, Query()]
    ) -> JSONResponse:
        """One version of an article, with the evidence for its source and date."""
        found = await service.read(lambda a: a.article(article_id, parameters.version))
        return _sent(wire.article_body(found))

    @router.get(
        "/sources", summary="List the sources", response_model=SourcesBody, responses=_errors(503)
    )
    async def sources() -> JSONResponse:
        """Every source with its number of articles; these are the names that filters take."""
        return _sent(wire.sources_body(await service.read(lambda a: a.sources())))

    @router.post(
        "/verify",
        summary="Verify a quote",
        response_model=VerificationBody,
        responses=_errors(400, 404, 413, 415, 422, 503),
    )
    async def verify(request: VerifyRequest) -> JSONResponse:
        """Whether a quote still stands in its article."""
        r = request
        checked = await service.read(
            lambda a: a.verify(r.article_id, r.quote, r.start, r.end, r.version)
        )
        return _sent(wire.verification_body(checked))

    @router.post("/articles", summary="Add articles", response_model=IngestBody, responses=writing)
    async def add(request: ArticlesRequest) -> JSONResponse:
        """Add or replace articles. Answered after they are committed; repeating it is harmless."""
        readings = [article.reading() for article in request.articles]
        return _sent(wire.ingest_body(await service.write(lambda a: a.ingest(readings))))

    @router.delete(
        "/articles/{article_id:path}",
        summary="Delete an article",
        response_model=DeletedBody,
        responses=_errors(401, 403, 404, 503),
    )
    async def delete(article_id: str) -> JSONResponse:
        """Remove an article, all versions of it."""
        if not await service.write(lambda a: a.delete(article_id)):
            raise NotFound("no such article")
        return _sent(DeletedBody(id=article_id, deleted=True))

    return router


def health_routes(service: Service) -> APIRouter:
    """For whoever watches the server. None of these waits for the queue."""
    router = APIRouter(tags=["Health"], route_class=StrictRoute)

    @router.get("/livez", summary="Is it alive?", response_model=HealthBody)
    async def livez() -> JSONResponse:
        """Always 200 while the process serves."""
        return _sent(HealthBody(status="alive"))

    @router.get(
        "/readyz", summary="Is it ready?", response_model=HealthBody, responses=_errors(503)
    )
    async def readyz() -> JSONResponse:
        """200 when questions are answered; 503 while the archive is opened or the server stops."""
        if not service.ready:
            raise Refused(
                Problem(
                    503,
                    "Not ready",
                    "The archive is being opened, or the server is stopping.",
                    retryable=True,
                    headers={"Retry-After": "1"},
                )
            )
        return _sent(HealthBody(status="ready"))

    @router.get("/metrics", summary="Metrics", response_class=PlainTextResponse)
    async def metrics() -> PlainTextResponse:
        """Requests, latencies and answers, in Prometheus' text format."""
        gauges = {"ready": float(service.ready), "pending_requests": float(service.waiting)}
        return PlainTextResponse(
            service.metrics.text(gauges), media_type="text/plain; version=0.0.4"
        )

    return router
