"""The parts of the reader: words, kinds, figures, names, clauses and numbers, each on its own."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QAError
from qa.reader.asked import read_asked
from qa.reader.chunks import chunks
from qa.reader.conflict import value_of
from qa.reader.evidence import ROUGH_FEATURES, SENTENCE_FEATURES, found_in, telling_weights
from qa.reader.model import Linear, load_model, logistic
from qa.reader.names import names
from qa.reader.quantities import figures
from qa.reader.spans import SPAN_FEATURES
from qa.reader.support import SUPPORT_FEATURES, SUPPORT_SIGNS
from qa.reader.words import lemma, stem, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("motorcycles", "motorcycle"),
        ("pct", "percent"),
        ("mln", "million"),
        ("six", "6"),
        ("1,375", "1375"),
        ("63.40", "63.4"),
        ("Japanese", "Japan"),
        ("U.S.", "American"),
        ("sold", "sale"),
        ("acquisition", "acquired"),
        ("Kenya's", "Kenyan"),
    ],
)
def test_forms_of_a_word_and_its_abbreviation_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_words_of_other_matter_do_not_meet() -> None:
    assert stem("1,375") != stem("1.375")
    assert stem("bank") != stem("banana")
    assert lemma("villagers") != lemma("villages")


def test_a_near_synonym_counts_less_than_the_word_itself() -> None:
    held = frozenset({stem("purchase")})
    assert found_in(stem("purchased"), held) == 1.0
    assert 0.0 < found_in(stem("bought"), held) < 1.0
    assert found_in(stem("weather"), held) == 0.0


@given(st.text(max_size=300))
def test_tokens_point_at_themselves_and_stand_in_order(text: str) -> None:
    found = tokens(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many ships sank?", "count"),
        ("How much did the bridge cost?", "money"),
        ("How much of the harvest was lost?", "percent"),
        ("What share of voters stayed at home?", "percent"),
        ("How tall is the new tower?", "measure"),
        ("What was the jobless rate in Spain?", "measure"),
        ("Which minister resigned?", "person"),
        ("Who won?", "person"),
        ("Which airline ordered the jets?", "organisation"),
        ("Which country's navy fired?", "place"),
        ("What was the name of the drug?", "name"),
        ("Why did the mill close?", "reason"),
        ("What caused the fire?", "reason"),
        ("When the mill closed, how many lost their jobs?", "count"),
        ("hi, can you tell me which firm built the dam", "organisation"),
    ],
)
def test_the_noun_after_the_question_word_gives_the_kind(question: str, kind: str) -> None:
    assert read_asked(question).kind == kind


def test_the_words_of_a_time_are_not_among_the_terms() -> None:
    asked = read_asked("How many cars did Vero sell in March 2011?", time_words="in March 2011")
    assert {term.text for term in asked.terms} == {"cars", "Vero", "sell"}
    assert asked.times == (stem("March"), "2011")
    assert asked.names == ((stem("Vero"),),)


def test_the_core_is_what_is_asked_about_the_names() -> None:
    asked = read_asked("Who was the captain of the Morning Star when it capsized?")
    assert [word for word, _ in asked.core] == [stem("captain"), stem("capsized")]
    assert asked.core[0][1] > asked.core[1][1]


def test_a_plan_is_told_from_an_outcome() -> None:
    assert read_asked("How many seats did the Greens win?").outcome
    assert not read_asked("How many jobs will the plant create?").outcome
    assert not read_asked("What price did Orla offer?").outcome


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("It sold 24,000 tonnes of beans.", [("24,000 tonnes", "measure")]),
        (
            "Rates rose to 9-1/4 pct from 8.5 percent.",
            [("9-1/4 pct", "percent"), ("8.5 percent", "percent")],
        ),
        ("A deal worth $1.26 billion", [("$1.26 billion", "money")]),
        ("about 600 mln roubles a year", [("600 mln roubles", "money")]),
        ("It cost 1.2 billion H.K. Dlrs.", [("1.2 billion H.K. Dlrs", "money")]),
        ("between 150,000 and 200,000 tonnes", [("150,000 and 200,000 tonnes", "measure")]),
        ("a 14,000 dlr to 18,000 dlr car", [("14,000 dlr to 18,000 dlr", "money")]),
        ("The crew of seven left on May 5.", [("seven", "count")]),
        ("jailed for 30 days", [("30 days", "time")]),
        ("in 1986 it fell", [("1986", "year")]),
        ("one of them fell", []),
    ],
)
def test_figures_come_with_magnitude_and_unit(text: str, spans: list[tuple[str, str]]) -> None:
    assert [(text[f.start : f.end], f.unit) for f in figures(text)] == spans


@given(st.text(alphabet="0123456789 ,.-/$%abdehilmnoprst", max_size=80))
def test_figures_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    found = figures(text)
    assert all(0 <= f.hedge <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_names_are_told_apart_by_the_words_around_them() -> None:
    text = "Finance Minister Ola Brandt met officials of Tarn Steel Corp in Denmark on Friday."
    found = {text[n.start : n.end]: n for n in names(text, tokens(text))}
    assert found["Ola Brandt"].person
    assert found["Tarn Steel Corp"].organisation
    assert found["Denmark"].place
    assert "Friday" not in found


def test_a_clause_after_because_is_marked_as_a_reason() -> None:
    text = "The mine closed because of flooding in the main shaft, the owner said."
    marked = {text[c.start : c.end] for c in chunks(text, tokens(text)) if c.cue}
    assert "flooding in the main shaft" in marked


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("1.26 billion H.K. dlrs", 1.26e9),
        ("9-1/4 pct", 9.25),
        ("seven", 7.0),
        ("$40 million", 4e7),
        ("1,375", 1375.0),
        ("3/4", 0.75),
        ("none", None),
        ("5/0", 0.0),
    ],
)
def test_the_value_of_a_figure_counts_its_magnitude(figure: str, value: float | None) -> None:
    assert value_of(figure) == (None if value is None else pytest.approx(value))


def test_what_every_sentence_says_tells_none_apart() -> None:
    own = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # topic, rare, unsaid
    assert telling_weights(np.ones(3), own) == pytest.approx([0.25, 0.75, 0.0])


@given(st.floats(-1e4, 1e4))
def test_the_logistic_function_is_symmetric_and_never_overflows(score: float) -> None:
    assert logistic(score) + logistic(-score) == pytest.approx(1.0)
    assert 0.0 <= logistic(score) <= 1.0


def test_a_linear_model_is_a_weighted_sum() -> None:
    assert Linear((2.0, -1.0), 0.5).score((3.0, 4.0)) == pytest.approx(2.5)


def test_the_shipped_weights_have_the_signs_that_they_must_have() -> None:
    model = load_model(ROUGH_FEATURES, SENTENCE_FEATURES, SPAN_FEATURES, SUPPORT_FEATURES)
    for name, weight in zip(SUPPORT_FEATURES, model.support.weights, strict=True):
        assert weight * SUPPORT_SIGNS[name] >= 0, name
    assert 0.0 < model.threshold < 1.0
    assert all(math.isfinite(weight) for weight in model.sentence.weights)


def test_the_model_file_names_the_run_that_made_it() -> None:
    data = json.loads(files("qa.reader").joinpath("model.json").read_text(encoding="utf-8"))
    assert {"date", "questions", "seeds", "folds", "cross_validated"} <= set(data["run"])


def test_a_model_file_that_does_not_fit_the_code_is_refused_with_the_remedy() -> None:
    with pytest.raises(QAError, match=r"benchmarks/reader\.py --learn"):
        load_model(ROUGH_FEATURES, (*SENTENCE_FEATURES, "unheard"), SPAN_FEATURES, SUPPORT_FEATURES)
