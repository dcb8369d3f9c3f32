"""The command line. Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some files refused.

Each command imports what it needs when it runs, so that `qa ask` starts in a moment.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa import __version__
from qa.errors import InvalidRequest, NotFound, QAError
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.reading.formats import ReadOptions
    from qa.types import Query

DONE, FAILED, USAGE, REFUSED = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the console script `qa`."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace, Settings], int] = options.run
        return run(options, _settings(options))
    except InvalidRequest as error:
        return _fail(error, USAGE)
    except QAError as error:
        return _fail(error, FAILED)
    except BrokenPipeError:
        # The reader of a pipe (`qa search ... | head`) left; what is still buffered has no reader.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("\nStopped; what was reported as stored is stored.", file=sys.stderr)
        return 130


def _fail(error: QAError, status: int) -> int:
    from qa.terminal import escaped

    print(f"qa: {escaped(str(error))}", file=sys.stderr)
    return status


def _settings(options: argparse.Namespace) -> Settings:
    given = {name: getattr(options, name, None) for name in ("index", "model", "host", "port")}
    return Settings.from_env(**given)


# --- commands ---------------------------------------------------------------------------------


def _ingest(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.reading.formats import read_bytes, read_paths, size
    from qa.terminal import Bar, report_lines
    from qa.wire import as_json, ingest_body

    read_options = _read_options(options, settings)
    with Archive.open(settings.index, settings=settings, writing=True) as archive:
        if options.paths == [Path("-")]:
            bar = Bar(0)
            readings = read_bytes(sys.stdin.buffer.read(), "standard input", read_options(bar))
        else:
            bar = Bar(size(options.paths).bytes)
            readings = read_paths(options.paths, read_options(bar))
        with bar:
            report = archive.ingest(readings, bar.articles)
        if options.json:
            _print_json(as_json(ingest_body(report)))
        else:
            print("\n".join(report_lines(report)))
        if options.watch:
            return _watch(archive, options, read_options(Bar(0)))
    return REFUSED if report.refused else DONE


def _watch(archive: Archive, options: argparse.Namespace, read_options: ReadOptions) -> int:
    from qa.terminal import report_lines
    from qa.watching import watch

    print("Watching for new and changed files; Ctrl-C stops.", file=sys.stderr)
    for readings in watch(options.paths, read_options):
        report = archive.ingest(readings)
        print("\n".join(report_lines(report)), flush=True)
    return DONE


def _ask(options: argparse.Namespace, settings: Settings) -> int:
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


def _search(options: argparse.Namespace, settings: Settings) -> int:
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


def _status(options: argparse.Namespace, settings: Settings) -> int:
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


def _delete(options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive

    with Archive.open(settings.index, settings=settings, writing=True) as archive:
        missing = [article_id for article_id in options.ids if not archive.delete(article_id)]
    if missing:
        raise NotFound(f"There is no article {', '.join(missing)}; the others are deleted.")
    return DONE


def _verify(options: argparse.Namespace, settings: Settings) -> int:
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


def _inspect(options: argparse.Namespace, settings: Settings) -> int:
    from qa.reading.inspect import inspect_document, inspect_jsonl_row

    if options.jsonl:
        for row in _json_lines(options.file):
            _print_json_line(inspect_jsonl_row(row["id"], row["raw"]))
        return DONE
    from qa.reading.formats import read_path
    from qa.terminal import Bar, escaped
    from qa.types import Refusal

    refused = False
    for reading in read_path(options.file, _read_options(options, settings)(Bar(0))):
        if isinstance(reading, Refusal):
            refused = True
            print(f"{escaped(reading.name)}: {escaped(reading.reason)}", file=sys.stderr)
        else:
            print(inspect_document(reading))
    return REFUSED if refused else DONE


def _when(options: argparse.Namespace, _settings: Settings) -> int:
    from qa.when import question_rows, sentence_rows

    if options.question is not None:
        _print_json(question_rows(options.question, options.now or _today()))
        return DONE
    for row in _json_lines(options.jsonl):
        _print_json_line(sentence_rows(row))
    return DONE


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
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


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.api import serve

    serve(settings)
    return DONE


def _mcp(_options: argparse.Namespace, settings: Settings) -> int:
    from qa.archive import Archive
    from qa.mcp import serve_stdio

    with Archive.open(settings.index, settings=settings) as archive:
        serve_stdio(archive, _today, settings.public_url)
    return DONE


# --- what the commands share ------------------------------------------------------------------


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


def _read_options(options: argparse.Namespace, settings: Settings) -> Callable[[Any], ReadOptions]:
    from qa.reading.formats import ReadOptions
    from qa.reading.sources import BUILT_IN

    names = BUILT_IN.extended(Path(settings.sources)) if settings.sources else BUILT_IN
    pairs = [pair.partition("=") for pair in (options.map or "").split(",") if pair]
    return lambda bar: ReadOptions(
        given_source=options.source_name,
        mapping={field.strip(): column.strip() for field, _, column in pairs},
        sources=names,
        now=_today(),
        progress=bar.bytes,
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


def _json_lines(path: Path) -> list[dict[str, Any]]:
    data = sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()
    try:
        return [json.loads(line) for line in data.decode().split("\n") if line.strip()]
    except ValueError as error:
        raise InvalidRequest(f"{path} is not JSON Lines: {error}", "jsonl") from None


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _print_json_line(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, default=str))


def _today() -> date:
    return datetime.now().astimezone().date()


# --- arguments --------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qa", description="Ask a news archive.")
    parser.add_argument("--version", action="version", version=f"dateline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str,
        run: Callable[[argparse.Namespace, Settings], int],
        text: str,
        archive: bool = True,
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        if archive:
            sub.add_argument("--index", type=Path, metavar="DIR", help="the archive (QA_INDEX)")
            sub.add_argument("--model", help="the embedding model (QA_MODEL)")
        return sub

    ingest = command("ingest", _ingest, "Read articles into the archive.")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders or -")
    ingest.add_argument("--watch", action="store_true", help="go on with new and changed files")
    _add_reading(ingest)
    _add_json(ingest)
    for name, run, text in (
        ("ask", _ask, "Answer a question with citations."),
        ("search", _search, "Show the best passages for a question."),
    ):
        _add_question(command(name, run, text))
    serve = command("serve", _serve, "Serve the API, the web form and MCP over HTTP.")
    serve.add_argument("--host", help="address to listen on (QA_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (QA_PORT)")
    command("mcp", _mcp, "Serve MCP on standard input and output.")
    _add_json(command("status", _status, "Say what the archive holds."))
    delete = command("delete", _delete, "Remove articles by id.")
    delete.add_argument("ids", nargs="+", metavar="ID")
    verify = command("verify", _verify, "Say whether a quote still stands in its article.")
    verify.add_argument("citation", metavar="ID", help="ARTICLE@VERSION:START-END")
    verify.add_argument("quote", metavar="QUOTE")
    _add_json(verify)
    evaluate = command("evaluate", _evaluate, "Measure answers on a file of questions.")
    evaluate.add_argument("--questions", type=Path, required=True, metavar="FILE")
    evaluate.add_argument("--save", type=Path, metavar="RUN", help="write the run as JSON")
    evaluate.add_argument("--against", type=Path, metavar="RUN", help="compare with a saved run")
    _add_now(evaluate)
    _add_json(evaluate)
    inspect = command("inspect", _inspect, "Show what is understood of a file.", archive=False)
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--jsonl", action="store_true", help='lines {"id", "raw"} in, fields out')
    _add_reading(inspect)
    when = command("when", _when, "Show the times understood in text.", archive=False)
    which = when.add_mutually_exclusive_group(required=True)
    which.add_argument("--question", metavar="TEXT")
    which.add_argument("--jsonl", type=Path, metavar="FILE", help='{"id", "sentence", "published"}')
    _add_now(when)
    return parser


def _add_question(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="QUESTION")
    parser.add_argument("-k", type=int, default=5, help="distinct stories, 1 to 50 (default 5)")
    parser.add_argument("--from", dest="first", type=_day, metavar="D", help="first day")
    parser.add_argument("--to", dest="last", type=_day, metavar="D", help="last day, included")
    parser.add_argument("--source", action="append", default=[], metavar="S", help="repeatable")
    parser.add_argument("--as-of", type=_day, metavar="D", help="hide what came later")
    parser.add_argument("--sort", choices=("relevance", "newest", "oldest"), default="relevance")
    _add_now(parser)
    _add_json(parser)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source", dest="source_name", metavar="NAME", help="where the article names none"
    )
    parser.add_argument("--map", metavar="a=b,...", help="field=column, such as text=body")


def _add_now(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--now", type=_day, metavar="D", help='what "last week" counts from')


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the API's objects")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from None


if __name__ == "__main__":
    sys.exit(main())
