"""What looks like a time and is none: names, verbs, counts, addresses, titles, idioms, games."""

from __future__ import annotations

import re
from datetime import date

_NEAR = 40  # characters looked at on either side; every pattern below fits in it
_IN_TIME = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|of|to|through|during|for|before|after|around|between|and|or|last"
    r"|next|this|that|every|each|early|mid|late|end|ended|ending|vs|over|on|said|per|pre|post|back|only"
    r"|beginning|starting|start|week|month|year|the|than|as|versus|against|following|about|circa)(?:\s{1,3}|[-\u2010-\u2013])"
    r"|[-/\u2010-\u2015(,;:]\s?|^)$",
    re.I,
)
_TITLE_BEFORE = re.compile(
    r"\b(?:Theresa|Mr|Mrs|Ms|Dr|Prime\sMinister|Secretary|Minister|PM|Brian|Elaine|James|Robert|John|Peter|Sir|Lady"
    r"|Billie|Cape|General|Gen|Sen|Rep|Senator)\.?\s{1,3}$"
)
_MAY = re.compile(r"\b(?:Theresa|Mrs\.?|Ms\.?|Mr\.?|Brian|Minister|PM)\s{1,3}May\b")
_MAY_TIME = re.compile(
    r"\b(?:in|since|until|till|last|next|this|early|mid|late|end|of|through|by|from|ended|to|for|during|before|after"
    r"|and|or|that|vs|between|on)(?:\s{1,3}|[-\u2010-\u2013])$|[/\u2010-\u2015-]\s?$",
    re.I,
)
_MAY_SURE = re.compile(
    r"\b(?:in|since|until|till|last|next|early|mid|late)(?:\s{1,3}|[-\u2010-\u2013])$", re.I
)
_MAY_THING = re.compile(
    r"\s{1,3}(?:contract|delivery|futures|deliveries|shipment|meeting|election|sales|figures?|data|options?|report"
    r"|positions?|crude|gilt|bond|and\s(?:June|July|April))\b"
)
_MARCH_OTHER = re.compile(
    r"\s{1,3}(?:on\s{1,3}(?!Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?:the\s)?[A-Z]|for\s{1,3}(?:Our|Life|Science|the)"
    r"|of\s{1,3}(?!the\syear|this|last|next|\d)|Madness|Hare|Fong)"
)
_NAMED_MARCH = re.compile(
    r"\b(?:Long|Women[\u2019']s|Million\sMan|the|a|Radetzky|Wedding|Salt|Fredric|Freedom|Peace)\s{1,3}$"
)
_SHORT_SURE = frozenset("jan jun jul sep sept oct nov dec feb febr mar apr aug".split())


def is_month(text: str, start: int, end: int, dated: bool) -> bool:
    """Whether `text[start:end]`, a month's name, is the month, by its capital and its company.

    `dated` says that a year follows. Names of people and the verbs "may" and "march" are told
    apart; a short form without a year or a day counts only with its full stop or a preposition.
    """
    word = text[start:end]
    if not word[0].isupper() or (
        start and (text[start - 1].isalnum() or text[start - 1] in "&_@#")
    ):
        return False
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    lower = word.lower()
    if re.search(r"\b[Ff]ourth\sof\s$", before):
        return False  # another country's, or it would have been read as the holiday
    if dated:
        return not _TITLE_BEFORE.search(before) and not (
            lower == "march" and _MARCH_OTHER.match(after)
        )
    if _TITLE_BEFORE.search(before) or re.match(r"\s{1,3}\d", after) is not None and lower == "may":
        return False
    if lower == "may":
        return _is_may(text, before, after)
    if lower == "march" and _MARCH_OTHER.match(after):
        return bool(
            re.search(r"\b(?:in|since|until|last|next)\s{1,3}$", before, re.I)
        ) and not re.match(r"\s{1,3}(?:Madness|for\s{1,3}Our)", after)
    if lower == "march" and re.search(
        r"\b(?:Women[\u2019']s|Long|Million|Freedom|a)\s{1,3}$", before
    ):
        return False
    if lower in _SHORT_SURE and not after.startswith(".") and not _IN_TIME.search(before):
        return False
    return bool(_IN_TIME.search(before)) or not _is_name(before, after)


