"""The command line. Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but some files refused."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from qa import __version__, commands
from qa.commands import FAILED, USAGE
from qa.errors import InvalidRequest, QAError
from qa.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the console script `qa`."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is commands.ingest and not (options.paths or options.feed):
        parser.error("ingest needs a PATH, or --feed URL")
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qa", description="Ask a news archive.")
    parser.add_argument("--version", action="version", version=f"dateline {__version__}")
    named = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str,
        run: Callable[[argparse.Namespace, Settings], int],
        text: str,
        archive: bool = True,
    ) -> argparse.ArgumentParser:
        sub = named.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        if archive:
            sub.add_argument("--index", type=Path, metavar="DIR", help="the archive (QA_INDEX)")
            sub.add_argument("--model", help="the embedding model (QA_MODEL)")
        return sub

    ingest = command("ingest", commands.ingest, "Read articles into the archive.")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, folders or -")
    ingest.add_argument("--watch", action="store_true", help="go on with new and changed files")
    ingest.add_argument("--feed", metavar="URL", help="poll a feed; needs QA_FEEDS=1")
    _add_reading(ingest)
    _add_json(ingest)
    for name, run, text in (
        ("ask", commands.ask, "Answer a question with citations."),
        ("search", commands.search, "Show the best passages for a question."),
    ):
        _add_question(command(name, run, text))
    serve = command("serve", commands.serve, "Serve the API, the web form and MCP over HTTP.")
    serve.add_argument("--host", help="address to listen on (QA_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (QA_PORT)")
    command("mcp", commands.mcp, "Serve MCP on standard input and output.")
    _add_json(command("status", commands.status, "Say what the archive holds."))
    delete = command("delete", commands.delete, "Remove articles by id.")
    delete.add_argument("ids", nargs="+", metavar="ID")
    _add_upkeep(command)
    verify = command("verify", commands.verify, "Say whether a quote still stands in its article.")
    verify.add_argument("citation", metavar="ID", help="ARTICLE@VERSION:START-END")
    verify.add_argument("quote", metavar="QUOTE")
    _add_json(verify)
    evaluate = command("evaluate", commands.evaluate, "Measure answers on a file of questions.")
    evaluate.add_argument("--questions", type=Path, required=True, metavar="FILE")
    evaluate.add_argument("--save", type=Path, metavar="RUN", help="write the run as JSON")
    evaluate.add_argument("--against", type=Path, metavar="RUN", help="compare with a saved run")
    _add_now(evaluate)
    _add_json(evaluate)
    inspect = command(
        "inspect", commands.inspect, "Show what is understood of a file.", archive=False
    )
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--jsonl", action="store_true", help='lines {"id", "raw"} in, fields out')
    _add_reading(inspect)
    when = command("when", commands.when, "Show the times understood in text.", archive=False)
    which = when.add_mutually_exclusive_group(required=True)
    which.add_argument("--question", metavar="TEXT")
    which.add_argument("--jsonl", type=Path, metavar="FILE", help='{"id", "sentence", "published"}')
    _add_now(when)
    return parser


def _add_upkeep(command: Callable[..., argparse.ArgumentParser]) -> None:
    check = command("check", commands.check, "Say whether everything is as it was written.")
    check.add_argument("--repair", action="store_true", help="make again what can be derived")
    backup = command("backup", commands.backup, "Write one verified file, while others go on.")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = command("restore", commands.restore, "Make the archive what a backup holds.")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="put the one there aside")
    command("reembed", commands.reembed, "Give the archive the vectors of another model.")
    command("compact", commands.compact, "Take deleted articles off the disk.")


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
