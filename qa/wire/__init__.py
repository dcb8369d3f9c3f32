"""What crosses every door: strict requests, documented answers, one mapping to `qa.types`."""

from qa.wire.bodies import AnswerBody, ArticleBody, FoundBody
from qa.wire.links import article_link, safe_link, shown_title
from qa.wire.mapping import (
    answer_body,
    answer_json,
    article_body,
    article_json,
    as_json,
    found_body,
    found_json,
    ingest_body,
    published_date,
    sources_body,
    status_body,
    verification_body,
)
from qa.wire.requests import (
    MAX_K,
    MAX_QUESTION,
    ArticlesRequest,
    AskParameters,
    AskRequest,
    VerifyRequest,
)

__all__ = [
    "MAX_K",
    "MAX_QUESTION",
    "AnswerBody",
    "ArticleBody",
    "ArticlesRequest",
    "AskParameters",
    "AskRequest",
    "FoundBody",
    "VerifyRequest",
    "answer_body",
    "answer_json",
    "article_body",
    "article_json",
    "article_link",
    "as_json",
    "found_body",
    "found_json",
    "ingest_body",
    "published_date",
    "safe_link",
    "shown_title",
    "sources_body",
    "status_body",
    "verification_body",
]
