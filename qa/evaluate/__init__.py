"""The quality harness: ask every question of a file, measure, compare with an earlier run."""

from __future__ import annotations

from qa.evaluate.measures import Interval
from qa.evaluate.questions import Question, read_questions
from qa.evaluate.report import Comparison, Report, compare, report_of
from qa.evaluate.run import Outcome, Run, evaluate, load_run, run_questions, save_run

__all__ = [
    "Comparison",
    "Interval",
    "Outcome",
    "Question",
    "Report",
    "Run",
    "compare",
    "evaluate",
    "load_run",
    "read_questions",
    "report_of",
    "run_questions",
    "save_run",
]
