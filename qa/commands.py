"""What each command of the line does: options in, exit status out.

Each imports what it needs when it runs, so that `qa ask` starts in a moment.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from qa.errors import InvalidRequest, NotFound
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.reading.formats import ReadOptions
    from qa.terminal import Bar
    from qa.types import Query, Reading, Refusal

DONE, FAILED, USAGE, REFUSED = 0, 1, 2, 3
STANDARD_INPUT = Path("-")


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.terminal import Bar, report_lines
    from qa.wire import as_json, ingest_body

    started = time.time()
    status = DONE
    with Archive.open(settings.index, settings=settings, writing=True) as archive:
        if options.paths:
            bar = Bar(_bytes_to_read(options.paths))
            with bar:
                report = archive.ingest(_readings(options, settings, bar), bar.articles)
            if options.json:
                _print_json(as_json(ingest_body(report)))
            else:
                print("\n".join(report_lines(report)), flush=True)
            status = REFUSED if report.refused else DONE
        for readings in _later(options, settings, started):
            print("\n".join(report_lines(archive.ingest(readings))), flush=True)
    return status


def _readings(
    options: argparse.Namespace, settings: Settings, bar: Bar
) -> Iterator[Reading | Refusal]:
    from qa.reading.formats import read_bytes, read_paths

    read_options = _read_options(options, settings, bar.bytes)
    if options.paths == [STANDARD_INPUT]:
        return read_bytes(sys.stdin.buffer.read(), "standard input", read_options)
    return read_paths(options.paths, read_options)


def _bytes_to_read(paths: Sequence[Path]) -> int:
    from qa.reading.formats import size

    return 0 if list(paths) == [STANDARD_INPUT] else size(paths).bytes


def _later(
    options: argparse.Namespace, settings: Settings, started: float
) -> Iterator[Iterable[Reading | Refusal]]:
    """Batch after batch of what a watched folder or a feed brings, until Ctrl-C."""
    read_options = _read_options(options, settings)
    if options.feed:
        from qa.fetching import Fetcher, poll

        print("Polling the feed; Ctrl-C stops.", file=sys.stderr)
        yield from poll(options.feed, Fetcher(settings.feeds), read_options, Event().wait)
    elif options.watch:
        from qa.watching import watch

        print("Watching for new and changed files; Ctrl-C stops.", file=sys.stderr)
        yield from watch(options.paths, read_options, read_before=started)


def ask(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.terminal import answer_lines

    with Archive.open(settings.index, settings=settings) as archive:
        answer = archive.ask(_query(options), now=options.now)
    if options.json:
        from qa.wire import answer_json

        _print_json(answer_json(answer))
    else:
        print("\n".join(answer_lines(answer)))
    return DONE


def search(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.terminal import citation_lines

    with Archive.open(settings.index, settings=settings) as archive:
        found = archive.search(_query(options), now=options.now)
    if options.json:
        from qa.wire import found_json

        _print_json(found_json(found))
    else:
        for number, citation in enumerate(found.citations, start=1):
            print("\n".join(citation_lines(number, citation)))
    return DONE


def status(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.terminal import status_lines
    from qa.wire import as_json, status_body

    with Archive.open(settings.index, settings=settings) as archive:
        status = archive.status()
    if options.json:
        _print_json(as_json(status_body(status)))
    else:
        print("\n".join(status_lines(status)))
    return DONE


def delete(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive

    with Archive.open(settings.index, settings=settings, writing=True) as archive:
        missing = [article_id for article_id in options.ids if not archive.delete(article_id)]
    if missing:
        raise NotFound(f"There is no article {', '.join(missing)}; the others are deleted.")
    return DONE


def check(options: argparse.Namespace, settings: Settings) -> int:
    from qa.embedder import open_embedder
    from qa.terminal import escaped
    from qa.upkeep import checking, repairing

    if options.repair:
        found = repairing.repair(
            settings.index,
            lambda: open_embedder(settings.model, cache=settings.cache, threads=settings.threads),
        )
        for fault in found.done:
            print(f"repaired: {escaped(fault.said)}")
        if found.model:
            print(f"passages were left as they are: {escaped(found.model)}")
        checked = found.after
    else:
        checked = checking.check(settings.index)
    for fault in checked.faults:
        print(f"damaged: {escaped(fault.said)}; {escaped(repairing.remedy(fault))}")
    if checked.faults:
        return FAILED
    index = f"index {checked.generation}" if checked.generation else "no index yet"
    print(f"whole: {checked.articles} articles, {checked.passages} passages, {index}")
    return DONE


def backup(options: argparse.Namespace, settings: Settings) -> int:
    from qa.upkeep.backup import backup

    with _progress("Copying", "page") as progress:
        copied = backup(settings.index, options.file, progress)
    print(f"{options.file}: {copied.articles} articles, {copied.passages} passages, verified")
    return DONE


def restore(options: argparse.Namespace, settings: Settings) -> int:
    from qa.upkeep.backup import restore

    restored, aside = restore(settings.index, options.file, options.replace)
    print(f"{settings.index}: {restored.articles} articles, {restored.passages} passages, verified")
    if aside is not None:
        print(f"the archive that was there is kept in {aside}; remove it when it is not needed")
    return DONE


def reembed(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.embedder import open_embedder
    from qa.upkeep.reembedding import reembed

    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    with _progress("Embedding", "article") as progress:
        changed = reembed(settings.index, embedder, progress)
    said = "now has" if changed else "has already"
    print(f"{settings.index} {said} the vectors of {embedder.fingerprint}")
    return DONE


def compact(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.upkeep.compacting import compact

    print(f"{settings.index}: {compact(settings.index) / 1e6:.1f} MB smaller")
    return DONE


def verify(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.wire import as_json, verification_body

    article_id, version, start, end = _citation_id(options.citation)
    with Archive.open(settings.index, settings=settings) as archive:
        found = archive.verify(article_id, options.quote, start, end, version)
    if options.json:
        _print_json(as_json(verification_body(found)))
    else:
        print(found.reason)
    return DONE if found.stands else FAILED


def inspect(options: argparse.Namespace, settings: Settings) -> int:
    from qa.reading.formats import read_path
    from qa.reading.inspect import inspect_document, inspect_jsonl_row
    from qa.terminal import escaped
    from qa.types import Refusal

    read_options = _read_options(options, settings)
    if options.jsonl:
        for row in _json_lines(options.file, "id", "raw"):
            found = inspect_jsonl_row(str(row["id"]), str(row["raw"]), read_options.sources)
            _print_json_line(found)
        return DONE
    status = DONE
    for reading in read_path(options.file, read_options):
        if isinstance(reading, Refusal):
            status = REFUSED
            print(f"{escaped(reading.name)}: {escaped(reading.reason)}", file=sys.stderr)
        else:
            print(inspect_document(reading), end="\n\n")
    return status


def when(options: argparse.Namespace, _settings: Settings) -> int:
    from qa.when import question_rows, sentence_rows

    if options.question is not None:
        _print_json(question_rows(options.question, options.now or _today()))
    else:
        for row in sentence_rows(_json_lines(options.jsonl, "id", "sentence")):
            _print_json_line(row)
    return DONE


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.evaluate import compare, evaluate, load_run, read_questions, report_of, save_run

    with Archive.open(settings.index, settings=settings) as archive:
        run = evaluate(archive, options.questions, now=options.now or _today())
    questions = read_questions(options.questions)
    if options.save:
        save_run(run, options.save)
    report = report_of(run, questions)
    if options.json:
        _print_json(asdict(report))
    else:
        print(report.text())
    if options.against:
        print("\nagainst " + options.against.name)
        print(compare(run, load_run(options.against), questions).text())
    return DONE


def serve(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.api import serve

    serve(settings)
    return DONE


def mcp(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.mcp import serve_stdio

    with Archive.open(settings.index, settings=settings) as archive:
        serve_stdio(archive, _today, settings.public_url)
    return DONE


# --- what the commands share ------------------------------------------------------------------


@contextmanager
def _progress(doing: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error where that is a terminal; it is told how many of how many."""
    from tqdm import tqdm

    with tqdm(desc=doing, unit=f" {unit}", disable=None, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _query(options: argparse.Namespace) -> Query:
    from qa.types import DateWindow, Query

    window = None
    if options.first or options.last:
        if options.first and options.last and options.first > options.last:
            raise InvalidRequest("--from is after --to; give the earlier day first.", "from")
        end = date.max if options.last in (None, date.max) else options.last + timedelta(days=1)
        window = DateWindow(options.first or date.min, end)
    return Query(
        options.text, options.k, window, tuple(options.source), options.as_of, options.sort
    )


def _read_options(
    options: argparse.Namespace,
    settings: Settings,
    progress: Callable[[int], None] | None = None,
) -> ReadOptions:
    from qa.reading.formats import ReadOptions
    from qa.reading.sources import BUILT_IN

    pairs = [pair.partition("=") for pair in (options.map or "").split(",") if pair]
    return ReadOptions(
        given_source=options.source_name,
        mapping={field.strip(): column.strip() for field, _, column in pairs},
        sources=BUILT_IN.extended(Path(settings.sources)) if settings.sources else BUILT_IN,
        now=_today(),
        progress=progress,
    )


def _citation_id(text: str) -> tuple[str, int, int, int]:
    try:
        article_id, _, place = text.rpartition("@")
        version, _, span = place.partition(":")
        start, _, end = span.partition("-")
        return article_id, int(version), int(start), int(end)
    except ValueError:
        raise InvalidRequest(
            "A citation's id reads ARTICLE@VERSION:START-END, as `qa ask --json` prints it.", "id"
        ) from None


def _json_lines(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file or of standard input. Raises InvalidRequest by line."""
    with sys.stdin.buffer if path == STANDARD_INPUT else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InvalidRequest(f"{path}, line {number}: {error}", "jsonl") from None
            missing = [key for key in needed if not isinstance(row, dict) or key not in row]
            if missing:
                raise InvalidRequest(f"{path}, line {number} has no {missing[0]!r}", "jsonl")
            yield row


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _print_json_line(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))


def _today() -> date:
    return datetime.now().astimezone().date()
