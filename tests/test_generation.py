"""A generation is whole or it is not used; nothing on disk is ever half replaced."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from archive_pieces import DIMENSION, FINGERPRINT, article, filled, opened

from qa.disk import replace_file
from qa.generation import Covered, Generations, UnfitError, load, seal

MANY = [article(f"a{n}", f"Story {n} begins. Story {n} ends.") for n in range(150)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published generation of 300 passages."""
    folder = tmp_path_factory.mktemp("archive")
    filled(folder, MANY)
    with opened(folder, writing=True) as store:
        store.publish()
    return folder / "generations" / "000001"


@pytest.fixture
def generation(original: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    copy = tmp_path / "000001"
    for path in original.rglob("*"):
        target = copy / path.relative_to(original)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return copy


def files(folder: Path) -> list[str]:
    return sorted(json.loads((folder / "manifest.json").read_text())["files"])


def test_a_sound_generation_says_what_it_covers(generation: Path) -> None:
    loaded = load(generation)
    assert (loaded.covered.articles, loaded.covered.passages) == (150, 300)
    assert (loaded.covered.fingerprint, loaded.covered.dimension) == (FINGERPRINT, DIMENSION)
    assert loaded.covered.article_row == 150
    assert loaded.columns.passage_rows.tolist() == list(range(1, 301))


def test_the_manifest_lists_every_file_of_the_indexes(generation: Path) -> None:
    listed = files(generation)
    assert "vectors.npy" in listed and "tantivy/meta.json" in listed
    on_disk = {
        path.relative_to(generation).as_posix()
        for path in generation.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }
    assert on_disk == {*listed, "manifest.json"}


@pytest.mark.parametrize("damage", ["flip", "truncate", "grow", "remove"])
def test_any_damage_to_any_file_is_noticed(generation: Path, damage: str) -> None:
    for name in [*files(generation), "manifest.json"]:
        path = generation / name
        content = path.read_bytes()
        if damage == "flip":
            middle = len(content) // 2
            path.write_bytes(
                content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
                if content
                else b"x"
            )
        elif damage == "truncate" and content:
            path.write_bytes(content[:-1])
        elif damage == "grow":
            path.write_bytes(content + b"\0")
        elif damage == "remove":
            path.unlink()
        else:
            continue
        with pytest.raises(UnfitError):
            load(generation)
        path.write_bytes(content)
        load(generation)


def test_a_file_that_the_manifest_does_not_list_is_noticed(generation: Path) -> None:
    (generation / "lists.faiss").write_bytes(b"planted")
    with pytest.raises(UnfitError, match=r"lists\.faiss"):
        load(generation)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b'{"format": 99}', b'{"format": 1, "files": {}}', b"\xff", b"[" * 100_000],
)
def test_a_manifest_that_is_none_is_refused(generation: Path, manifest: bytes) -> None:
    (generation / "manifest.json").write_bytes(manifest)
    with pytest.raises(UnfitError):
        load(generation)


def test_a_pickle_is_never_opened_even_when_the_manifest_lists_it(
    generation: Path, tmp_path: Path
) -> None:
    covered = load(generation).covered
    np.save(generation / "source.npy", np.array([{"code": print}], object), allow_pickle=True)
    seal(generation, covered)
    with pytest.raises(UnfitError, match="cannot be read"):
        load(generation)


def test_row_counts_must_be_those_of_the_manifest(generation: Path) -> None:
    covered = load(generation).covered
    fields = {name: getattr(covered, name) for name in Covered.__dataclass_fields__}
    seal(generation, Covered(**fields | {"passages": 299}))
    with pytest.raises(UnfitError, match="other numbers of rows"):
        load(generation)


def test_publishing_keeps_the_generation_before_and_drops_older_and_unfinished_ones(
    tmp_path: Path,
) -> None:
    generations = Generations(tmp_path)
    assert generations.current() is None and generations.stamp() is None
    stamps = set()
    for _ in range(3):
        generations.publish(generations.new())
        stamps.add(generations.stamp())
    abandoned = generations.new()
    generations.publish(generations.new())
    assert generations.current() == tmp_path / "000005"
    assert not abandoned.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["000003", "000005", "CURRENT"]
    assert len(stamps) == 3


@pytest.mark.parametrize("content", ["", "../elsewhere", "000001/..", "x"])
def test_current_names_a_number_and_nothing_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "CURRENT").write_text(content)
    assert Generations(tmp_path).current() is None


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    replace_file(target, b"old")
    (tmp_path / "kept.new").mkdir()
    with pytest.raises(OSError):
        replace_file(target, b"new")
    assert target.read_bytes() == b"old"
