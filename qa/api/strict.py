"""JSON and query strings read strictly: what two readers could read differently is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute

from qa.api.problems import Problem, Refused

MAX_DIGITS = 20  # of an integer; more is no count, offset or version
MAX_PARAMETERS = 200
REPEATABLE = frozenset({"source"})


def parse_json(body: bytes) -> Any:
    """The value of a JSON body.

    Raises Refused: 415 for UTF-16 or UTF-32; 400 for invalid UTF-8, broken or too deeply nested
    JSON, duplicate keys and huge integers; 422 for NaN, infinities and numbers beyond a float.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in body[:4]:
        raise Refused(Problem(415, "Unsupported media type", "JSON must be UTF-8."))
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_finite,
            parse_int=_short,
            parse_constant=_not_a_number,
        )
    except UnicodeDecodeError:
        _malformed("The body is not valid UTF-8.")
    except RecursionError:
        _malformed("The JSON is nested too deeply.")
    except json.JSONDecodeError as error:
        _malformed(f"The body is not JSON: error at character {error.pos}.")


def check_query(query: bytes) -> None:
    """Raises Refused (400) for invalid UTF-8, too many parameters, or one that is given twice."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        _malformed("The query string is not valid UTF-8.")
    except ValueError:
        _malformed(f"The query string has more than {MAX_PARAMETERS} parameters.")
    names = [name for name, _ in pairs if name not in REPEATABLE]
    if len(names) != len(set(names)):
        _malformed("A parameter is given more than once; only `source` may be repeated.")


class StrictRequest(Request):
    """A request whose JSON is read by `parse_json`."""

    async def json(self) -> Any:
        """The body's value; raises Refused."""
        return parse_json(await self.body())


class StrictRoute(APIRoute):
    """A route that reads bodies with `parse_json` and takes no parameter that it does not name."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given the strict request."""
        handle = super().get_route_handler()
        takes_parameters = bool(self.dependant.query_params)

        async def strictly(request: Request) -> Response:
            if request.scope["query_string"] and not takes_parameters:
                problem = Problem(422, "Invalid request", "This address takes no parameters.")
                raise Refused(problem)
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        _malformed("An object has the same key twice.")
    return fields


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _not_a_number(digits)
    return number


def _short(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _malformed(f"An integer has more than {MAX_DIGITS} digits.")
    return int(digits)


def _not_a_number(_: str) -> NoReturn:
    raise Refused(Problem(422, "Invalid request", "Numbers must be finite."))


def _malformed(detail: str) -> NoReturn:
    raise Refused(Problem(400, "Bad request", detail)) from None
