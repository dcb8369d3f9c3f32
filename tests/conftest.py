"""What every test may use: where the corpora lie, and collaborators whose answers are known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qa.archive import Archive

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora, gold and questions beside the project; skips where it is absent."""
    folder = Path(os.environ.get("QA_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the corpora beside the project (../shared or QA_SHARED) are not here")
    return folder


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive of the seed articles; tests read it and leave it as it is."""
    from seed_archive import built

    folder = tmp_path_factory.mktemp("seeds") / "index"
    built(folder)
    return folder


@pytest.fixture
def seeds(seeds_index: Path) -> Iterator[Archive]:
    """The archive of the seed articles, opened for reading."""
    from qa.archive import Archive

    with Archive.open(seeds_index) as archive:
        yield archive
