"""The MCP door, driven by the official client over standard input and output and over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fake_archive import FERRY, RECOUNT, FakeArchive
from live_server import exchange, serving, status_of
from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from qa import wire
from qa.api import create_app
from qa.settings import Settings
from qa.types import Query

STDIO = StdioServerParameters(
    command=sys.executable,
    args=[
        "-c",
        "from datetime import date; from fake_archive import FakeArchive; "
        "from qa.mcp import serve_stdio; "
        "serve_stdio(FakeArchive(), lambda: date(2014, 4, 1), 'https://news.example')",
    ],
    cwd=str(Path(__file__).parent),
)
Call = Any


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    settings = Settings(public_url="https://news.example")
    with serving(create_app(FakeArchive(), settings)) as address:  # type: ignore[arg-type]
        yield address


@asynccontextmanager
async def over_stdio(_: tuple[str, int]) -> AsyncIterator[ClientSession]:
    async with stdio_client(STDIO) as streams, ClientSession(*streams[:2]) as session:
        await session.initialize()
        yield session


@asynccontextmanager
async def over_http(address: tuple[str, int]) -> AsyncIterator[ClientSession]:
    url = f"http://{address[0]}:{address[1]}/mcp"
    async with (
        streamable_http_client(url) as streams,
        ClientSession(*streams[:2]) as session,
    ):
        await session.initialize()
        yield session


@pytest.fixture(params=[over_stdio, over_http], ids=["stdio", "http"])
def call(request: pytest.FixtureRequest, address: tuple[str, int]) -> Call:
    """Run several calls in one session: `call(("tool", {...}), ...)` gives their results."""

    def run(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
        async def session() -> list[Any]:
            async with request.param(address) as client:
                return [await client.call_tool(name, arguments) for name, arguments in calls]

        return anyio.run(session)

    return run


@pytest.fixture(params=[over_stdio, over_http], ids=["stdio", "http"])
def listed(request: pytest.FixtureRequest, address: tuple[str, int]) -> Any:
    async def session() -> Any:
        async with request.param(address) as client:
            return (await client.list_tools()).tools

    return anyio.run(session)


def test_the_tools_are_listed_with_strict_schemas_and_only_read(listed: Any) -> None:
    assert [tool.name for tool in listed] == ["search", "fetch", "ask"]
    for tool in listed:
        assert tool.description
        assert tool.annotations.read_only_hint is True
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
    assert list(listed[0].input_schema["properties"]) == ["query"]
    assert list(listed[1].input_schema["properties"]) == ["id"]


def test_search_and_fetch_have_the_shape_that_deep_research_clients_expect(call: Call) -> None:
    [found] = call(("search", {"query": "ferry passengers"}))
    assert found.structured_content == {
        "results": [
            {"id": "ferry", "title": FERRY.title, "url": FERRY.url},
            {
                "id": RECOUNT.id,
                "title": RECOUNT.title,
                "url": wire.article_link(RECOUNT.id, None, "https://news.example"),
            },
        ]
    }
    assert json.loads(found.content[0].text) == found.structured_content
    [fetched] = call(("fetch", {"id": found.structured_content["results"][1]["id"]}))
    article = fetched.structured_content
    assert list(article) == ["id", "title", "text", "url", "metadata"]
    assert article["text"] == RECOUNT.text
    assert article["metadata"]["source"] == "Northern Press"
    assert article["metadata"]["published"] == "2014-03-06T14:30:00+01:00"
    assert json.loads(fetched.content[0].text) == article


def test_an_article_without_title_or_address_gets_its_first_words_and_its_page(call: Call) -> None:
    [found] = call(("search", {"query": "lighthouse keeper"}))
    assert found.structured_content["results"] == [
        {
            "id": "nameless",
            "title": "The lighthouse keeper of Tarn Island retired after forty years of service …",
            "url": "https://news.example/articles/nameless",
        }
    ]


def test_ask_answers_with_the_same_object_as_the_api(call: Call) -> None:
    question = "How many passengers were brought ashore?"
    answered, declined = call(
        ("ask", {"question": question, "k": 1, "from": "2014-03-01"}),
        ("ask", {"question": "Who keeps bees?"}),
    )
    window = wire.AskRequest.model_validate({"question": "a", "from": "2014-03-01"}).query().window
    expected = FakeArchive().ask(Query(question, 1, window))
    assert answered.structured_content == wire.answer_json(expected)
    assert declined.is_error is False
    assert declined.structured_content["abstention"]["reason"] == "no_match"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {}),
        ("ask", {"question": 5}),
        ("ask", {"question": " "}),
        ("ask", {"question": "a", "k": "5"}),
        ("ask", {"question": "a", "k": 5.0}),
        ("ask", {"question": "a", "k": True}),
        ("ask", {"question": "a", "model": "s3cret"}),
        ("ask", {"question": "a", "from": "2023-02-29"}),
        ("ask", {"question": "a\x00b"}),
        ("search", {"query": "a", "k": 3}),
        ("search", {"query": "s3cret" * 400}),
        ("fetch", {"id": ["ferry"]}),
        ("fetch", {"id": "s3cret"}),
    ],
)
def test_row_26_wrong_arguments_are_a_tool_error_that_does_not_repeat_them(
    address: tuple[str, int], tool: str, arguments: dict[str, Any]
) -> None:
    message = {"method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    answer = _posted(address, json.dumps({"jsonrpc": "2.0", "id": 1} | message))
    assert status_of(answer) == 200
    result = json.loads(answer.partition(b"\r\n\r\n")[2])["result"]
    assert result["isError"] is True
    assert result["content"][0]["text"]
    assert "s3cret" not in result["content"][0]["text"]


def test_row_26_nan_never_reaches_the_archive(address: tuple[str, int]) -> None:
    message = '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", '
    for number in ("NaN", "Infinity", "1e999"):
        call = message + f'"arguments": {{"question": "a", "k": {number}}}}}}}'
        body = _posted(address, call).partition(b"\r\n\r\n")[2]
        answer = json.loads(body)
        assert "error" in answer or answer["result"]["isError"] is True


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "null",
        "[[[[[[",
        '{"jsonrpc": "2.0"}',
        '{"jsonrpc": "1.0", "id": 1, "method": "tools/list"}',
        '{"jsonrpc": "2.0", "id": 1, "method": "no/such/method"}',
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}',
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "rm"}}',
        '{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}',
        "[" * 50_000,
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": "\\ud800"}}',
    ],
)
def test_row_26_a_malformed_message_is_an_error_and_the_server_stays_up(
    address: tuple[str, int], message: str
) -> None:
    answer = _posted(address, message)
    assert 200 <= status_of(answer) < 500
    body = answer.partition(b"\r\n\r\n")[2]
    if status_of(answer) == 202:  # without a usable id it is a notification, and dropped
        assert body == b""
    else:
        assert "error" in json.loads(body) or "tools" in json.loads(body)["result"]
    assert b"Traceback" not in body
    assert b"alive" in exchange(address, _get("/livez"))


def test_row_26_a_huge_message_is_a_413(address: tuple[str, int]) -> None:
    assert status_of(_posted(address, '"' + "x" * (1024 * 1024) + '"')) == 413


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Host: evil.example", 421),
        ("Host: 127.0.0.1.evil.example:80", 421),
        ("Host: 127.0.0.1:80\r\nOrigin: https://evil.example", 403),
        ("Host: 127.0.0.1:80\r\nOrigin: null", 403),
        ("Host: 127.0.0.1:80\r\nOrigin: http://localhost:6274", 200),
        ("Host: news.example\r\nOrigin: https://news.example", 200),
    ],
)
def test_row_25_a_foreign_host_or_origin_is_refused_before_the_message_is_read(
    address: tuple[str, int], header: str, status: int
) -> None:
    message = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
    assert status_of(_posted(address, message, header)) == status


def test_a_stream_that_no_one_needs_is_not_opened(address: tuple[str, int]) -> None:
    assert status_of(exchange(address, _get("/mcp"))) == 405


def test_row_26_the_stdio_server_survives_what_is_no_message() -> None:
    lines = [
        "not json",
        "[" * 10_000,
        '{"jsonrpc": "2.0", "id": 1, "method": "no/such/method"}',
        '{"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": {"protocolVersion": '
        '"2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}',
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        '{"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "ask", '
        '"arguments": {"question": "ferry", "k": NaN}}}',
        '{"jsonrpc": "2.0", "id": 4, "method": "tools/list"}',
    ]
    process = subprocess.Popen(
        [STDIO.command, *STDIO.args],
        cwd=STDIO.cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(lines) + "\n")
    process.stdin.flush()
    answers: dict[Any, Any] = {}
    for line in process.stdout:
        answer = json.loads(line)
        answers[answer.get("id")] = answer
        if answer.get("id") == 4:
            break
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()
    assert "error" in answers[1]
    assert answers[2]["result"]["serverInfo"]["name"] == "dateline"
    assert "error" in answers.get(3, {"error": 1}) or answers[3]["result"]["isError"] is True
    assert len(answers[4]["result"]["tools"]) == 3


def _posted(address: tuple[str, int], message: str, host: str = "Host: 127.0.0.1") -> bytes:
    body = message.encode("utf-8", "surrogatepass")
    lines = [
        "POST /mcp HTTP/1.1",
        host,
        "Content-Type: application/json",
        "Accept: application/json, text/event-stream",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return exchange(address, "\r\n".join([*lines, "", ""]).encode() + body)


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
