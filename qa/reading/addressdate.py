"""The day of publication in an article's address or file name, where nothing else states one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from qa.dates import MONTHS, valid_day
from qa.reading.article import Fields
from qa.types import Method

_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2]|[a-z]{3,9})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
# /2021/03/05/..., /2021/mar/05/..., /2021-03-05/..., /2021-03-05-title, /20210305/..., /2021/03/...
_IN_URL = (
    re.compile(rf"/{_YEAR}/{_MONTH}/{_DAY}(?=[/._-]|$)", re.I),
    re.compile(rf"[/_-]{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?=[/._-]|$)"),
    re.compile(rf"/{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[/._-]|$)"),
    re.compile(rf"/{_YEAR}/(?P<month>0[1-9]|1[0-2])(?=/)"),
)
# 2021-03-05-title, title_20210305; only whole groups of figures, never parts of longer numbers.
_IN_NAME = (
    re.compile(rf"(?<!\d){_YEAR}([-_.])(?P<month>\d\d)\2(?P<day>\d\d)(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
)


def dated(fields: Fields, name: str) -> Fields:
    """`fields` with the date of their address, or else of the file `name`, if they have none."""
    if fields.published:
        return fields
    found: tuple[str, Method] | None = None
    if fields.url and (day := date_in_url(fields.url)):
        found = day, "url"
    elif day := date_in_name(name):
        found = day, "filename"
    if found is None:
        return fields
    return replace(fields, published=found[0], methods={**fields.methods, "published": found[1]})


def date_in_url(url: str) -> str | None:
    """The day or month in a URL's path, as ISO 8601 writes it; None where there is none."""
    try:
        path = urlsplit(url).path[:500]
    except ValueError:
        return None
    return _first(_IN_URL, path)


def date_in_name(name: str) -> str | None:
    """The day in a file's name, as ISO 8601 writes it; None where there is none."""
    return _first(_IN_NAME, PurePosixPath(name).name[:300])


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    for pattern in patterns:
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groupdict()
        word = groups["month"]
        month = int(word) if word.isdigit() else MONTHS.get(word.lower(), 0)
        if "day" not in groups:
            return f"{groups['year']}-{month:02d}"
        if day := valid_day(int(groups["year"]), month, int(groups["day"])):
            return day.isoformat()
    return None
