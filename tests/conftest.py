"""What every test may use: where the corpora lie, and collaborators whose answers are known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora, gold and questions beside the project; skips where it is absent."""
    folder = Path(os.environ.get("QA_SHARED", PROJECT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the corpora beside the project (../shared or QA_SHARED) are not here")
    return folder
