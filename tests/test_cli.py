"""The command line as a person uses it: the real program, its output and its exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

QA = [sys.executable, "-m", "qa.cli"]


def run(*arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*QA, *map(str, arguments)], capture_output=True, text=True, input=text, timeout=90
    )


def asked(index: Path, question: str, *options: str) -> dict[str, Any]:
    ran = run("ask", question, "--index", index, "--json", *options)
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@pytest.fixture(scope="module")
def two_articles(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("two") / "index"
    ran = run("ingest", shared / "seeds", "--index", index)
    assert ran.returncode == 0 and "2 new" in ran.stdout, ran
    return index


@pytest.mark.corpus
def test_a_number_is_answered_with_source_date_and_sentence(two_articles: Path) -> None:
    answer = asked(two_articles, "How many Soviet troops are buried in North Korea?")
    first = answer["citations"][0]
    assert (first["source"], first["published"]["date"]) == ("UPI", "2020-05-05")
    assert "1,375" in first["quote"] and "1,375" in answer["answer"]["text"]


@pytest.mark.corpus
def test_a_when_question_is_answered_from_the_other_article(two_articles: Path) -> None:
    answer = asked(two_articles, "When was the partnership treaty signed?")
    first = answer["citations"][0]
    assert (first["source"], first["published"]["date"]) == ("TASS", "2024-11-01")
    assert answer["answerable"]


@pytest.mark.corpus
def test_what_is_not_there_is_not_answered_and_that_is_no_failure(two_articles: Path) -> None:
    answer = asked(two_articles, "Who won the 2022 World Cup?")
    assert answer["answerable"] is False and answer["answer"] is None
    assert answer["abstention"]["reason"] in {"no_match", "weak_match", "outside_dates"}


def test_the_printed_answer_names_source_date_and_quote(seeds_index: Path) -> None:
    ran = run("ask", "How many jobs will Harrow Brannock cut?", "--index", seeds_index)
    assert ran.returncode == 0
    assert ran.stdout.startswith("260")
    assert "Tern Wire · 2022-02-14 (header)" in ran.stdout


def test_a_refused_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    good = tmp_path / "news" / "good.txt"
    good.parent.mkdir()
    good.write_text("date 2020-01-02 OSLO, Jan. 2 (Tern Wire) -- Snow fell.")
    (tmp_path / "news" / "bad.zip").write_bytes(b"PK\x03\x04nothing")
    ran = run("ingest", tmp_path / "news", "--index", tmp_path / "index", "--json")
    report = json.loads(ran.stdout)
    assert ran.returncode == 3
    assert (report["new"], len(report["refused"])) == (1, 1)
    assert report["refused"][0]["name"].endswith("bad.zip")


def test_articles_come_in_through_a_pipe(tmp_path: Path) -> None:
    line = json.dumps({"id": "p", "text": "The bridge opened.", "date": "2020-02-03"})
    assert run("ingest", "-", "--index", tmp_path, text=line + "\n").returncode == 0
    assert "1 articles, 1 passages" in run("status", "--index", tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["ask", "x", "--from", "2023-02-29"], 2, "2023-02-29"),
        (["ask", "x", "-k", "0"], 2, "1 to 50"),
        (["ask", "x", "--from", "2020-02-02", "--to", "2020-01-01"], 2, "--from"),
        (["ask", "  "], 2, "blank"),
        (["frobnicate"], 2, "invalid choice"),
        (["ingest"], 2, "PATH"),
        (["delete", "no-such-article"], 1, "no-such-article"),
    ],
)
def test_wrong_usage_is_told_apart_from_failure(
    seeds_index: Path, arguments: list[str], status: int, says: str
) -> None:
    """Row 56."""
    index = [] if arguments[0] in {"frobnicate"} else ["--index", str(seeds_index)]
    ran = run(*arguments, *index)
    assert (ran.returncode, says in ran.stderr) == (status, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_no_archive_is_told_with_its_remedy(tmp_path: Path) -> None:
    ran = run("ask", "x", "--index", tmp_path / "none")
    assert ran.returncode == 1 and "qa ingest" in ran.stderr


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """Row 55."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "a\x1b[31m\nforged.zip").write_bytes(b"PK\x03\x04nothing")
    ran = run("ingest", news, "--index", tmp_path / "index")
    assert "\x1b" not in ran.stdout and "\\x1b[31m\\nforged" in ran.stdout


def test_when_prints_the_times_of_each_sentence(tmp_path: Path) -> None:
    file = tmp_path / "sentences.jsonl"
    row = {"id": 7, "sentence": "The dam broke on Tuesday.", "published": "2020-05-07"}
    file.write_text(json.dumps(row) + "\n")
    (found,) = map(json.loads, run("when", "--jsonl", file).stdout.splitlines())
    (day,) = found["times"]
    assert (found["id"], day["text"], day["from"]) == (7, "Tuesday", "2020-05-05")


def test_inspect_shows_what_was_understood_of_each_line(tmp_path: Path) -> None:
    file = tmp_path / "raw.jsonl"
    file.write_text(json.dumps({"id": "a", "raw": "TURIN, Feb. 3 (AP) — Snow fell."}) + "\n")
    row = json.loads(run("inspect", "--jsonl", file).stdout)
    assert (row["source"], row["place"], row["published"]) == ("AP", ["Turin"], None)


def test_a_new_file_in_a_watched_folder_is_found_within_seconds(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.txt").write_text("date 2020-01-02 OSLO (AP) — Snow fell.")
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    watching = subprocess.Popen(
        [*QA, "ingest", str(news), "--index", str(tmp_path / "index"), "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ,
    )  # fmt: skip
    try:
        assert watching.stdout is not None
        assert "1 new" in watching.stdout.readline()
        (news / "two.txt").write_text("date 2020-01-03 OSLO (AP) — The comet was seen from Oslo.")
        began = time.monotonic()
        assert "1 new" in watching.stdout.readline()
        assert time.monotonic() - began < 10
    finally:
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=20)
    assert watching.returncode == 130 and "Traceback" not in errors
