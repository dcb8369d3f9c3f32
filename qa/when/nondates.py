"""Words that look like a time and are none: names, verbs, titles, idioms, games."""

from __future__ import annotations

import re

from qa.when import vocabulary as v

_NEAR = 40  # characters looked at on either side; every pattern below fits in it
_INSIDE_A_WORD = "_@#&"

# --- months --------------------------------------------------------------------------------------
_IN_TIME = re.compile(
    r"(?:\b"
    + v.any_of(
        "in since until till by from of to through during for before after around between and or "
        "last next this that every each early mid late end ended ending vs over on said per pre "
        "post back only beginning starting start week month year the than as versus against "
        "following about circa"
    )
    + r"(?:\s{1,3}|[-\u2010-\u2013])|[-/\u2010-\u2015(,;:]\s?|^)$",
    re.I,
)
_PERSON_BEFORE = re.compile(
    r"\b"
    + v.any_of(
        "Theresa Mr Mrs Ms Dr Prime_Minister Secretary Minister PM Brian Elaine James Robert John "
        "Peter Sir Lady Billie Cape General Gen Sen Rep Senator"
    )
    + r"\.?\s{1,3}$"
)
_SOMEONE_MAY = re.compile(r"\b(?:Theresa|Mrs\.?|Ms\.?|Mr\.?|Brian|Minister|PM)\s{1,3}May\b")
_MAY_BEFORE = re.compile(
    r"\b"
    + v.any_of(
        "in since until till last next this early mid late end of through by from ended to for "
        "during before after and or that vs between on"
    )
    + r"(?:\s{1,3}|[-\u2010-\u2013])$|[/\u2010-\u2015-]\s?$",
    re.I,
)
_MAY_SURE = re.compile(
    r"\b(?:in|since|until|till|last|next|early|mid|late)(?:\s{1,3}|[-\u2010-\u2013])$", re.I
)
_MAY_THING_AFTER = re.compile(
    r"\s{1,3}"
    + v.any_of(
        "contract delivery futures deliveries shipment meeting election sales figures? data "
        "options? report positions? crude gilt bond and_June and_July and_April"
    )
    + r"\b"
)
_NOUN_PHRASE_BEFORE = re.compile(r"(?:\b(?:[Tt]he|[Ii]ts|[Tt]heir)|[\u2019']s)\s{1,3}$")
_MARCH_AFTER = re.compile(
    r"\s{1,3}(?:on\s{1,3}(?![A-Z][a-z]{2,5}day)(?:the\s)?[A-Z]|for\s{1,3}(?:Our|Life|Science|the)"
    r"|of\s{1,3}(?!the\syear|this|last|next|\d)|Madness|Hare|Fong)"
)
_MARCH_BEFORE = re.compile(r"\b(?:Women[\u2019']s|Long|Million|Freedom|a)\s{1,3}$")
_MARCH_SURE = re.compile(r"\b(?:in|since|until|last|next)\s{1,3}$", re.I)
_FOURTH_OF = re.compile(r"\b[Ff]ourth\sof\s$")
_NAME_AFTER = re.compile(r"\s{1,3}[A-Z][a-z]")
_NAME_BEFORE = re.compile(r"[A-Z][a-z]{1,20}\s{1,3}$")


def is_month(text: str, start: int, end: int, dated: bool) -> bool:
    """Whether `text[start:end]`, a month's name, is the month, by its capital and its company.

    `dated` says that a year follows. People's names and the verbs "may" and "march" are told
    apart; a short form without a year or a day needs its full stop or a word of time before it.
    """
    word = text[start:end].lower()
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if not text[start].isupper() or before[-1:].isalnum() or before[-1:] in tuple(_INSIDE_A_WORD):
        return False
    if _PERSON_BEFORE.search(before) or _FOURTH_OF.search(before):
        return False  # "France's Fourth of July" is no July either
    if word == "march" and _MARCH_AFTER.match(after):
        return not dated and bool(_MARCH_SURE.search(before)) and "Madness" not in after[:12]
    if dated:
        return True
    if word == "may":
        return _is_may(text, before, after)
    if word == "march" and _MARCH_BEFORE.search(before):
        return False
    if word in v.SHORT_MONTHS and not after.startswith("."):
        return bool(_IN_TIME.search(before))
    return bool(_IN_TIME.search(before)) or not (
        _NAME_AFTER.match(after) or _NAME_BEFORE.search(before)
    )