def _is_may(text: str, before: str, after: str) -> bool:
    """ "May" alone: the month only in the company of time words, and with more care beside Mrs May."""
    if re.match(r"[\u2019']s\s{1,3}[A-Z]", after):
        return False
    if _MAY.search(text):
        return bool(_MAY_SURE.search(before))
    noun = re.search(r"\b(?:[Tt]he|[Ii]ts|[Tt]heir|[\u2019']s)\s{1,3}$", before) and re.match(
        r"\s{1,3}[a-z]", after
    )
    return bool(_MAY_TIME.search(before) or _MAY_THING.match(after) or noun)


def _is_name(before: str, after: str) -> bool:
    """A capitalised neighbour makes "April Jones" and "Silver June" names, not months."""
    following = re.match(r"\s{1,3}(?P<next>[A-Z][a-z]+)", after)
    leading = re.search(r"(?P<last>[A-Z][a-z]+)\s{1,3}$", before)
    return bool(following or leading)


# --- years ------------------------------------------------------------------------------------------

_NOT_YEAR_BEFORE = re.compile(
    r"(?:[$\u20ac\u00a3\u00a5#+=*<>]\s?|[\d.,:/]|\d[-\u2010-\u2015]|\b(?-i:[A-Z])-|\b(?:No|Nr|Nos|Room|Flight|Route|Highway"
    r"|Interstate|Boeing|Airbus|Model|Page|Section|Article|Rule|Resolution|Channel|Apt|Suite|Box|Unit|Building"
    r"|Windows|Area|Class|Series|US|USD|Rs|Dow|Nasdaq|Nikkei|Russell|S&P|some|nearly|almost|about|roughly"
    r"|approximately|exactly|least|another|killed)\.?\s{1,3})$",
    re.I,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|of|from|until|till|by|circa|before|after|around|year|early|mid|late|between|and|to|during"
    r"|back|the|than|over|through)(?:\s{1,3}|[-\u2010-\u2013])|[(\u2010-\u2015]\s?)$",
    re.I,
)
_UNIT_AFTER = re.compile(
    r"[\s-]{1,3}(?:pct|per\s?cent|percent|mln|million|bln|billion|thousand|hundred|points?|people|persons|tonnes?|tons?"
    r"|dlrs|dollars|euros?|pounds?|cents|cts|barrels|shares|yen|basis|GMT|EST|EDT|PST|PDT|BST|CET|UTC|hours?|hrs|a\.m|p\.m|miles?|metres?|meters"
    r"|feet|foot|ft|km|kilometers|kilometres|kg|kilos?|kilograms|mm|cm|square|sq|acres|hectares|degrees|calories|watts|mw|megawatts"
    r"|kilowatts|jobs|employees|workers|troops|soldiers|police|men|women|children|students|homes|houses|units|vehicles|cars|trucks"
    r"|copies|votes|seats|cases|deaths|dead|residents|patients|pages|words|rpm|mph|kph|years\s(?:ago|old)|bushels|lots|ounces|oz|francs"
    r"|marks|crowns|rupees|yuan|lire|times|inches|gallons|litres|liters|bpd|cc|volts|lbs?)\b",
    re.I,
)
_ADDRESS_AFTER = re.compile(
    r"\s{1,3}(?:[NSEW]\.?\s)?(?:[A-Z][A-Za-z.]*\s{1,3}){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Boulevard|Blvd|Lane|Ln|Way|Court|Place|Square|Parkway|Highway)\b"
)
_FAR_PAST = 1900  # older numbers are counts as often as years
_FAR_FUTURE = 90


def is_year(text: str, start: int, end: int, year: int, reference: date | None) -> bool:
    """Whether a four-figure number is a year: not money, a count, a clock time or an address."""
    before, after = text[max(0, start - 24) : start], text[end : end + _NEAR]
    if start and (text[start - 1].isalnum() or text[start - 1] in "_@#"):
        return False
    if re.match(r"\.[A-Z]", after):
        return False  # a stock code
    if after[:1] in ("%", "\u00b0", "\u00ba", "$") or after[:1].isalpha():
        return False
    sure = bool(_YEAR_BEFORE.search(before))
    if _NOT_YEAR_BEFORE.search(before) and not re.search(r"\bover\s(?=$)", before):
        return False
    if _UNIT_AFTER.match(after) or _ADDRESS_AFTER.match(after):
        return False
    if re.search(r"\bat\s{1,3}$", before):
        return False
    limit = (reference.year if reference else 2030) + _FAR_FUTURE
    if year > limit:
        return False
    if year < _FAR_PAST or (reference and year > reference.year + 30):
        return sure and not re.match(r"\s{1,3}[a-z]+s\b", after)
    return True


