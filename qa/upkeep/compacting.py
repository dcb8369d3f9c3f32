"""What was deleted leaves the disk: `delete` only hides it, so that searches under way can end."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from qa.catchup import GENERATIONS, LOCK
from qa.disk import writing_to
from qa.lock import FileLock
from qa.upkeep.backup import copy_database, fresh_database
from qa.upkeep.checking import verified
from qa.upkeep.swap import connected, existing, new_identity, put_in_place, refresh

# Id, version and hash stay: a later article of that id then gets a version that no citation means
# already, and the log of changes can still be checked.
_ERASE = """
    DELETE FROM vectors WHERE passage IN (
        SELECT p.row FROM passages p JOIN articles a ON a.row = p.article
        WHERE a.deleted IS NOT NULL);
    DELETE FROM passages WHERE article IN (SELECT row FROM articles WHERE deleted IS NOT NULL);
    DELETE FROM event_dates WHERE article IN (SELECT row FROM articles WHERE deleted IS NOT NULL);
    UPDATE articles SET text = '', title = NULL, byline = NULL, place = '[]', url = NULL,
        language = NULL, findings = '[]', source = 0, source_raw = NULL, published = NULL
        WHERE deleted IS NOT NULL;
    DELETE FROM sources WHERE code NOT IN (SELECT source FROM articles);
"""


def compact(folder: Path) -> int:
    """Rewrite the archive without what was deleted; how many bytes smaller its database is.

    Backups and what `restore` put aside are not touched. Raises ArchiveBusy while another process
    writes or has the archive open, ArchiveError for a damaged one; it is then as it was.
    """
    path = existing(folder)
    with writing_to(folder), FileLock(folder / LOCK).acquire(), fresh_database(folder) as fresh:
        copy_database(folder, fresh)
        before = fresh.stat().st_size
        with connected(fresh, "rw") as connection:
            _erase(connection)
        verified(fresh)
        after = fresh.stat().st_size
        put_in_place(fresh, path)
        shutil.rmtree(folder / GENERATIONS, ignore_errors=True)  # they hold its words
    refresh(folder)
    return before - after


def _erase(connection: sqlite3.Connection) -> None:
    for statement in _ERASE.split(";"):
        connection.execute(statement)
    new_identity(connection)
    connection.execute("VACUUM")
