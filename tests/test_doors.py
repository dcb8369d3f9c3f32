"""Every door over one real archive of the seeds; and the examples in docs/api.md."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from live_server import serving

from qa import wire
from qa.api import create_app
from qa.api.problems import KINDS
from qa.archive import Archive
from qa.reading.formats import ReadOptions, read_paths
from qa.settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENT = (PROJECT / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `index`, built from the seeds."""
    folder = tmp_path_factory.mktemp("doors")
    with Archive.open(folder / "index", writing=True) as archive:
        archive.ingest(read_paths([PROJECT / "seeds"], ReadOptions()))
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    settings = Settings(index=folder / "index")
    with (
        Archive.open(settings.index) as archive,
        serving(
            create_app(archive, settings, writer=lambda: Archive.open(settings.index, writing=True))
        ) as (host, port),
    ):
        yield f"http://{host}:{port}"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_in_the_documentation_run(
    example: str,
    server: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    code = example.replace("http://127.0.0.1:8000", server)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the frameworks warn about on import is their own
        exec(compile(code, "docs/api.md", "exec"), {"__name__": "example"})
    assert "ferry" in capsys.readouterr().out.lower()


def test_every_quote_of_every_door_is_the_article_at_its_offsets(server: str) -> None:
    for question in ("ferry Aurelia", "Orrin dam", "key rate", "Who was elected?", "comet"):
        answer = httpx.get(f"{server}/v1/ask", params={"q": question, "k": 50}).json()
        assert answer["citations"]
        for cited in answer["citations"]:
            link = wire.article_link(cited["article_id"], None, f"{server}/v1")
            article = httpx.get(link, params={"version": cited["version"]}).json()
            assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
            assert article["source"] == cited["source"]
            assert article["published"] == cited["published"]


def test_a_filter_is_never_dropped(server: str) -> None:
    params = {"q": "ferry", "from": "2019-03-15", "to": "2019-03-15", "k": 50}
    found = httpx.get(f"{server}/v1/search", params=params).json()
    assert {c["published"]["date"] for c in found["citations"]} == {"2019-03-15"}
    for source in httpx.get(f"{server}/v1/sources").json()["sources"]:
        params = {"q": "the", "source": source["name"], "k": 50}
        found = httpx.get(f"{server}/v1/search", params=params).json()
        assert {c["source"] for c in found["citations"]} == {source["name"]}


def test_an_article_added_over_http_is_found_and_gone_after_its_deletion(server: str) -> None:
    text = "TARN ISLAND, Feb. 3 (Example Wire) -- A grey whale swam into the old cannery on Monday."
    article = {"id": "a/whale 1", "text": text, "published": "2025-02-03", "source": "Example Wire"}
    report = httpx.post(f"{server}/v1/articles", json={"articles": [article]}).json()
    assert (report["new"], report["refused"]) == (1, [])
    asked = {"q": "grey whale in the cannery", "k": 1}
    [cited] = httpx.get(f"{server}/v1/search", params=asked).json()["citations"]
    assert (cited["article_id"], cited["source"]) == ("a/whale 1", "Example Wire")
    assert cited["published"]["date"] == "2025-02-03"
    again = httpx.post(f"{server}/v1/articles", json={"articles": [article]}).json()
    assert (again["new"], again["same"]) == (0, 1)
    assert httpx.delete(f"{server}/v1/articles/a%2Fwhale%201").status_code == 200
    found = httpx.get(f"{server}/v1/search", params=asked).json()["citations"]
    assert "a/whale 1" not in [c["article_id"] for c in found]


def test_bad_input_row_17_an_empty_archive_answers_that_it_is_empty(tmp_path: Path) -> None:
    Archive.open(tmp_path, writing=True).close()
    with Archive.open(tmp_path) as archive, serving(create_app(archive)) as (host, port):
        answer = httpx.get(f"http://{host}:{port}/v1/ask?q=ferry").json()
        page = httpx.get(f"http://{host}:{port}/")
    assert (answer["answerable"], answer["citations"]) == (False, [])
    assert answer["abstention"]["reason"] == "empty_archive"
    assert page.status_code == 200
    assert "The archive is empty" in page.text


def test_the_pages_work_over_the_real_archive(server: str) -> None:
    start = httpx.get(server).text
    assert "Lately in the archive" in start
    page = httpx.get(server, params={"q": "How many people were on board the ferry?"}).text
    assert "<mark>" in page
    links = re.findall(r'<p class="read"><a href="([^"]+)"', page)
    assert links
    for link in links:
        assert 'id="quote"' in httpx.get(server + link.replace("&amp;", "&")).text


def test_the_documentation_names_every_route_and_every_error(server: str) -> None:
    schema = httpx.get(f"{server}/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in DOCUMENT
    for kind in KINDS:
        assert str(kind.status) in DOCUMENT


def test_the_documented_answer_has_the_fields_that_are_sent(server: str) -> None:
    example = json.loads(re.findall(r"```json\n(\{\"question.*?)```", DOCUMENT, re.DOTALL)[0])
    sent = httpx.get(f"{server}/v1/ask?q=How+many+people+were+on+board+the+ferry%3F").json()
    assert list(example) == list(sent)
    assert list(example["citations"][0]) == list(sent["citations"][0])
    assert list(example["understood"]) == list(sent["understood"])
