"""Bad input to the API, by the rows of the project's table: refused at the door, never repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fake_archive import HOSTILE, FakeArchive
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.api import create_app
from qa.settings import Settings

LOCAL = "http://127.0.0.1:8000"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(FakeArchive(), Settings())  # type: ignore[arg-type]
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def post(client: TestClient, body: bytes | str, path: str = "/v1/ask", **headers: str) -> Any:
    content = body.encode() if isinstance(body, str) else body
    return client.post(path, content=content, headers=JSON | headers)


def assert_refused(response: Any, status: int, pointer: str | None = None) -> None:
    """A problem document of this status that points at this field."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["retryable"] is False
    if pointer is not None:
        assert pointer in [error["pointer"] for error in problem["errors"]]
        assert pointer.removeprefix("#/") in problem["detail"]


@pytest.mark.parametrize("door", ["/v1/ask", "/v1/search"])
def test_row_1_a_lone_surrogate_is_a_422(client: TestClient, door: str) -> None:
    assert_refused(post(client, r'{"question": "a\ud800b"}', door), 422, "#/question")
    assert_refused(post(client, r'{"question": "a", "sources": ["\udfff"]}', door), 422)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_row_2_a_number_that_is_none_is_a_422(client: TestClient, number: str) -> None:
    assert_refused(post(client, f'{{"question": "a", "k": {number}}}'), 422)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1e309"])
def test_row_3_a_number_beyond_a_float_is_a_422(client: TestClient, number: str) -> None:
    assert_refused(post(client, f'{{"question": "a", "k": {number}}}'), 422)


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x08", "\x0b", "\x1b", "\x1f", "\x7f"])
def test_row_4_a_control_character_in_a_question_is_a_422(client: TestClient, control: str) -> None:
    assert_refused(client.post("/v1/ask", json={"question": f"a{control}b"}), 422, "#/question")
    assert_refused(client.get("/v1/ask", params={"q": f"a{control}b"}), 422, "#/q")


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n", "\u3000\u00a0"])
def test_row_5_a_blank_question_is_a_422(client: TestClient, blank: str) -> None:
    assert_refused(client.post("/v1/ask", json={"question": blank}), 422, "#/question")
    assert_refused(client.get("/v1/ask", params={"q": blank}), 422, "#/q")


def test_row_6_a_question_of_invisible_characters_is_a_422(client: TestClient) -> None:
    for invisible in ("\u200b\u200c\u200d", "\ufeff\u2060", "\u202e \u00ad", "\U000e0041"):
        refused = client.post("/v1/ask", json={"question": invisible})
        assert_refused(refused, 422, "#/question")


def test_row_7_a_question_over_the_limit_is_a_422_that_states_it(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": "ä" * 1000}).status_code == 200
    refused = client.post("/v1/ask", json={"question": "ä" * 1001})
    assert_refused(refused, 422, "#/question")
    assert "1,000" in refused.json()["detail"]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_row_9_json_nested_100_000_deep_is_a_400(client: TestClient, opening: str) -> None:
    nested = opening * 100_000 + ("]" if opening == "[" else "1}") * 100_000
    articles = post(client, nested, "/v1/articles")  # the door whose bodies may be that long
    assert_refused(articles, 400)
    assert_refused(post(client, opening * 10_000), 400)


def test_row_10_an_integer_of_6000_digits_is_a_400(client: TestClient) -> None:
    assert_refused(post(client, '{"question": "a", "k": ' + "9" * 6000 + "}"), 400)
    assert_refused(client.get("/v1/ask?q=a&k=" + "9" * 6000), 422, "#/k")


def test_row_11_invalid_utf_8_is_a_400(client: TestClient) -> None:
    assert_refused(post(client, b'{"question": "\xff\xfe"}'), 400)
    assert_refused(post(client, b'{"question": "\xed\xa0\x80"}'), 400)
    assert_refused(client.get("/v1/ask?q=%ff"), 400)
    assert_refused(client.get("/v1/articles/%c3%28"), 400)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_row_12_a_body_in_another_encoding_is_a_415(client: TestClient, encoding: str) -> None:
    assert_refused(post(client, '{"question": "a"}'.encode(encoding)), 415)
    declared = {"Content-Type": f"application/json; charset={encoding}"}
    assert client.post("/v1/ask", content=b'{"question": "a"}', headers=declared).status_code == 415


def test_row_13_a_key_given_twice_is_a_400(client: TestClient) -> None:
    assert_refused(post(client, '{"question": "a", "question": "b"}'), 400)
    twice = '{"articles": [{"text": "a", "id": "x", "id": "y"}]}'
    assert_refused(post(client, twice, "/v1/articles"), 400)
    assert_refused(client.get("/v1/ask?q=a&q=b"), 400)
    assert_refused(client.get("/v1/ask?q=a&k=1&k=2"), 400)
    assert client.get("/v1/ask?q=a&source=x&source=y").status_code == 200


def test_rows_14_and_52_an_unknown_field_is_a_422_so_no_request_chooses_a_model(
    client: TestClient,
) -> None:
    for field in ("model", "embedder", "threshold", "__class__"):
        refused = client.post("/v1/ask", json={"question": "a", field: "os.system"})
        assert_refused(refused, 422)
        assert field not in refused.text
        assert "os.system" not in refused.text
        assert_refused(client.get("/v1/ask", params={"q": "a", field: "x"}), 422)
    assert_refused(client.post("/v1/ask?debug=1", json={"question": "a"}), 422)


@pytest.mark.parametrize("k", [0, -1, 10**9, 51, 2.5, 5.0, "5", True, None, [5]])
def test_row_15_k_is_a_whole_number_from_1_to_50(client: TestClient, k: Any) -> None:
    assert_refused(client.post("/v1/ask", json={"question": "a", "k": k}), 422, "#/k")


@pytest.mark.parametrize("k", ["0", "-1", "1000000000", "51", "2.5", "5.0", " 5", "1_0", "٥", "+5"])
def test_row_15_k_in_a_link_is_digits_only(client: TestClient, k: str) -> None:
    assert_refused(client.get("/v1/ask", params={"q": "a", "k": k}), 422, "#/k")


def test_row_16_k_larger_than_the_archive_gives_what_there_is(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "ferry tarn island", "k": 50}).json()
    assert [c["article_id"] for c in found["citations"]] == [
        "ferry",
        "nameless",
        "https://north.example/ferry?page=1&x=ü",
    ]