def _is_may(text: str, before: str, after: str) -> bool:
    """ "May" alone: the month only among words of time, and with more care beside a Mrs May."""
    if re.match(r"[\u2019']s\s{1,3}[A-Z]|\s{1,3}\d", after):
        return False
    if _SOMEONE_MAY.search(text):
        return bool(_MAY_SURE.search(before))
    noun = _NOUN_PHRASE_BEFORE.search(before) and re.match(r"\s{1,3}[a-z]", after)
    return bool(_MAY_BEFORE.search(before) or _MAY_THING_AFTER.match(after) or noun)


# --- weekdays, today and tomorrow ----------------------------------------------------------------
_SUNDAY_PAPER_AFTER = re.compile(
    r"(?:\s{1,3}|-)"
    + v.any_of(
        "Times Telegraph Mirror Express Mail Herald Independent Post Star Sun World Tribune "
        "Business Night_Live Night_Football Night_Lights Night_Baseball Night_Fever Night_Massacre "
        "Morning_Corp Morning_Inc Morning_Co Review Mass School school Evening_Post People Age "
        "Ticket Today Group Club Corp Inc Ltd Riley"
    )
    + r"\b"
)
_DAY_NAME_BEFORE = re.compile(
    r"\b"
    + v.any_of(
        "Ruby Black Bloody Super Blue Stormy Freaky Casual Manic Sheffield Joe Girl Man Hey Fat "
        "Mail_on Independent_on Scotland_on Meet_Me_on It[\u2019']s TGI Any_Given Throwback Taco "
        "Small_Business"
    )
    + r"\s{1,3}$"
)