def is_short_decade(text: str, start: int, end: int) -> bool:
    """ "the '60s" and "the 60s", but not an age, a temperature or a score."""
    if re.search(r"(?<!\w)['\u2018\u2019]$", text[max(0, start - 2) : start]):
        return True
    before = text[max(0, start - 16) : start]
    if not re.search(r"\bthe\s+(?:(?:early|mid|late)[- ])?$", before, re.I):
        return False
    return not about_age_or_weather(text, start, end)


_AGE_OR_WEATHER = re.compile(
    r"\b(?:temperatures?|degrees|highs?|lows?|Fahrenheit|Celsius|weather|aged?|ages|his|her|their|heat|scores?|shot|shooting|round)\b",
    re.I,
)


def about_age_or_weather(text: str, start: int, end: int) -> bool:
    return bool(_AGE_OR_WEATHER.search(text[max(0, start - 80) : end + 40]))


# --- weekdays and today -------------------------------------------------------------------------------

_PAPER_AFTER = re.compile(
    r"(?:\s{1,3}|-)(?:Times|Telegraph|Mirror|Express|Mail|Herald|Independent|Post|Star|Sun|World|Tribune|Business"
    r"|Night\s(?:Live|Football|Lights|Baseball|Fever|Massacre)|Morning\s(?:Corp|Inc|Co)|Review|Mass|School|school"
    r"|Evening\sPost|People|Age|Ticket|Today|Group|Club|Corp|Inc|Ltd|Riley|Bloody)\b"
)
_NAME_BEFORE = re.compile(
    r"\b(?:Ruby|Black|Bloody|Super|Blue|Stormy|Freaky|Casual|Manic|Sheffield|Joe|Girl|Man|Hey|Fat|Mail\son|Independent\son"
    r"|Scotland\son|Meet\sMe\son|It[\u2019']s|TGI|TGI\s|Any\sGiven|God\sIt[\u2019']s|Throwback|Taco|Small\sBusiness)\s{1,3}$"
)


