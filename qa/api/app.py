"""The application assembled: every door, and what stands in front of them, in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from pydantic.json_schema import models_json_schema
from starlette.routing import Route

import qa
from qa.api import problems
from qa.api.envelope import Envelope
from qa.api.gate import Gate
from qa.api.late_mcp import LateMcp
from qa.api.routes import article_routes, health_routes, question_routes
from qa.api.service import Service, Writer, today
from qa.settings import Settings
from qa.web import form_routes, reference_page

if TYPE_CHECKING:
    from qa.archive import Archive

DESCRIPTION = """Ask a news archive. Every answer names its source, its date and its exact words:
`article.text[start:end] == quote`. Offsets are Unicode code points, end exclusive; days are
inclusive at both ends."""


def create_app(
    archive: Archive,
    settings: Settings | None = None,
    *,
    writer: Writer | None = None,
    clock: Callable[[], date] = today,
) -> FastAPI:
    """The application over an open archive, which stays the caller's to close.

    `writer` opens the archive for writing for the time of one request; without it, `archive`
    itself is written to.
    """
    settings = settings or Settings.from_env()
    return assemble(Service(settings, archive, writer=writer, clock=clock))


def assemble(service: Service) -> FastAPI:
    """The application over a service, whose archive may still be loading."""
    settings = service.settings
    mcp = LateMcp(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.run():
            yield
        service.close()

    app = FastAPI(
        title="Dateline",
        version=qa.__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Gate, settings=settings)
    app.add_middleware(Envelope, metrics=service.metrics)  # the last one added is outermost
    problems.install(app)
    for router in (question_routes(service), article_routes(service), health_routes(service)):
        app.include_router(router)
    app.include_router(form_routes(service, service.clock))
    app.router.routes.append(Route("/mcp", mcp, methods=["POST"]))
    _document(app)
    return app


def _document(app: FastAPI) -> None:
    """Serve `/docs`, and say in the schema that every error is a problem document."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        _, definitions = models_json_schema(
            [(problems.ProblemBody, "serialization")],
            ref_template="#/components/schemas/{model}",
        )
        schema["components"]["schemas"].update(definitions["$defs"])
        for path in schema["paths"].values():
            for operation in path.values():
                _only_problems(operation["responses"])
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own manual does it

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(reference_page(app.openapi(), problems.KINDS))


def _only_problems(responses: dict[str, Any]) -> None:
    """FastAPI lists its own 422 and JSON beside the problem documents; neither is ever sent."""
    for status, response in responses.items():
        if not status.startswith("2"):
            content = {"schema": {"$ref": "#/components/schemas/ProblemBody"}}
            response["content"] = {problems.MEDIA_TYPE: content}