def is_weekday(text: str, start: int, end: int) -> bool:
    """Not the Sunday paper, the club from Sheffield, or a day with a name of its own."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if before[-1:].isalnum() or before[-1:] in tuple(_INSIDE_A_WORD):
        return False
    if _SUNDAY_PAPER_AFTER.match(after) or _DAY_NAME_BEFORE.search(before):
        return False
    return not in_title(text, start, end)


_OF_TODAY_AFTER = re.compile(
    r"[\u2019']s\s{1,3}"
    + v.any_of(
        "world youth society children generation young technology standards kids leaders "
        "environment workforce economy culture age consumers? modern"
    )
    + r"\b|\s{1,3}"
    + v.any_of("show program programme newspaper Show Network Sports magazine Magazine")
    + r"\b|[\"\u201d]\s(?:show|program|programme)"
)
_OF_TODAY_BEFORE = re.compile(
    r"(?:\b"
    + v.any_of(
        "USA This Psychology Russia India China the After Golf Daily Malaysia Israel Morning Asia "
        "Europe History like_no like_there[\u2019']s_no born of seems? feels? if_it_were was_only "
        "just_like like_it_was like_it_was_only"
    )
    + r"\s{1,3}|n[o\u2019']t\s(?:just|only)\s[^.!?]{0,30})$"
)
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?:;]|[-\u2013\u2014*])[\s\"'\u201c\u2018(]{0,4}$")


def is_near_day(text: str, start: int, end: int) -> bool:
    """ "today" as a day: not the newspaper or the programme, nor "the leaders of tomorrow"."""
    word = text[start:end]
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if before[-1:].isalnum() or before[-1:] in tuple("_@#.-/"):
        return False
    if word == "Today" and not _OPENS_SENTENCE.search(before):
        return False
    if _OF_TODAY_AFTER.match(after) or _OF_TODAY_BEFORE.search(before):
        return False
    return not in_title(text, start, end)


_QUOTE = re.compile(r"[\"\u201c\u201d]")
_LONGEST_TITLE = 8  # words
_QUOTE_REACH = 60  # characters


def in_title(text: str, start: int, end: int) -> bool:
    """Whether the words stand in a short quotation whose every longer word is capitalised."""
    quotes = _QUOTE.finditer(text, max(0, start - _QUOTE_REACH), start)
    opening = max((quote.end() for quote in quotes), default=-1)
    closing = _QUOTE.search(text, end, end + _QUOTE_REACH)
    if opening < 0 or closing is None:
        return False
    words = text[opening : closing.start()].rstrip(",.!?").split()
    if not 0 < len(words) <= _LONGEST_TITLE:
        return False
    return all(word[0].isupper() or word[0].isdigit() or len(word) <= 4 for word in words)


# --- seasons, quarters and holidays --------------------------------------------------------------
_SEASON_BEFORE = re.compile(
    r"\b(?:"
    + v.any_of("in during since until till by over from before after of for through throughout to")
    + r"\s{1,3}(?:the\s{1,3})?(?:(?:early|mid|late)(?:\s|-))?|(?:early|mid|late)(?:\s{1,3}|-))$",
    re.I,
)
_OF_WHAT_AFTER = re.compile(r"\s{1,3}of\s{1,3}(?!\d|last|this|next)")
_DECLINE_AFTER = re.compile(
    r"\s{1,3}(?:in\s(?:the\s)?"
    + v.any_of("price value prices demand sales output shares dollar")
    + r"|water)"
)
_VERB_BEFORE = re.compile(r"\bthe\s{1,3}$|\b(?:early|mid|late)[\s-]{1,3}$")


def is_season(text: str, start: int, end: int) -> bool:
    """A bare season after a preposition; not the verb, the ski jump, the Games, "the fall of"."""
    word = text[start:end]
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if word[0].isupper() or not _SEASON_BEFORE.search(before):
        return False
    if re.search(r"\bto\s{1,3}$", before) or _OF_WHAT_AFTER.match(after):
        return False
    if word in ("fall", "spring") and not _VERB_BEFORE.search(before):
        timed = re.search(r"\b(?:by|until|since|in)\s{1,3}$", before)
        return bool(timed) and not re.match(r"\s{1,3}(?:in|from|to|by)\b", after)
    return _DECLINE_AFTER.match(after) is None


_GAME = re.compile(
    r"\b"
    + v.any_of(
        "Super_Bowl touchdown quarterback yards? NFL NBA field_goal halftime rebounds "
        "three-pointers? kickoff fumbles? interception playoffs? overtime scored buzzer basketball "
        "football free_throws? wide_receiver tight_end end_zone coach goalkeeper penalty "
        "midfielder striker FIFA innings?"
    )
    + r"\b",
    re.I,
)
_MONEY = re.compile(
    r"\b"
    + v.any_of(
        "earnings profits? revenues? sales net income results loss(?:es)? growth GDP shares? "
        "analysts? forecasts? billion million mln pct per_cent percent inflation economy economic "
        "output orders investors"
    )
    + r"\b",
    re.I,
)
_GAME_REACH, _MONEY_REACH = 200, 160  # characters: about two sentences


def in_a_game(text: str, start: int, end: int) -> bool:
    """Quarters and halves of football and basketball are no parts of a year."""
    around = text[max(0, start - _GAME_REACH) : end + _GAME_REACH]
    return len(_GAME.findall(around)) > len(_MONEY.findall(around))


def is_half_year(text: str, start: int) -> bool:
    """ "the second half" as six months: said of business, not of a match."""
    around = text[max(0, start - _MONEY_REACH) : start + _MONEY_REACH]
    return bool(_MONEY.search(around)) and not _GAME.search(around)


_HOLIDAY_AFTER = re.compile(
    r"\s{1,3}" + v.any_of("Island Bowl Carol Seals? Tree Story Bunny Rising Massacre") + r"\b"
)
_HOLIDAY_BEFORE = re.compile(
    r"(?:\b(?:Father|Merry|Happy|Mount|Lake)\s{1,3}|\b[A-Z][a-z]{1,20}[\u2019']s\s(?:own\s)?)$"
)


def is_other_holiday(text: str, start: int, end: int) -> bool:
    """Islands, carols and other countries' days: "France's Fourth of July" is not the fourth."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(_HOLIDAY_AFTER.match(after) or _HOLIDAY_BEFORE.search(before)) or in_title(
        text, start, end
    )
