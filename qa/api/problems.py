"""Every refusal over HTTP is one problem document (RFC 9457); none repeats what was sent."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from qa.errors import InvalidRequest, NotFound, Overloaded, QAError
from qa.wire.faults import faults

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One field that was wrong."""

    pointer: str = Field(description="JSON pointer, or `#/NAME` for a parameter of the URL.")
    detail: str = Field(description="What is wrong with it, and what it must be.")


class ProblemBody(BaseModel):
    """RFC 9457 problem details, sent as `application/problem+json`."""

    type: str = Field(description="Anchor of this kind of problem in the reference.")
    title: str = Field(description="Short name of the kind.")
    status: int
    detail: str = Field(description="What was wrong and what to do.")
    instance: str = Field(description="`urn:uuid:` and the request id.")
    request_id: str = Field(
        description="Also in the header `X-Request-ID` and in the server's log."
    )
    errors: list[FieldError]
    retryable: bool = Field(description="Whether the same request may succeed later, unchanged.")


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal before it is written down for one request."""

    status: int
    title: str
    detail: str
    errors: tuple[tuple[str, str], ...] = ()  # pointer and detail
    retryable: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, request_id: str) -> dict[str, Any]:
        """The document for one request."""
        return ProblemBody(
            type=f"/docs#{slug(self.title)}",
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=f"urn:uuid:{request_id}",
            request_id=request_id,
            errors=[FieldError(pointer=p, detail=d) for p, d in self.errors],
            retryable=self.retryable,
        ).model_dump()

    def response(self, request_id: str) -> JSONResponse:
        """The response for one request."""
        return JSONResponse(
            self.body(request_id),
            status_code=self.status,
            media_type=MEDIA_TYPE,
            headers=dict(self.headers),
        )


class Refused(HTTPException):
    """A refusal that passes through FastAPI's own body reading unchanged."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.title)
        self.problem = problem


INTERNAL = Problem(
    500, "Internal error", "This request could not be answered; the server's log has its id."
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem, for the reference."""

    status: int
    title: str
    when: str

    @property
    def anchor(self) -> str:
        """Where `type` of such a problem points."""
        return slug(self.title)


KINDS = (
    Kind(400, "Bad request", "Malformed JSON, UTF-8, Host, query string or chunk; a key twice."),
    Kind(401, "Unauthorized", "Writing needs the key, as `Authorization: Bearer KEY`."),
    Kind(403, "Forbidden", "Another site's page may not write or speak MCP here."),
    Kind(404, "Not found", "No such address, article or version."),
    Kind(405, "Method not allowed", "The `Allow` header lists the methods of this address."),
    Kind(413, "Content too large", "The body is over its limit; the limit is stated."),
    Kind(414, "URI too long", "The query string is over its limit."),
    Kind(415, "Unsupported media type", "Bodies are `application/json` in UTF-8, uncompressed."),
    Kind(421, "Misdirected request", "The Host is not a name of a server that listens locally."),
    Kind(422, "Invalid request", "A field is wrong or unknown; `errors` points at it."),
    Kind(500, "Internal error", "The log has the request id."),
    Kind(503, "Overloaded", "The queue is full, the deadline passed or the archive is opening."),
    Kind(503, "Not ready", "The server is opening the archive or stopping."),
    Kind(503, "Archive busy", "Another process is writing."),
    Kind(507, "Storage refused", "The disk is full or read-only; search goes on."),
)


def slug(title: str) -> str:
    """The anchor of a kind of problem in the reference."""
    return title.lower().replace(" ", "-")


def new_request_id() -> str:
    """A fresh id; a caller's own is never taken over, as it would be repeated."""
    return str(uuid.uuid4())


def request_id_of(scope: Mapping[str, Any]) -> str:
    """The id that the outermost middleware gave to this request."""
    return str(scope.get("state", {}).get("request_id") or new_request_id())


def install(app: FastAPI) -> None:
    """Replace every default error of FastAPI and Starlette with a problem document."""

    def answer(request: Request, error: Exception) -> JSONResponse:
        problem = problem_of(error)
        request_id = request_id_of(request.scope)
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request %s failed", request_id, exc_info=error)
        return problem.response(request_id)

    for kind in (QAError, RequestValidationError, StarletteHTTPException):
        app.add_exception_handler(kind, answer)


def problem_of(error: Exception) -> Problem:
    """What a caller may know about an error."""
    if isinstance(error, Refused):
        return error.problem
    if isinstance(error, RequestValidationError):
        return invalid(error.errors())
    if isinstance(error, StarletteHTTPException):
        title = HTTPStatus(error.status_code).phrase.capitalize()
        detail = _BY_STATUS.get(error.status_code, f"{title}.")
        return Problem(error.status_code, title, detail, headers=error.headers or {})
    if isinstance(error, QAError):
        return _of_qa_error(error)
    return INTERNAL


_BY_STATUS = {
    404: "Nothing is here; `/docs` lists what is.",
    405: "This address does not take that method; the `Allow` header lists those it takes.",
}


def _of_qa_error(error: QAError) -> Problem:
    status, title, detail = error.status, error.title, str(error)
    errors: tuple[tuple[str, str], ...] = ()
    headers = {}
    if isinstance(error, NotFound):  # its message may name what was asked for
        detail = "There is no such article or version in the archive."
    elif isinstance(error, InvalidRequest):
        errors = ((f"#/{error.field}", detail),) if error.field else ()
    elif status == HTTPStatus.INTERNAL_SERVER_ERROR:  # its message may name paths
        return Problem(500, title, INTERNAL.detail)
    if error.retryable:
        after = error.retry_after if isinstance(error, Overloaded) else 1
        headers["Retry-After"] = str(after)
    return Problem(status, title, detail, errors, error.retryable, headers)


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The 422 for what Pydantic found in a request."""
    # The first part of a location is "body", "query" or "path".
    found = faults(errors, outer=1)
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    pointers = tuple((fault.pointer, fault.detail) for fault in found)
    return Problem(422, "Invalid request", found[0].sentence + more, pointers)
