"""The reading network: what it is shown, how its logits are read, and that it reads."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import pytest
from benchmark_modules import benchmark
from onnx import numpy_helper
from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.graph import Shape, reading_graph
from qa.models import sha256_of
from qa.reader.network import BUDGET, SHA256, Excerpt, Network, Reading, packed, shipped_network

WEIGHTS = Path(str(files("qa.reader").joinpath("weights")))
CLS, SEP = 101, 102

FERRY = [
    Excerpt(0, 300, "The vessel was built in 1999 and cost 40 million pounds."),
    Excerpt(0, 0, "The ferry Morning Star sank off Harbourton on Tuesday, officials said."),
    Excerpt(1, 10, "Captain Ellen Marsh told reporters that a pump had failed."),
    Excerpt(0, 90, "Rescuers pulled 212 passengers from the water."),
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))


@pytest.fixture(scope="module")
def network() -> Network:
    return shipped_network(threads=1)


def bare(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def test_a_run_is_the_question_then_hit_by_hit_its_sentences_in_order(
    tokenizer: Tokenizer,
) -> None:
    run = packed(bare(tokenizer), "Who sank?", FERRY)
    words = tokenizer.decode(run.ids.tolist(), skip_special_tokens=False)
    assert words.startswith("[CLS] who sank? [SEP] the ferry morning star")
    assert words.endswith("captain ellen marsh told reporters that a pump had failed. [SEP]")
    order = sorted(range(4), key=lambda n: run.places[n] or (0, 0))
    assert order == [1, 3, 0, 2]  # as they stand in their articles, the second hit last
    question_ends = run.ids.tolist().index(SEP)
    assert run.types.tolist() == [0] * (question_ends + 1) + [1] * (
        len(run.ids) - question_ends - 1
    )
    for excerpt, place, offsets in zip(FERRY, run.places, run.offsets, strict=True):
        assert place is not None
        alone = tokenizer.encode(excerpt.text, add_special_tokens=False)
        assert run.ids[slice(*place)].tolist() == alone.ids
        assert list(offsets) == alone.offsets


def test_what_the_budget_has_no_room_for_is_left_out_worst_first(tokenizer: Tokenizer) -> None:
    long = [
        Excerpt(0, 0, "tree " * 90),
        Excerpt(0, 1000, "tree " * 60),
        Excerpt(0, 2000, "tree " * 30),
    ]
    run = packed(bare(tokenizer), "Which tree?", long)
    lengths = [place and place[1] - place[0] for place in run.places]
    assert lengths == [80, 60, None]  # the first is cut, and the third finds no room
    assert sum(length or 0 for length in lengths) <= BUDGET
    short = [*long, Excerpt(0, 9000, "A tree.")]
    assert packed(tokenizer, "Which tree?", short).places[3] is not None


def test_the_first_sentence_is_read_however_long_the_question(tokenizer: Tokenizer) -> None:
    run = packed(bare(tokenizer), "why " * 500, FERRY[:1])
    assert run.places[0] is not None and len(run.ids) < 100


def test_a_span_is_as_likely_as_its_first_and_last_word() -> None:
    logs = [np.log(np.array(p, np.float32)) for p in ([0.7, 0.2, 0.1], [0.1, 0.3, 0.6])]
    reading = Reading(1.0, logs[0], logs[1], ((0, 3), (4, 7), (8, 12)))
    assert reading.span(0, 7) == pytest.approx(np.log(0.7 * 0.3))
    assert reading.span(4, 5) == pytest.approx(np.log(0.2 * 0.3))
    assert reading.span(3, 4) == pytest.approx(np.log(0.1 * 0.1))  # no word stands there
    assert reading.best_span() == (0, 12)
    assert reading.best_span(longest=2) == (0, 7)  # .7 * .3, as .7 * .6 would be too long


def test_it_finds_the_sentence_and_the_words_that_answer(network: Network) -> None:
    for question, sentence, words in (
        ("How many people were rescued from the sea?", 3, "212"),
        ("What was the price of the ship?", 0, "40 million pounds"),
        ("Who spoke of a broken pump?", 2, "Ellen Marsh"),
    ):
        read = network.read(question, FERRY)
        scores = [one.score for one in read if one]
        assert int(np.argmax(scores)) == sentence
        best = read[sentence]
        assert best is not None
        start, end = best.best_span()
        assert words in FERRY[sentence].text[max(0, start - 8) : end + 8]
        assert np.exp(best.starts).sum() == pytest.approx(1, abs=1e-4)


def test_nothing_answers_a_question_about_something_else(network: Network) -> None:
    asked = network.read("How many people were rescued from the sea?", FERRY)
    other = network.read("Which bank raised its rate to 6.75 percent in June?", FERRY)
    assert max(one.score for one in asked if one) > max(one.score for one in other if one) + 2


def test_the_same_sentences_give_the_same_reading(network: Network) -> None:
    first, again = (network.read("Who sank?", FERRY) for _ in range(2))
    assert [one and one.score for one in first] == [one and one.score for one in again]


def test_no_sentences_give_no_reading(network: Network) -> None:
    assert network.read("Who?", []) == []


@pytest.mark.parametrize("name", sorted(SHA256))
def test_an_altered_file_is_refused_with_both_hashes(tmp_path: Path, name: str) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    path = tmp_path / "weights" / name
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelError, match=SHA256[name]) as refused:
        Network(tmp_path / "weights", threads=1)
    assert sha256_of(path) in str(refused.value)


def test_the_run_that_made_the_network_is_told_beside_it() -> None:
    made = json.loads((WEIGHTS / "made.json").read_text(encoding="utf-8"))
    assert made["files"] == SHA256
    assert made["lessons"] > 5000


def test_the_shipped_weights_come_back_as_they_were_rounded() -> None:
    shipped = benchmark("shipped")
    weights = {
        n.removeprefix("bert."): w for n, w in shipped.floats(WEIGHTS / "model.onnx").items()
    }
    again = reading_graph(weights, Shape(6, 12, 1e-12), int8=True).graph.initializer
    known = onnx.load(WEIGHTS / "model.onnx").graph.initializer
    assert len(again) == len(known) > 60
    for one, other in zip(again, known, strict=True):
        np.testing.assert_allclose(
            numpy_helper.to_array(one), numpy_helper.to_array(other), rtol=1e-6
        )