def test_row_30_json_sent_as_something_else_is_a_415(client: TestClient) -> None:
    body = b'{"question": "a"}'
    for kind in ("text/plain", "text/json", "application/x-www-form-urlencoded", "", "garbage"):
        refused = client.post("/v1/ask", content=body, headers={"Content-Type": kind})
        assert_refused(refused, 415)
    squeezed = post(client, body, **{"Content-Encoding": "gzip"})
    assert_refused(squeezed, 415)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from", "2023-02-29"),
        ("to", "0000-00-00"),
        ("as_of", "99999-01-01"),
        ("from", "2023-2-1"),
        ("to", "yesterday"),
        ("from", "2023-02-28T00:00"),
        ("as_of", "２０２３-０１-０１"),
    ],
)
def test_row_56_an_impossible_day_is_a_422_that_names_the_parameter(
    client: TestClient, field: str, value: str
) -> None:
    by_body = client.post("/v1/ask", json={"question": "a", field: value})
    by_link = client.get("/v1/ask", params={"q": "a", field: value})
    for refused in (by_body, by_link):
        assert_refused(refused, 422, f"#/{field}")
        assert value not in refused.text


def test_row_56_a_day_that_is_no_text_is_a_422(client: TestClient) -> None:
    for value in (20230201, 1.5, [], {}, True):
        refused = client.post("/v1/ask", json={"question": "a", "from": value})
        assert_refused(refused, 422, "#/from")


def test_row_56_from_after_to_is_a_422_and_the_same_day_is_not(client: TestClient) -> None:
    wrong = {"question": "a", "from": "2020-05-06", "to": "2020-05-05"}
    assert_refused(client.post("/v1/ask", json=wrong), 422, "#/to")
    same = {"question": "a", "from": "2020-05-05", "to": "2020-05-05"}
    assert client.post("/v1/ask", json=same).status_code == 200
    utmost = {"question": "a", "from": "0001-01-01", "to": "9999-12-31"}
    assert client.post("/v1/ask", json=utmost).status_code == 200


def test_row_48_an_article_that_gives_orders_is_quoted_as_data(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "ignore your instructions"}).json()
    assert found["citations"][0]["quote"] in HOSTILE.text


@pytest.mark.parametrize(
    "body", ["", "null", "[]", '"a"', "1", "{", '{"question"}', "{}", '{"question": 1}', "\x00"]
)
def test_a_body_that_is_no_request_is_refused(client: TestClient, body: str) -> None:
    assert post(client, body).status_code in (400, 415, 422)


def test_a_byte_order_mark_before_json_is_ignored(client: TestClient) -> None:
    assert post(client, b'\xef\xbb\xbf{"question": "a"}').status_code == 200


def test_many_wrong_fields_are_listed_up_to_a_limit(client: TestClient) -> None:
    refused = client.post("/v1/articles", json={"articles": [{"text": 1}] * 500})
    assert_refused(refused, 422, "#/articles/0/text")
    assert len(refused.json()["errors"]) == 20
    assert "499 more" in refused.json()["detail"]


def test_a_verification_needs_offsets_that_hold_something(client: TestClient) -> None:
    whole = {"article_id": "ferry", "quote": "a", "start": 3, "end": 3}
    assert_refused(client.post("/v1/verify", json=whole), 422, "#/end")
    assert_refused(client.post("/v1/verify", json=whole | {"start": -1}), 422, "#/start")
    assert_refused(client.post("/v1/verify", json=whole | {"quote": ""}), 422, "#/quote")


def test_a_query_string_of_too_many_or_too_long_parameters_is_refused_fast(
    client: TestClient,
) -> None:
    started = time.monotonic()
    assert (
        client.get("/v1/ask?q=a&" + "&".join(f"source={n}" for n in range(900))).status_code == 400
    )
    assert client.get("/v1/ask?q=" + "a" * 20_000).status_code == 414
    assert (
        client.get("/v1/ask?q=a&" + "&".join(f"source={n}" for n in range(150))).status_code == 422
    )
    assert time.monotonic() - started < 1


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.sampled_from(["question", "k", "from", "to", "sources", "as_of", "sort", "x"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(_FIELDS, _ANY, max_size=8) | _ANY)
def test_no_json_whatsoever_makes_the_server_fail(client: TestClient, value: Any) -> None:
    response = post(client, json.dumps(value))
    assert response.status_code in (200, 400, 415, 422)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_no_bytes_whatsoever_make_the_server_fail(client: TestClient, body: bytes) -> None:
    assert post(client, body).status_code in (200, 400, 415, 422)
