"""The HTTP API: every route with a real application over an archive whose answers are known."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fake_archive import FERRY, RECOUNT, FakeArchive
from fastapi.testclient import TestClient

from qa import wire
from qa.api import create_app
from qa.api.app import assemble
from qa.api.service import Service
from qa.settings import Settings
from qa.types import DateWindow, Query

LOCAL = "http://127.0.0.1:8000"
FERRY_QUESTION = "How many passengers were brought ashore from the ferry?"


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive()


@pytest.fixture
def client(archive: FakeArchive) -> Iterator[TestClient]:
    app = create_app(archive, Settings(), clock=lambda: date(2014, 4, 1))  # type: ignore[arg-type]
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def test_a_question_is_answered_as_the_library_answers_it(
    client: TestClient, archive: FakeArchive
) -> None:
    response = client.post("/v1/ask", json={"question": FERRY_QUESTION, "k": 3})
    assert response.status_code == 200
    assert response.json() == wire.answer_json(archive.ask(Query(FERRY_QUESTION, k=3)))
    assert response.json()["answer"]["text"] == "214"


def test_a_link_and_a_body_ask_the_same(client: TestClient, archive: FakeArchive) -> None:
    body = {
        "question": "ferry", "k": 2, "from": "2014-03-01", "to": "2014-03-31",
        "sources": ["Meridian Wire", "Northern Press"], "as_of": "2014-04-01", "sort": "oldest",
    }  # fmt: skip
    link = (
        "/v1/ask?q=ferry&k=2&from=2014-03-01&to=2014-03-31&source=Meridian+Wire"
        "&source=Northern+Press&as_of=2014-04-01&sort=oldest"
    )
    assert client.post("/v1/ask", json=body).json() == client.get(link).json()
    assert archive.asked[0] == archive.asked[1]
    assert archive.asked[0].window == DateWindow(date(2014, 3, 1), date(2014, 4, 1))


def test_no_answer_is_a_success_with_a_reason(client: TestClient) -> None:
    response = client.get("/v1/ask?q=Who+keeps+bees%3F")
    assert response.status_code == 200
    assert response.json()["answerable"] is False
    assert response.json()["abstention"]["reason"] == "no_match"


def test_search_cites_without_answering(client: TestClient) -> None:
    by_body = client.post("/v1/search", json={"question": "ferry"}).json()
    assert list(by_body) == ["citations", "window", "excluded_undated", "snapshot", "understood"]
    assert [c["article_id"] for c in by_body["citations"]] == [FERRY.id, RECOUNT.id]
    assert client.get("/v1/search?q=ferry").json() == by_body


def test_an_article_is_read_by_any_id_even_one_that_is_an_address(client: TestClient) -> None:
    assert client.get("/v1/articles/ferry").json()["text"] == FERRY.text
    address = wire.article_link(RECOUNT.id, None, LOCAL).replace("/articles/", "/v1/articles/")
    assert client.get(address).json()["id"] == RECOUNT.id
    assert client.get("/v1/articles/ferry?version=1").json()["version"] == 1


def test_an_article_shows_the_evidence_for_its_date(client: TestClient) -> None:
    article = client.get("/v1/articles/ferry").json()
    assert article["source_method"] == "dateline"
    won, lost = article["findings"]
    assert article["text"][won["start"] : won["end"]] == won["words"] == "March 4"
    assert (lost["won"], lost["words"]) == (False, "2014-03-05.txt")


@pytest.mark.parametrize("path", ["/v1/articles/none", "/v1/articles/ferry?version=9", "/nowhere"])
def test_what_is_not_there_is_a_404_that_does_not_repeat_the_path(
    client: TestClient, path: str
) -> None:
    response = client.get(path)
    assert_problem(response, 404)
    assert "none" not in response.text
    assert "nowhere" not in response.text


def test_a_wrong_method_is_a_405_that_says_which_are_right(client: TestClient) -> None:
    response = client.put("/v1/sources")
    assert_problem(response, 405)
    assert response.headers["Allow"] == "GET"


def test_sources_are_listed_with_their_counts(client: TestClient) -> None:
    assert client.get("/v1/sources").json() == {
        "sources": [
            {"name": "Meridian Wire", "articles": 1},
            {"name": "Northern Press", "articles": 2},
        ]
    }


def test_a_quote_is_verified_where_it_stands_moved_or_is_gone(client: TestClient) -> None:
    def verify(quote: str, start: int) -> dict[str, Any]:
        body = {"article_id": "ferry", "quote": quote, "start": start, "end": start + len(quote)}
        return client.post("/v1/verify", json=body).json()

    at = FERRY.text.index("214")
    assert verify("214", at)["stands"] is True
    assert verify("214", at - 1) == {
        "stands": False,
        "moved_to": [at, at + 3],
        "reason": "checked",
    }
    assert verify("215", at)["moved_to"] is None


def test_articles_are_added_changed_skipped_and_deleted(client: TestClient) -> None:
    def add(text: str) -> dict[str, Any]:
        articles = [{"id": "bees", "text": text, "source": "Hive Daily", "published": "2014-03-05"}]
        return client.post("/v1/articles", json={"articles": articles}).json()

    def counts(report: dict[str, Any]) -> list[int]:
        return [report["new"], report["changed"], report["same"]]

    assert counts(add("Bees swarmed.")) == [1, 0, 0]
    assert counts(add("Bees swarmed.")) == [0, 0, 1]
    assert counts(add("Bees swarmed twice.")) == [0, 1, 0]
    assert client.get("/v1/articles/bees").json()["version"] == 2
    assert client.delete("/v1/articles/bees").json() == {"id": "bees", "deleted": True}
    assert client.get("/v1/articles/bees").status_code == 404
    assert_problem(client.delete("/v1/articles/bees"), 404)


def test_bad_input_row_4_controls_in_an_article_are_stripped_and_counted(
    client: TestClient,
) -> None:
    body = {
        "articles": [{"id": "c", "text": "Rain\u0000 fell\u0007 today.", "title": "A\u001b[31m"}]
    }
    report = client.post("/v1/articles", json=body).json()
    stored = client.get("/v1/articles/c").json()
    assert stored["text"] == "Rain fell today."
    assert stored["title"] == "A[31m"
    assert any("control characters" in w and "2" in w for w in report["warnings"])


def test_every_response_has_an_id_and_headers_that_keep_pages_to_themselves(
    client: TestClient,
) -> None:
    for path in ("/", "/v1/sources", "/nowhere", "/livez", "/docs"):
        headers = client.get(path).headers
        assert len(headers["X-Request-ID"]) == 36
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_an_error_of_ours_is_a_500_with_an_id_and_nothing_of_the_inside(
    client: TestClient, archive: FakeArchive, caplog: pytest.LogCaptureFixture
) -> None:
    archive.articles["broken"] = [None]  # type: ignore[list-item]
    response = client.get("/v1/ask?q=ferry")
    assert_problem(response, 500)
    assert "Traceback" not in response.text
    assert "NoneType" not in response.text
    assert response.json()["request_id"] in caplog.text


# --- health, load and metrics -----------------------------------------------------------------


def test_a_server_is_alive_but_not_ready_until_its_archive_is_open() -> None:
    service = Service(Settings())
    with TestClient(assemble(service), base_url=LOCAL) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        waiting = client.get("/readyz")
        assert_problem(waiting, 503)
        assert waiting.json()["retryable"] is True
        asked = client.get("/v1/ask?q=ferry")
        assert_problem(asked, 503)
        assert asked.headers["Retry-After"] == "1"
        assert client.get("/?q=ferry").status_code == 503
        service.loaded(FakeArchive())  # type: ignore[arg-type]
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/v1/ask?q=ferry").status_code == 200
        service.draining = True
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200


def test_a_full_queue_refuses_at_once_and_liveness_does_not_wait_for_it(
    archive: FakeArchive,
) -> None:
    settings = Settings(threads=1, queue=1, deadline=20)
    archive.gate.clear()
    statuses: list[int] = []
    with TestClient(create_app(archive, settings), base_url=LOCAL) as client:  # type: ignore[arg-type]

        def ask() -> None:
            statuses.append(client.get("/v1/ask?q=ferry").status_code)

        held = [threading.Thread(target=ask) for _ in range(2)]
        for thread in held:
            thread.start()
        _until(lambda: "dateline_pending_requests 2" in client.get("/metrics").text)
        started = time.monotonic()
        refused = client.get("/v1/ask?q=ferry")
        assert client.get("/livez").status_code == 200
        assert time.monotonic() - started < 2
        assert_problem(refused, 503)
        assert int(refused.headers["Retry-After"]) >= 1
        archive.gate.set()
        for thread in held:
            thread.join(10)
        assert statuses == [200, 200]
        _until(lambda: "dateline_pending_requests 0" in client.get("/metrics").text)


def test_a_question_that_waits_longer_than_the_deadline_is_given_up(archive: FakeArchive) -> None:
    archive.gate.clear()
    app = create_app(archive, Settings(threads=1, deadline=0.2))  # type: ignore[arg-type]
    with TestClient(app, base_url=LOCAL) as client:
        late = client.get("/v1/ask?q=ferry")
        archive.gate.set()
        assert_problem(late, 503)
        assert late.json()["retryable"] is True


def test_metrics_count_requests_answers_and_time_by_route(client: TestClient) -> None:
    client.get("/v1/ask?q=ferry+passengers")
    client.get("/v1/ask?q=bees")
    client.get("/v1/ask?q=")
    client.get("/made/up/path")
    text = client.get("/metrics").text
    assert 'dateline_requests_total{method="GET",route="/v1/ask",status="200"} 2' in text
    assert 'dateline_requests_total{method="GET",route="/v1/ask",status="422"} 1' in text
    assert 'dateline_answers_total{outcome="answered"} 1' in text
    assert 'dateline_answers_total{outcome="no_match"} 1' in text
    assert 'dateline_request_seconds_count{route="/v1/ask"} 3' in text
    assert 'dateline_request_seconds_bucket{route="/v1/ask",le="+Inf"} 3' in text
    assert "made" not in text


# --- the reference ----------------------------------------------------------------------------


def test_the_schema_documents_every_field_and_only_problem_documents_as_errors(
    client: TestClient,
) -> None:
    schema = client.get("/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter["name"] == "article_id" or parameter["description"]
            for status, response in operation["responses"].items():
                if status != "200":
                    assert list(response["content"]) == ["application/problem+json"]
    models = schema["components"]["schemas"]
    for name in ("AskRequest", "AnswerBody", "CitationBody", "ProblemBody", "UnderstoodBody"):
        assert models[name]["description"]
    properties = models["CitationBody"]["properties"]
    assert {"quote", "start", "end", "event_dates", "also", "by"} <= set(properties)
    assert set(models["Window"]["properties"]) == {"from", "to", "basis"}


def test_the_reference_page_lists_every_operation_and_problem_and_loads_nothing_from_elsewhere(
    client: TestClient,
) -> None:
    page = client.get("/docs").text
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f'id="{method.upper()}{path}"' in page
    for kind in (client.get("/nowhere"), client.get("/v1/ask?q="), client.put("/v1/ask")):
        anchor = kind.json()["type"].removeprefix("/docs#")
        assert f'id="{anchor}"' in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page


def assert_problem(response: Any, status: int) -> None:
    """The response is a whole problem document of this status."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == [
        "type", "title", "status", "detail", "instance", "request_id", "errors", "retryable",
    ]  # fmt: skip
    assert problem["status"] == status
    assert problem["instance"] == f"urn:uuid:{problem['request_id']}"
    assert problem["request_id"] == response.headers["X-Request-ID"]


def _until(condition: Any) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
