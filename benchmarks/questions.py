"""Ask every question of a file and print the measures: the figures of docs/evaluation.md.

python benchmarks/questions.py --index ARCHIVE --questions FILE [--save RUN] [--against RUN]
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from qa.archive import Archive
from qa.evaluate import compare, evaluate, load_run, read_questions, report_of, save_run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--now", type=date.fromisoformat, help="what relative times count from")
    parser.add_argument("--save", type=Path, help="write the run to this file")
    parser.add_argument("--against", type=Path, help="show the differences to this run")
    given = parser.parse_args()
    questions = read_questions(given.questions)
    with Archive.open(given.index) as archive:
        coverage = archive.snapshot().coverage
        now = given.now or (coverage[1] if coverage else date.today())  # noqa: DTZ011
        run = evaluate(archive, given.questions, now=now)
    print(report_of(run, questions).text())
    if given.save:
        save_run(run, given.save)
    if given.against:
        print(f"\nagainst {given.against.name}")
        print(compare(run, load_run(given.against), questions).text())


if __name__ == "__main__":
    main()
