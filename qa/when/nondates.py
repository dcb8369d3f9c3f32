"""Words that look like a time and are none: names, verbs, titles, idioms, games."""

from __future__ import annotations

import re

from qa.when import vocabulary as v

_PERSON_REACH = 300  # characters: how far a Mrs May makes the month doubtful
_NEAR = 40  # characters looked at on either side; every pattern below fits in it
_INSIDE_A_WORD = "_@#&"

# --- months --------------------------------------------------------------------------------------
_TIMED = frozenset(
    v.word_list(
        "in since until till by from of to through during for before after around between and or "
        "last next this that every each early mid late end ended ending vs over on said per pre "
        "post back only beginning starting start week month year the than as versus against "
        "following about circa"
    )
)
_JOINED_BEFORE = re.compile(r"[-/\u2010-\u2015]\s?$")
_PERSONS = frozenset(
    v.word_list(
        "theresa mr mrs ms dr secretary minister pm brian elaine james robert john peter sir lady "
        "billie cape general gen sen rep senator"
    )
)
_SOMEONE_MAY = re.compile(r"\b(?:Theresa|Mrs\.?|Ms\.?|Mr\.?|Brian|Minister|PM)\s{1,3}May\b")
_MAY_TIMED = frozenset(
    v.word_list(
        "in since until till last next this early mid late end of through by from ended to for "
        "during before after and or that vs between on"
    )
)
_MAY_SURE = frozenset(v.word_list("in since until till last next early mid late"))
_MAY_THING_AFTER = re.compile(
    r"\s{1,3}"
    + v.any_of(
        "contract delivery futures deliveries shipment meeting election sales figures? data "
        "options? report positions? crude gilt bond and_June and_July and_April"
    )
    + r"\b"
)
_DASHES = tuple("/-\u2010\u2011\u2012\u2013\u2014\u2015")
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
    previous = v.previous_word(text, start)
    if previous.rstrip(".") in _PERSONS or (previous == "of" and _FOURTH_OF.search(before)):
        return False  # "France's Fourth of July" is no July either
    if word == "march" and _MARCH_AFTER.match(after):
        return not dated and bool(_MARCH_SURE.search(before)) and "Madness" not in after[:12]
    if dated:
        return True
    if word == "may":
        return _is_may(text, start, previous, after)
    if word == "march" and _MARCH_BEFORE.search(before):
        return False
    if in_title(text, start, end):
        return False
    timed = previous in _TIMED or bool(_JOINED_BEFORE.search(before))
    if timed or (word in v.SHORT_MONTHS and not after.startswith(".")):
        return timed
    return not (_NAME_AFTER.match(after) or _NAME_BEFORE.search(before))


def _is_may(text: str, start: int, previous: str, after: str) -> bool:
    """ "May" alone: the month only among words of time, and with more care beside a Mrs May."""
    if re.match(r"[\u2019']s\s{1,3}[A-Z]|\s{1,3}\d", after):
        return False
    low = max(0, start - _NEAR)
    noun = _NOUN_PHRASE_BEFORE.search(text, low, start) and re.match(r"\s{1,3}[a-z]", after)
    joined = text[max(0, start - 2) : start].rstrip()[-1:] in _DASHES
    if not (previous in _MAY_TIMED or joined or noun or _MAY_THING_AFTER.match(after)):
        return False
    around = (max(0, start - _PERSON_REACH), start + _PERSON_REACH)
    return previous in _MAY_SURE or not _SOMEONE_MAY.search(text, *around)


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
_DAY_NAMES = frozenset(
    v.word_list(
        "ruby black bloody super blue stormy freaky casual manic sheffield joe girl man hey fat "
        "it's it\u2019s tgi given throwback taco"
    )
)
_DAY_NAME_BEFORE = re.compile(
    r"\b(?:Mail|Independent|Scotland|Meet\sMe)\son\s$|\bSmall\sBusiness\s$"
)


def is_weekday(text: str, start: int, end: int) -> bool:
    """Not the Sunday paper, the club from Sheffield, or a day with a name of its own."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if before[-1:].isalnum() or before[-1:] in tuple(_INSIDE_A_WORD):
        return False
    named = v.previous_word(text, start) in _DAY_NAMES or _DAY_NAME_BEFORE.search(before)
    if named or _SUNDAY_PAPER_AFTER.match(after):
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
    closing = _QUOTE.search(text, end, end + _QUOTE_REACH)
    if closing is None:
        return False
    quotes = _QUOTE.finditer(text, max(0, start - _QUOTE_REACH), start)
    opening = max((quote.end() for quote in quotes), default=-1)
    if opening < 0:
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


_GAME = frozenset(
    v.word_list(
        "bowl touchdown touchdowns quarterback yard yards nfl nba halftime rebounds pointers "
        "kickoff fumble fumbles interception playoff playoffs overtime scored buzzer basketball "
        "football receiver coach goalkeeper penalty midfielder striker fifa inning innings"
    )
)
_MONEY = frozenset(
    v.word_list(
        "earnings profit profits revenue revenues sales net income results loss losses growth gdp "
        "share shares analyst analysts forecast forecasts billion million mln pct cent percent "
        "inflation economy economic output orders investors"
    )
)
_GAME_REACH = 180  # characters: about two sentences
_WORD = re.compile(r"[a-z]+")


def _game_and_money(text: str, start: int) -> tuple[int, int]:
    """How many words around speak of a match, and how many of business."""
    around = _WORD.findall(text[max(0, start - _GAME_REACH) : start + _GAME_REACH].lower())
    return sum(word in _GAME for word in around), sum(word in _MONEY for word in around)


def in_a_game(text: str, start: int) -> bool:
    """Quarters and halves of football and basketball are no parts of a year."""
    game, money = _game_and_money(text, start)
    return game > money


def is_half_year(text: str, start: int) -> bool:
    """ "the second half" as six months: said of business, not of a match."""
    game, money = _game_and_money(text, start)
    return money > 0 and game == 0


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