def is_weekday(text: str, start: int, end: int) -> bool:
    """Not the Sunday paper, the club from Sheffield, or a day with a name of its own."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if start and (text[start - 1].isalnum() or text[start - 1] in "_@#&"):
        return False
    return not (
        _PAPER_AFTER.match(after) or _NAME_BEFORE.search(before) or in_title(text, start, end)
    )


_TODAY_OTHER_AFTER = re.compile(
    r"[\u2019']s\s{1,3}(?:world|youth|society|children|generation|young|technology|standards|kids|leaders|environment|workforce"
    r"|economy|culture|age|consumers?|modern)\b|\s{1,3}(?:show|program|programme|newspaper|Show|Network|Sports|magazine|Magazine)\b|[\"\u201d]\s(?:show|program|programme)"
)
_TODAY_OTHER_BEFORE = re.compile(
    r"(?:\b(?:USA|This|Psychology|Russia|India|China|the|After|Golf|Daily|Malaysia|Israel|Morning|Asia|Europe|History|like\sno|like\sthere[\u2019']s\sno)\s{1,3}"
    r"|\bborn\s{1,3}|\b(?:of|for)\s{1,3}(?=$)(?<=of\s)|n[o\u2019']t\s(?:just|only)\s[^.!?]{0,30}|\b(?:seems?|feels?|if\sit\swere|was\sonly|just\slike|like\sit\swas(?:\sonly)?)\s{1,3})$"
)


def is_near_day(text: str, start: int, end: int) -> bool:
    """ "today" as a day: not the newspaper or the programme, nor "the leaders of tomorrow"."""
    word = text[start:end]
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if start and (text[start - 1].isalnum() or text[start - 1] in "_@#.-/"):
        return False
    if (
        word[0].isupper()
        and not _starts_sentence(before)
        and word.lower() != word.upper().lower()[0]
    ):
        if word == "Today" or (word == "TODAY" and before.rstrip().endswith("USA")):
            return False
    return not (
        _TODAY_OTHER_AFTER.match(after)
        or _TODAY_OTHER_BEFORE.search(before)
        or in_title(text, start, end)
    )


def _starts_sentence(before: str) -> bool:
    stripped = before.rstrip(" \t\n\u00a0\"'\u201c\u2018(-\u2013\u2014*")
    return (
        not stripped
        or stripped[-1] in ".!?:;"
        or before != stripped
        and before[-1] in "-\u2014\u2013*"
    )


_QUOTE = re.compile(r"[\"\u201c\u201d]")


def in_title(text: str, start: int, end: int) -> bool:
    """Whether the words stand in a short quotation whose every longer word is capitalised."""
    low, high = max(0, start - 60), end + 60
    opening = max((m.start() for m in _QUOTE.finditer(text, low, start)), default=-1)
    closing = _QUOTE.search(text, end, high)
    if opening < 0 or closing is None:
        return False
    words = text[opening + 1 : closing.start()].rstrip(",.!?").split()
    if not words or len(words) > 8:
        return False
    return all(word[0].isupper() or word[0].isdigit() or len(word) <= 4 for word in words)


def vague_count(text: str, start: int) -> bool:
    """ "a hundred years ago" and the like stay; "every three days ago" is no time."""
    return bool(re.search(r"\bevery\s{1,3}$", text[max(0, start - 8) : start], re.I))


# --- seasons, quarters, holidays ------------------------------------------------------------------------

_SEASON_BEFORE = re.compile(
    r"\b(?:(?:in|during|since|until|till|by|over|from|before|after|of|for|through|throughout|to)\s{1,3}(?:the\s{1,3})?(?:(?:early|mid|late)(?:\s|-))?"
    r"|(?:early|mid|late)(?:\s{1,3}|-))$",
    re.I,
)


def is_season(text: str, start: int, end: int) -> bool:
    """A bare season with a preposition; not the verb, the ski jump, the Games or "the fall of"."""
    word = text[start:end]
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if word[0].isupper() or not _SEASON_BEFORE.search(before):
        return False
    if re.search(r"\bto\s{1,3}$", before) or re.match(
        r"\s{1,3}of\s{1,3}(?!\d|last|this|next)", after
    ):
        return False
    if word in ("fall", "spring") and not re.search(
        r"\bthe\s{1,3}$|\b(?:early|mid|late)[\s-]{1,3}$", before
    ):
        return bool(re.search(r"\b(?:by|until|since|in)\s{1,3}$", before)) and not re.match(
            r"\s{1,3}(?:in|from|to|by)\b", after
        )
    return (
        re.match(
            r"\s{1,3}(?:in\s(?:the\s)?(?:price|value|prices|demand|sales|output|shares|dollar)|water)",
            after,
        )
        is None
    )


_GAME = re.compile(
    r"\b(?:Super\sBowl|touchdown|quarterback|yards?|NFL|NBA|field\sgoal|halftime|rebounds|three-pointers?|kickoff|fumbles?"
    r"|interception|playoffs?|overtime|scored|buzzer|Lakers|Celtics|Chiefs|Eagles|Patriots|Cowboys|basketball|football|free\sthrows?|wide\sreceiver|tight\send|end\szone|coach|goalkeeper|penalty|midfielder|striker|FIFA|innings?)\b",
    re.I,
)
_MONEY = re.compile(
    r"\b(?:earnings|profits?|revenues?|sales|net|income|results|loss(?:es)?|growth|GDP|shares?|analysts?|forecasts?|billion|million|mln"
    r"|pct|per\scent|percent|inflation|economy|economic|output|orders|investors)\b",
    re.I,
)


def in_a_game(text: str, start: int, end: int) -> bool:
    """Quarters and halves of football and basketball are no parts of a year."""
    around = text[max(0, start - 200) : end + 200]
    return len(_GAME.findall(around)) > len(_MONEY.findall(around))


def half_of_a_year(text: str, start: int) -> bool:
    """ "the second half" as six months: said of business, in "the", "in" or "for"."""
    around = text[max(0, start - 160) : start + 160]
    return bool(_MONEY.search(around)) and not _GAME.search(around)


_HOLIDAY_AFTER = re.compile(
    r"\s{1,3}(?:Island|Bowl|Carol|Seals?|Tree|Story|Bunny|Rising|parade\sfloat|Massacre)\b"
)
_HOLIDAY_BEFORE = re.compile(
    r"(?:\b(?:Father|Merry|Happy|Mount|Lake)\s{1,3}|(?!\b(?:[Tt]his|[Ll]ast|[Nn]ext)\s)\b[A-Z][a-z]+[\u2019']s\s(?:own\s)?)$"
)


def is_other_holiday(text: str, start: int, end: int) -> bool:
    """Islands, carols and other countries' days: "France's Fourth of July" is not the fourth."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(
        _HOLIDAY_AFTER.match(after) or _HOLIDAY_BEFORE.search(before) or in_title(text, start, end)
    )
