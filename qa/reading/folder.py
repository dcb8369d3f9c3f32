"""The files of a folder, in a fixed order, and none that lies outside of it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.types import Refusal


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read; `name` is its path within the folder that was given, with slashes."""

    path: Path
    name: str


def shown(path: Path | str) -> str:
    """A path as text that can be printed and stored; bytes that are no UTF-8 are escaped."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def files(root: Path) -> Iterator[Found | Refusal]:
    """`root` itself where it is a file, else the files under it, sorted by name.

    Hidden files and folders (a leading dot) are passed over. Links that lead out of the folder,
    folders that lead back into themselves, devices and what may not be read are refused by name.
    """
    try:
        mode = root.stat().st_mode
    except OSError as error:
        yield Refusal(shown(root), _why(error))
        return
    if stat.S_ISREG(mode):
        yield Found(root, shown(root.name))
    elif stat.S_ISDIR(mode):
        yield from _within(root, root.resolve(), root)
    else:
        yield Refusal(shown(root), "it is neither a file nor a folder")


def _within(folder: Path, home: Path, root: Path) -> Iterator[Found | Refusal]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Refusal(shown(folder), _why(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() and (reason := _strays(entry, home)):
            yield Refusal(shown(entry), reason)
        elif entry.is_dir():
            yield from _within(entry, home, root)
        else:
            yield _file(entry, root)


def _strays(link: Path, home: Path) -> str | None:
    """Why a link must not be followed; None where it stays inside."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        return f"it is a link that leads nowhere: {_why(error)}"
    if not target.is_relative_to(home):
        return "it is a link that leads out of the folder; give its target to be read as well"
    if target.is_dir():
        return "it is a link to a folder that is read already"
    return None


def _file(path: Path, root: Path) -> Found | Refusal:
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return Refusal(shown(path), _why(error))
    if not regular:
        return Refusal(shown(path), "it is a device or a pipe, not a file")
    return Found(path, shown(path.relative_to(root).as_posix()))


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "it may not be read; check its permissions"
    return str(getattr(error, "strerror", None) or error)
