"""Times: in a question, the days that it asks about; in a passage, the days that it tells of."""

from __future__ import annotations

from qa.when.events import find_event_dates
from qa.when.question import QuestionTimes, read_question
from qa.when.rows import question_rows, sentence_rows

__all__ = ["QuestionTimes", "find_event_dates", "question_rows", "read_question", "sentence_rows"]
