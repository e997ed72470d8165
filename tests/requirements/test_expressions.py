"""Expressions into requirements."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judged import make_requirement
from reportgen.errors import UsageError
from reportgen.metrics import METRICS
from reportgen.record.requirements import Requirement, bracketed
from reportgen.requirements import MEASURES, parse, parse_table
from reportgen.requirements.measures import ALSO_CALLED, BY_KEY

NAMES = st.text(min_size=1, max_size=30)
SIGNS = st.sampled_from([*"[]\"'\\<>=.%", "delta", "recall", "accuracy", "0.9", " "])


def refusal_of(text: str) -> str | None:
    """Returns the words in which an expression is refused, None where it is read."""
    try:
        parse(text)
    except UsageError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accuracy >= 0.985", make_requirement(0.985)),
        ("accuracy>=.985", make_requirement(0.985)),
        ("  accuracy  >  0.985  ", make_requirement(0.985, ">")),
        ("log_loss <= 0.05", make_requirement(0.05, "<=", key="log_loss")),
        ("log_loss < 5e-2", make_requirement(0.05, "<", key="log_loss")),
        ("ece_null_p >= 0.05", make_requirement(0.05, key="ece_null_p")),
        (
            "recall[8] >= 0.97",
            make_requirement(0.97, key="recall", class_name="8"),
        ),
        (
            "delta.accuracy >= -0.001",
            make_requirement(-0.001, delta=True),
        ),
        (
            "delta.recall[8] > 0",
            make_requirement(0.0, ">", key="recall", class_name="8", delta=True),
        ),
        (
            "matthews_corrcoef >= -0.5",
            make_requirement(-0.5, key="matthews_corrcoef"),
        ),
        ("brier_score <= 1.5", make_requirement(1.5, "<=", key="brier_score")),
    ],
)
def test_an_expression_states_a_requirement(text: str, expected: Requirement) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("8", "8"),
        (" 8 ", "8"),
        ("T-shirt/top", "T-shirt/top"),
        ("class name", "class name"),
        ('"class name"', "class name"),
        ('" 8 "', " 8 "),
        ('"a \\"b\\" ]"', 'a "b" ]'),
        ("'a \"b\" \\ ]'", 'a "b" \\ ]'),
        ('"caf\\u00e9"', "café"),
        ('"a >= 1"', "a >= 1"),
        ('""', ""),
    ],
)
def test_a_class_stands_bare_or_quoted(written: str, name: str) -> None:
    assert parse(f"recall[{written}] >= 0.9").class_name == name


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("accuracy >= 98.5 %", 0.985),
        ("accuracy >= 98.5%", 0.985),
        ("accuracy >= 9850e-2 %", 0.985),
        ("ece <= 0.29 %", 0.0029),
        ("delta.accuracy >= -0.1 points", -0.001),
        ("overconfidence <= 1 points", 0.01),
        ("overconfidence <= 1 point", 0.01),
    ],
)
def test_a_unit_stands_for_a_hundredth(text: str, bound: float) -> None:
    assert parse(text).bound == bound


@given(st.decimals(0, 100, allow_nan=False, allow_infinity=False, places=4))
def test_percent_round_no_more_than_the_share_itself(percent: object) -> None:
    share = f"{percent}e-2"
    assert parse(f"accuracy >= {percent} %") == parse(f"accuracy >= {share}")


@given(
    st.builds(
        Requirement,
        st.just("recall"),
        NAMES,
        st.booleans(),
        st.sampled_from([">=", "<=", ">", "<"]),
        st.floats(0, 1),
    )
)
def test_a_requirement_reads_back_from_its_own_words(requirement: Requirement) -> None:
    assert parse(str(requirement)) == requirement


@given(NAMES)
def test_its_words_hold_nothing_that_steers_or_ends_a_cell(name: str) -> None:
    words = str(make_requirement(key="recall", class_name=name))
    assert words.isprintable()
    assert not set("|`") & set(words)


@given(st.lists(SIGNS | st.text(max_size=3), max_size=20).map("".join))
def test_any_text_is_refused_in_words_or_reads_back(text: str) -> None:
    refused = refusal_of(text)
    if refused is None:
        assert parse(str(parse(text))) == parse(text)
    else:
        assert refused.startswith("--require must ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must begin with a measure"),
        (">= 0.9", "must begin with a measure"),
        ("acuracy >= 0.9", "The nearest is 'accuracy'"),
        ("logloss <= 0.1", "The nearest is 'log_loss'"),
        ("ACCURACY >= 0.9", "The nearest is 'accuracy'"),
        ("acc >= 0.9", "The nearest is 'accuracy'"),
        ("AUC >= 0.9", "The nearest is 'roc_auc_ovr'"),
        ("roc_auc_score >= 0.9", "The nearest is 'roc_auc_ovr'"),
        ("f1_score >= 0.9", "The nearest is 'f1_macro'"),
        ("mcc >= 0.9", "The nearest is 'matthews_corrcoef'"),
        ("cross_entropy <= 0.9", "The nearest is 'log_loss'"),
        ("kappa >= 0.9", "The nearest is 'cohen_kappa'"),
        ("brier <= 0.9", "The nearest is 'brier_score'"),
        ("n >= 500", "Received 'n' in 'n >= 500'. Known are accuracy, precision_"),
        ("delta.acuracy >= 0", "The nearest is 'accuracy'"),
        ("dleta.accuracy >= 0", "or with delta. and a measure. Received 'dleta.'"),
        ("accuracy 0.9", "Received none in 'accuracy 0.9'"),
        ("accuracy => 0.9", "Received '=>'"),
        ("accuracy == 0.9", "Received '=='"),
        ("accuracy ≥ 0.9", "Received '≥'"),
        ("accuracy >=", "must end in a number. Received ''"),
        ("accuracy >= 0,985", "must end in a number. Received '0,985'"),
        ("accuracy >= nan", "must end in a number. Received 'nan'"),
        ("accuracy >= \N{ARABIC-INDIC DIGIT ZERO}", "must end in a number"),
        ("accuracy >= 0.9 and ece <= 0.1", "must end in a number"),
        ("recall >= 0.9", 'Write recall[8] or recall["class name"], or recall_macro'),
        ("roc_auc >= 0.9", 'Write roc_auc[8] or roc_auc["class name"].'),
        ("accuracy[8] >= 0.9", "each class has its own precision, recall"),
        ("recall[8 >= 0.9", "must hold a class's name within brackets"),
        ("recall[] >= 0.9", "must hold a class's name within brackets"),
        ('recall["a\\x"] >= 0.9', "must escape a class's name as JSON does"),
        ("delta.ece_null_p >= 0", "for one model. Require ece_null_p without delta"),
        ("delta.accuracy >= -0.1 %", "or in points. Received %"),
        ("accuracy >= 98 points", "or in %. Received points"),
        ("log_loss <= 5 %", "as a plain number. Received %"),
        ("log_loss <= 5 %", "Write 0.05 for it"),
    ],
)
def test_what_does_not_read_so_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert words in str(refused.value)


def test_a_name_used_elsewhere_is_one_of_a_measure_and_of_no_other() -> None:
    assert set(ALSO_CALLED.values()) <= set(BY_KEY)
    assert not set(ALSO_CALLED) & set(BY_KEY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accuracy >= 98.5", "in 0 to 1. Received 98.5"),
        ("accuracy >= 98.5", "If you mean 98.5 %, write the unit."),
        ("accuracy >= 985", "Write one within."),
        ("accuracy >= -0.1", "in 0 to 1. Received -0.1"),
        ("cohen_kappa >= -1.1", "in -1 to 1. Received -1.1"),
        ("brier_score <= 2.1", "in 0 to 2. Received 2.1"),
        ("log_loss <= -0.1", "of at least 0. Received -0.1"),
        ("log_loss <= 1e999", "of at least 0. Received inf"),
        ("delta.accuracy >= -1.1", "If you mean -1.1 points, write the unit."),
        ("delta.cohen_kappa >= -2.1", "in -2 to 2. Received -2.1"),
        ("delta.log_loss >= -1e999", "that is finite. Received -inf"),
    ],
)
def test_a_bound_lies_within_the_range(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "accuracy" * 1000,
        "accuracy" + "<" * 4000,
        "accuracy >= " + "9" * 4000,
        "accuracy >= 0." + " " * 4000 + "x",
        "accuracy[" + "8" * 4000 + "] >= 0.9",
        "recall[" + "8" * 4000,
        'recall["' + "\\x" * 2000 + '"] >= 0.9',
    ],
)
def test_an_error_shows_no_more_of_long_words_than_their_beginning(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert len(str(refused.value)) < 500


def test_every_metric_can_be_required() -> None:
    assert {metric.key for metric in METRICS} <= {measure.key for measure in MEASURES}


def test_no_two_measures_have_one_name() -> None:
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)


def test_a_table_holds_the_rest_of_each_expression() -> None:
    table = {
        "accuracy": ">= 98.5 %",
        "recall[8]": ">= 0.97",
        "recall": {"9": ">= 0.96", "T-shirt/top": "> 0.5"},
        "delta": {"accuracy": ">= -0.001", "recall": {"8": ">= -0.01"}},
    }
    assert [str(requirement) for requirement in parse_table(table)] == [
        "accuracy >= 0.985",
        "recall[8] >= 0.97",
        "recall[9] >= 0.96",
        'recall["T-shirt/top"] > 0.5',
        "delta.accuracy >= -0.001",
        "delta.recall[8] >= -0.01",
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"accuracy": 0.985}, "must hold 'accuracy' as text. Received a value of the"),
        ({"recall": {"8": {"9": ">= 0.9"}}}, "must hold 'recall[8]' as text"),
        ({"acuracy": ">= 0.9"}, "[requirements] must name a known measure"),
        ({"accuracy": "0.9"}, "[requirements] must compare with one of"),
    ],
)
def test_a_table_of_anything_else_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_table(table)
    assert words in str(refused.value)


@given(NAMES)
def test_brackets_hold_a_bare_name_or_json(name: str) -> None:
    written = bracketed(name)
    assert name in {written, json.loads(written) if written[0] == '"' else written}
