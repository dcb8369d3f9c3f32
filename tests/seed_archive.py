"""The seed articles as an archive, built once a run with the real model."""

from __future__ import annotations

from pathlib import Path

from qa.archive import Archive
from qa.ingest import IngestReport
from qa.reading.formats import read_path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def built(folder: Path) -> IngestReport:
    """Read and store the seeds; nothing of them is refused."""
    with Archive.open(folder, writing=True) as archive:
        return archive.ingest(read_path(SEEDS))
