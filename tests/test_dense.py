"""Nearest neighbours equal brute force, with and without a filter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from qa.dense import DenseIndex, write_index, write_vectors
from qa.errors import ModelError
from qa.types import Vectors


def unit(count: int, dimension: int, seed: int) -> Vectors:
    raw = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return raw / np.linalg.norm(raw, axis=1, keepdims=True)


def brute(vectors: Vectors, question: Vectors, k: int, allowed: NDArray[np.bool_]) -> list[int]:
    scores = vectors.astype(np.float64) @ question.astype(np.float64)
    order = np.lexsort((np.arange(len(vectors)), -scores))
    return [int(row) for row in order if allowed[row]][:k]


@given(
    allowed=hnp.arrays(np.bool_, st.integers(1, 90)),
    k=st.integers(1, 120),
    seed=st.integers(0, 10_000),
)
def test_exact_search_equals_brute_force_inside_any_filter(
    allowed: NDArray[np.bool_], k: int, seed: int
) -> None:
    vectors = unit(len(allowed), 16, seed)
    question = unit(1, 16, seed + 1)[0]
    found = DenseIndex(vectors).search(question, k, allowed)
    assert found.rows.tolist() == brute(vectors, question, k, allowed)
    assert found.scores == pytest.approx(vectors[found.rows] @ question, abs=1e-6)
    assert found.rows.dtype == np.int64 and found.scores.dtype == np.float32


def test_no_filter_is_the_filter_that_lets_all_through() -> None:
    vectors, question = unit(500, 16, 1), unit(1, 16, 2)[0]
    index = DenseIndex(vectors)
    everything = index.search(question, 20, np.ones(500, np.bool_))
    assert index.search(question, 20).rows.tolist() == everything.rows.tolist()


def test_more_asked_than_there_are_gives_what_there_is_without_padding() -> None:
    vectors = np.eye(3, dtype=np.float32)
    found = DenseIndex(vectors).search(np.array([0.6, 0.8, 0.0], np.float32), 10)
    assert found.rows.tolist() == [1, 0, 2]
    assert found.scores.tolist() == pytest.approx([0.8, 0.6, 0.0])


def test_equal_scores_come_in_the_order_of_their_rows() -> None:
    vectors = np.tile(np.array([[1.0, 0.0]], np.float32), (9, 1))
    found = DenseIndex(vectors).search(np.array([1.0, 0.0], np.float32), 9)
    assert found.rows.tolist() == list(range(9))


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_asked_nothing_found(k: int) -> None:
    assert len(DenseIndex(unit(5, 4, 0)).search(unit(1, 4, 1)[0], k).rows) == 0


def test_nothing_allowed_or_nothing_there_is_an_empty_answer() -> None:
    question = unit(1, 4, 1)[0]
    assert len(DenseIndex(unit(5, 4, 0)).search(question, 3, np.zeros(5, np.bool_)).rows) == 0
    assert len(DenseIndex(np.empty((0, 4), np.float32)).search(question, 3).rows) == 0


def test_vectors_read_back_from_disk_are_the_same_bits(tmp_path: Path) -> None:
    vectors = unit(100, 16, 3)
    write_vectors(tmp_path, iter([vectors[:64], vectors[64:]]), 100, 16)
    index = DenseIndex.load(tmp_path)
    assert np.array_equal(index.vectors(np.array([99, 0, 7])), vectors[[99, 0, 7]])
    assert index.search(vectors[42], 1).rows.tolist() == [42]


def test_a_short_count_of_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 vectors came where 3"):
        write_vectors(tmp_path, iter([unit(2, 4, 0)]), 3, 4)


@pytest.mark.parametrize("question", [[1.0, 0.0], [float("nan"), 0, 0], [float("inf"), 0, 0]])
def test_a_question_vector_that_cannot_be_compared_is_refused(question: list[float]) -> None:
    with pytest.raises(ModelError, match="not 3 finite numbers"):
        DenseIndex(np.eye(3, dtype=np.float32)).search(np.array(question, np.float32), 1)


@pytest.mark.slow
def test_above_the_exact_limit_recall_at_ten_stays_high_and_scores_are_exact(
    tmp_path: Path,
) -> None:
    """Vectors in clusters, as in news; with a filter that leaves half, and one that leaves 1%."""
    generator = np.random.default_rng(7)
    centres = unit(300, 32, 8)
    vectors = centres[generator.integers(0, 300, 40_000)] + 0.12 * generator.standard_normal(
        (40_000, 32)
    ).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    write_vectors(tmp_path, iter([vectors]), len(vectors), 32)
    write_index(tmp_path, exact_limit=10_000)
    index = DenseIndex.load(tmp_path)
    assert (tmp_path / "lists.faiss").exists()
    exact = DenseIndex(vectors)
    half, few = generator.random(40_000) < 0.6, generator.random(40_000) < 0.01
    for allowed in (None, half, few):
        kept = 0
        for question in vectors[::800]:
            found, true = index.search(question, 10, allowed), exact.search(question, 10, allowed)
            assert len(found.rows) == 10
            assert found.scores == pytest.approx(vectors[found.rows] @ question, abs=1e-6)
            kept += len(np.intersect1d(found.rows, true.rows))
        assert kept / (10 * 50) >= (1.0 if allowed is few else 0.98)


def test_halves_find_what_full_precision_finds_with_the_same_scores(tmp_path: Path) -> None:
    """Two thousand vectors so near to one another that rounding moves many of them."""
    generator = np.random.default_rng(11)
    near = unit(1, 32, 3)[0] + 0.02 * generator.standard_normal((2000, 32)).astype(np.float32)
    vectors = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    write_vectors(tmp_path, iter([vectors]), len(vectors), 32)
    write_index(tmp_path)
    assert (tmp_path / "halves.faiss").exists()
    index, exact = DenseIndex.load(tmp_path), DenseIndex(vectors)
    for allowed in (None, generator.random(2000) < 0.5, generator.random(2000) < 0.01):
        for question in vectors[::100]:
            found, true = index.search(question, 20, allowed), exact.search(question, 20, allowed)
            assert found.rows.tolist() == true.rows.tolist()
            assert found.scores.tolist() == true.scores.tolist()


def test_no_vectors_need_no_index(tmp_path: Path) -> None:
    write_vectors(tmp_path, iter([]), 0, 32)
    write_index(tmp_path)
    assert len(DenseIndex.load(tmp_path).search(unit(1, 32, 3)[0], 5).rows) == 0
