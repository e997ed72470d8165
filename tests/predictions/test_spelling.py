"""One class spelt in two ways is refused, from a file and from a program alike."""

import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import PredictionsError
from reportgen.predictions import Asked, Predictions, receive
from reportgen.predictions.spelling import plainly
from tables import write_csv, write_parquet

COMPOSED, DECOMPOSED = "Caf\u00e9", "Cafe\u0301"

TWICE = [
    (["+1", "-1", "+1", "-1"], ["1", "-1", "1", "1"], "'+1' and '1'"),
    (["001", "2"], ["1", "2"], "'001' and '1'"),
    (["-01", "2"], ["-1", "2"], "'-01' and '-1'"),
    (["+1.0", "2"], ["1", "2"], "'+1.0' and '1'"),
    (["a", "b "], ["a ", "b"], "'a' and 'a '"),
    (["True", "no"], ["TRUE", "off"], "'True' and 'TRUE'"),
    (["Cat ", "dog"], ["cat", "ant"], "'Cat ' and 'cat'"),
    ([COMPOSED, "tea"], [DECOMPOSED, "tea"], r"'Cafe\u0301' and 'Caf\xe9', which pr"),
]

TWO_CLASSES = [
    (["a", "A", "a"], ["A", "a", "a"]),
    (["a", "A"], ["a", "a"]),
    (["01a", "1a"], ["1a", "01a"]),
    (["+", "-"], ["-", "-"]),
    (["A+", "A"], ["A", "A"]),
    (["None", "mild"], ["None", "None"]),
]

MISSING = ["nan", "NaN", "#N/A", "n/a", "<NA>", "NaT", "null", " nan ", "  "]


@pytest.mark.parametrize(("y_true", "y_pred", "told"), TWICE)
def test_a_class_spelt_twice_in_a_file_is_refused(
    tmp_path: Path, y_true: list[str], y_pred: list[str], told: str
) -> None:
    columns = {"y_true": y_true, "y_pred": y_pred}
    write_csv(tmp_path / "t.csv", columns)
    write_parquet(tmp_path / "t.parquet", columns)
    for end in ("csv", "parquet"):
        with pytest.raises(
            PredictionsError, match=re.escape(told) + r".*with --classes"
        ):
            receive(tmp_path / f"t.{end}")


@pytest.mark.parametrize(("y_true", "y_pred", "told"), TWICE)
def test_a_class_spelt_twice_in_memory_is_refused(
    y_true: list[str], y_pred: list[str], told: str
) -> None:
    with pytest.raises(PredictionsError, match=re.escape(told) + r".*with class_names"):
        Predictions.of_labels(y_true, y_pred)


@pytest.mark.parametrize(("y_true", "y_pred"), TWO_CLASSES)
def test_classes_that_may_be_two_are_two(
    tmp_path: Path, y_true: list[str], y_pred: list[str]
) -> None:
    write_csv(tmp_path / "t.csv", {"y_true": y_true, "y_pred": y_pred})
    found = receive(tmp_path / "t.csv").predictions
    made = Predictions.of_labels(y_true, y_pred)
    assert set(found.class_names) == set(made.class_names) == {*y_true, *y_pred}


@pytest.mark.parametrize(("y_true", "y_pred"), [one[:2] for one in TWICE])
def test_whoever_names_all_classes_means_them(
    tmp_path: Path, y_true: list[str], y_pred: list[str]
) -> None:
    names = tuple(dict.fromkeys([*y_true, *y_pred]))
    path = write_csv(tmp_path / "t.csv", {"y_true": y_true, "y_pred": y_pred})
    assert receive(path, Asked(classes=names)).predictions.class_names == names
    made = Predictions.of_labels(y_true, y_pred, class_names=names)
    assert made.class_names == names


@pytest.mark.parametrize("label", MISSING)
def test_a_label_that_says_there_is_none_is_refused_in_a_file(
    tmp_path: Path, label: str
) -> None:
    columns = {"y_true": ["a", label, "b"], "y_pred": ["a", "b", label]}
    with pytest.raises(PredictionsError, match=f"'{label}' in line 3.*--classes"):
        receive(write_csv(tmp_path / "t.csv", columns))


@pytest.mark.parametrize("label", [*MISSING, ""])
def test_a_label_that_says_there_is_none_is_refused_in_memory(label: str) -> None:
    with pytest.raises(PredictionsError, match=f"'{label}' in row 2.*class_names"):
        Predictions.of_labels(["a", label, "b"], ["a", "b", "a"])
    with pytest.raises(PredictionsError, match="'y_pred' must hold a label in each"):
        Predictions.of_labels(["a", "b", "b"], ["a", "b", label])


def test_labels_beside_probabilities_are_looked_at_where_nobody_named_them() -> None:
    with pytest.raises(PredictionsError, match=r"'y_true'.*'nan' in row 2"):
        Predictions.of(["a", "nan"], [[0.5, 0.5], [0.1, 0.9]])
    with pytest.raises(PredictionsError, match=r"'a' and 'a '.*class_names"):
        Predictions.of(["a", "a "], [[0.5, 0.5], [0.1, 0.9]])
    made = Predictions.of(["a", "nan"], [[1, 0], [0, 1]], class_names=["a", "nan"])
    assert made.class_names == ("a", "nan")


def test_the_other_class_of_one_column_is_no_missing_label(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"y_true": ["yes", "nan"], "proba_yes": [0.9, 0.2]}
    with pytest.raises(PredictionsError, match=r"'nan' in line 3.*missing one"):
        receive(write_csv(tmp_path / "t.csv", columns))


def test_fractions_as_text_are_told_where_probabilities_go_in_memory() -> None:
    with pytest.raises(PredictionsError, match=r"'0\.2'.*Predictions\.of, a column"):
        Predictions.of_labels(["0", "1"], ["0.2", "0.7"])


FRACTIONS = {"y_true": ["0.5", "1.5", "2"], "y_pred": ["0.5", "0.5", "2"]}


def test_what_is_measured_is_no_label_in_a_file_unless_it_is_named_one(
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / "t.csv", FRACTIONS)
    told = "'y_true' must hold text or whole numbers. Received '0.5' in line 2"
    with pytest.raises(PredictionsError, match=f"{told}.*--classes"):
        receive(path)
    named = receive(path, Asked(classes=("0.5", "1.5", "2"))).predictions
    assert named.class_names == ("0.5", "1.5", "2")


def test_versions_are_classes_as_text_in_memory_and_among_words(tmp_path: Path) -> None:
    made = Predictions.of_labels(["1.1", "1.10"], ["1.1", "1.1"])
    assert made.class_names == ("1.1", "1.10")
    columns = {"y_true": ["1.1", "1.10", "other"], "y_pred": ["1.1", "1.1", "other"]}
    found = receive(write_csv(tmp_path / "t.csv", columns)).predictions
    assert found.class_names == ("1.1", "1.10", "other")


def test_a_number_of_any_length_is_compared() -> None:
    # Python's int refuses more than 4,300 digits.
    assert plainly("+00" + "7" * 5000) == "7" * 5000
