"""Tables as pandas, R, Excel and scikit-learn write them: read right, or told how."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import PredictionsError
from reportgen.predictions import Asked, Received, receive
from tables import write_parquet

PAIR = "0,.25,.75\n1,.5,.5\n"
"""A label and two probabilities a row."""


def read(folder: Path, text: str, asked: Asked | None = None) -> Received:
    """Returns what a table is read as."""
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return receive(path, asked or Asked())


def npz(folder: Path, **members: Any) -> Received:
    """Returns what an archive is read as."""
    np.savez(folder / "t.npz", **members)
    return receive(folder / "t.npz")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("label,pred,prob_0,prob_1\n0,0,1,0\n", "--proba-columns prob_0,prob_1"),
        ("label,pred,prob_0,prob_1\n0,0,1,0\n", "--prediction-column pred"),
        ("y_true,y_score\n0,.5\n", "--proba-columns y_score --classes OTHER,ITS-OWN"),
        ("Y_True,proba_a\n0,.5\n", "--label-column Y_True"),
        ("y_true, proba_a\n0,.5\n", """--proba-columns '" proba_a"'"""),
        ('y_true,"prob_a, b"\n0,.5\n', """--proba-columns '"prob_a, b"'"""),
        ("y_true,x\n0,.5\n", "with --proba-columns; .* with --prediction-column"),
        ("y_true,proba_0,proba_1\n0,25%,75%\n", "Divide percentages by 100"),
        ("y_true,proba_0,proba_1\n0,25,75\n", "percentages do: divide them by 100"),
        ("y_true,proba_0,proba_1\n0,-2,1\n", "--logits does so"),
        ("y_true,proba_0,proba_1\n0,.33,.66\n", "more digits where they were rounded"),
        ("y_true;proba_0;proba_1\n0;0,3;0,7\n", r"decimal=','"),
        ("sep=;\ny_true;proba_0\n0;1\n", "'sep=;', which speaks to Excel.*Leave that"),
        ("y_true,proba_0\n1,0,.5\n", "row.names = FALSE"),
        ("y_true,proba_0\n\n0,.5\n", "an empty line, in line 2. Leave that line out"),
        ('"y_true" "proba_0"\n0 1\n', "Write the table with commas"),
        ("y_true,y_pred\nnan,a\nb,b\n", "'nan' in line 2.*missing one.*--classes"),
        ("y_true,y_pred\na ,a\nb,b\n", "written in one way. Received 'a' and 'a '"),
        ("y_true,y_pred\n1.0,1\n2,2\n", "written in one way. Received '1' and '1.0'"),
        ("id,y_true,y_pred\n1,a,b\n1,b,b\n", "as a patient, by another name"),
        ("y_true,y_pred,prob_a,prob_b\na,a,1,0\n", "--prediction-column y_pred"),
        ("y_true,proba_0,proba_1\nTrue,0,1\n", "--classes beside --proba-columns"),
        (" y_true ,proba_0\n0,1\n", "--label-column ' y_true '"),
        ("y_true, Pred \n0,1\n", "--prediction-column ' Pred '"),
        ('y_true,proba_1\n0,"[.2, .8]"\n', r"join.*\['proba_1'\]\.tolist\(\)"),
        ("y_true,proba_1\n0,.2 .7 .1\n", "Give each class a column of its own"),
        ("y_true,proba_1\n0,2 %\n1,90 %\n", "Divide percentages by 100"),
        ("y_true,proba_1\n0,2.5\n1,90\n", "Divide them by 100 if they are percent"),
        (
            "y_true,prediction\n0,.25\n1,1.0\n",
            "'.25'.*--proba-columns prediction --classes OTHER,ITS-OWN",
        ),
        ("y_true,y_pred\n0,2e-07\n1,.5\n", "whole numbers. Received '2e-07'"),
        ("y_true,y_pred\n1.5,2\n2,2.5\n", "'1.5' in line 2.*name all with --classes"),
        ("y_true,y_pred\n0,no\n1,yes\n", "'no', 'yes' beside '0', '1'. Write both"),
        ("y_true,y_pred\nno,0\nyes,1\n", "'0', '1' beside 'no', 'yes'. Write both"),
    ],
)
def test_a_refusal_says_what_to_add_or_to_write(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(PredictionsError, match=told):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "rows",
    ["1,unsure\n2,2\n", "a,b\n", "1,2.0\n", "no,1\n1,no\n"],
)
def test_labels_that_may_be_right_somewhere_are_read(tmp_path: Path, rows: str) -> None:
    found = read(tmp_path, f"y_true,y_pred\n{rows}").predictions
    assert found.hard
    assert found.n == rows.count("\n")


def test_names_with_blanks_and_commas_stand_quoted_in_the_line(tmp_path: Path) -> None:
    text = 'y_true,P(spam)\n"no, ham",.2\nspam,.7\n'
    line = "--proba-columns 'P(spam)' --classes '\"no, ham\",spam'"
    with pytest.raises(PredictionsError, match=re.escape(line)):
        read(tmp_path, text, Asked(scores=("P(spam)",)))


def test_rounding_to_three_digits_is_within_a_thousandth(tmp_path: Path) -> None:
    header = "y_true,proba_0,proba_1,proba_2\n"
    found = read(tmp_path, f"{header}0,.333,.333,.333\n").predictions
    assert "1 of 1 rows" in found.notes[0]
    with pytest.raises(PredictionsError, match=r"Received 0\.997 and the like"):
        read(tmp_path, f"{header}0,.333,.333,.332\n1,.332,.333,.332\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("p.csv.gz", "Unpack it first"),
        ("p.npy", "with numpy.savez"),
        ("p.xlsx", "Write the table as CSV"),
        ("p.pkl", "Write the table as CSV"),
        ("p.txt", "Name it after what it holds"),
    ],
)
def test_a_file_of_another_ending_is_told_the_next_step(
    tmp_path: Path, name: str, told: str
) -> None:
    with pytest.raises(PredictionsError, match=told):
        receive(tmp_path / name)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"y_true": [[0], [1]], "y_proba": np.eye(2)}, r"y_true\.ravel\(\)"),
        ({"y_true": [[0, 1], [1, 0]], "y_proba": np.eye(2)}, r"argmax\(axis=1\)"),
        (
            {"y_true": [0, 1, 1], "y_proba": np.eye(3)[:2]},
            r"numpy\.transpose\(y_proba\)\.",
        ),
        ({"y_true": [0, 1], "y_proba": np.eye(2)[:, None]}, r"reshape\(n, k\)"),
        ({"y_true": [1, 2], "y_proba": np.eye(2)}, "Count labels from 0"),
        ({"y_true": [0, 1], "y_pred": [0.2, 0.7]}, "add --proba-columns y_pred. Make"),
        ({"y_true": np.array(["a"], object), "y_pred": ["a"]}, r"astype\(str\)"),
        (
            {"y_true": [1, 2], "y_proba": np.eye(3)[1:], "class_names": [1, 2, 3]},
            r"beside '1', '2', '3'\. Save .* y_true\.astype\(str\) if they are names",
        ),
    ],
)
def test_an_archive_that_is_refused_is_told_the_next_step(
    tmp_path: Path, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(PredictionsError, match=told):
        npz(tmp_path, **members)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"y_true": [0], "proba_1": [[0.2, 0.8]]}, r"\['proba_1'\]\.tolist\(\)"),
        ({"y_true": [0, 1], "y_pred": [0.2, 0.7]}, "--proba-columns y_pred --classes"),
        ({"y_true": [b"a"], "y_pred": ["a"]}, r"astype\(str\) with text\.$"),
        ({"y_true": [0], "y_pred": [0], "meta_x": [[1]]}, "or leave the column out"),
        ({"y_true": [0], "y_pred": [0], "image": [b"PNG"]}, "Write each picture into"),
        ({"y_true": [0, 1], "proba_1": [0.2, None]}, r"counted from 1\. Leave out"),
        ({"y_true": [0] * 3, "proba_1": [None, 0.2, None]}, "from 1, and 1 more am"),
    ],
)
def test_a_parquet_table_that_is_refused_is_told_the_next_step(
    tmp_path: Path, columns: dict[str, Any], told: str
) -> None:
    write_parquet(tmp_path / "t.parquet", columns)
    with pytest.raises(PredictionsError, match=told):
        receive(tmp_path / "t.parquet")


def test_one_column_of_scores_is_told_the_whole_line(tmp_path: Path) -> None:
    text = "y_true,y_score\n0,.2\n1,.7\n"
    with pytest.raises(
        PredictionsError, match=r"--proba-columns y_score --classes 0,1"
    ):
        read(tmp_path, text, Asked(scores=("y_score",)))
    found = read(tmp_path, text, Asked(scores=("y_score",), classes=("0", "1")))
    assert found.predictions.y_proba.tolist() == [[0.8, 0.2], [1 - 0.7, 0.7]]


def test_labels_with_a_decimal_are_whole_numbers_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, "y_true,y_pred\n1.0,1\n0.0,1\n10.0,10\n")
    assert found.predictions.class_names == ("0", "1", "10")
    assert found.predictions.y_true.tolist() == [1, 0, 2]
    assert found.notes[0] == (
        "Labels are whole numbers with a decimal, such as 1.0: they were taken as 1."
    )


def test_classes_that_are_called_with_a_decimal_keep_it(tmp_path: Path) -> None:
    found = read(tmp_path, "y_true,proba_0.0,proba_1.0\n0.0,1,0\n1.0,0,1\n")
    assert found.predictions.class_names == ("0.0", "1.0")


def test_a_label_called_na_is_a_class_where_classes_are_named(tmp_path: Path) -> None:
    text = "y_true,y_pred\nNA,NA\nK,NA\n"
    found = read(tmp_path, text, Asked(classes=("K", "NA"))).predictions
    assert found.y_true.tolist() == [1, 0]


@pytest.mark.parametrize("order", [("prob_1", "prob_0"), ("prob_0", "prob_1")])
def test_columns_are_known_by_their_numbers_not_places(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    found = read(tmp_path, "label,prob_0,prob_1\n" + PAIR, Asked(scores=order))
    rows = found.predictions
    assert [rows.class_names[at] for at in rows.y_true] == ["0", "1"]
    assert rows.y_proba[0, rows.class_names.index("1")] == 0.75
    assert any("'prob_" in note for note in found.notes)


def test_numbers_from_one_are_no_places_from_zero(tmp_path: Path) -> None:
    text = "label,proba_class_1,proba_class_2,proba_class_3\n1,1,0,0\n2,0,1,0\n"
    found = read(tmp_path, text).predictions
    assert found.class_names == ("1", "2", "3")
    assert found.y_true.tolist() == [0, 1]
    with pytest.raises(PredictionsError, match=r"one of '1', '2', '3'\. Received '0'"):
        read(tmp_path, text.replace("\n2,", "\n0,"))


def test_words_behind_what_all_columns_begin_with_are_classes(tmp_path: Path) -> None:
    text = "label,p_cat,p_car\ncat,1,0\ncar,0,1\n"
    found = read(tmp_path, text, Asked(scores=("p_cat", "p_car"))).predictions
    assert found.class_names == ("cat", "car")


def test_columns_that_nobody_reads_are_told_with_their_option(tmp_path: Path) -> None:
    text = "site,y_true,proba_0,proba_1\nA,0,1,0\nB,1,0,1\n"
    assert read(tmp_path, text).notes[0] == (
        "Columns not read: 'site'. Name those with --metadata-columns that rows may "
        "fare worse by, to have them looked at."
    )


def test_a_column_of_the_index_is_not_advised_to_be_looked_at(tmp_path: Path) -> None:
    text = "Unnamed: 0,y_true,proba_0,proba_1\n0,0,1,0\n1,1,0,1\n"
    assert read(tmp_path, text).notes[0] == "Columns not read: 'Unnamed: 0'."


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        # The most probable classes of PAIR are 1 and, of a tie, the lower: 0.
        ("1,0", "'y_pred' tells the most probable class in every row"),
        ("1.0,0.0", "'y_pred' tells the most probable class in every row"),
        ("1,1", "In 1 of 2 rows column 'y_pred' tells another class.*threshold"),
        ("1,", "'y_pred' was not held against the probabilities: it holds ''"),
        ("1,x", "'y_pred' was not held against the probabilities: it holds 'x'"),
    ],
)
def test_predicted_labels_beside_probabilities_are_held_against_them(
    tmp_path: Path, decided: str, told: str
) -> None:
    first, second = decided.split(",")
    text = f"y_true,proba_0,proba_1,y_pred\n0,.25,.75,{first}\n1,.5,.5,{second}\n"
    found = read(tmp_path, text)
    assert not found.predictions.hard
    assert re.search(told, found.notes[-1])


def test_numbers_of_classes_beside_probabilities_are_places(tmp_path: Path) -> None:
    text = "y_true,proba_cat,proba_dog,y_pred\n0,.2,.8,1\n1,.9,.1,1\n"
    assert read(tmp_path, text).notes[-1].startswith("In 1 of 2 rows")


@pytest.mark.parametrize(
    ("y_pred", "told"),
    [
        ([1, 0], "tells the most probable class"),
        ([1.0, 1.0], "In 1 of 2 rows"),
        (["b", "a"], "it holds 'a', which is no class"),
        ([[0.25, 0.75], [0.5, 0.5]], "Columns not read: 'y_pred'"),
    ],
)
def test_an_archive_with_predicted_labels_is_told_of_too(
    tmp_path: Path, y_pred: Any, told: str
) -> None:
    y_proba = np.array([[0.25, 0.75], [0.5, 0.5]])
    found = npz(tmp_path, y_true=[0, 1], y_proba=y_proba, y_pred=np.array(y_pred))
    assert told in " ".join(found.notes)


def test_a_parquet_table_with_predicted_labels_is_told_of_too(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"y_true": [0, 1]}
    columns |= {"proba_0": [0.2, 0.9], "proba_1": [0.8, 0.1]}
    for decided, told in (
        ([1, 1], "In 1 of 2 rows"),
        ([1.0, 0.0], "the most probable class"),
        ([1, None], "it holds ''"),
        ([[1], [0]], "Columns not read: 'y_pred'"),
    ):
        path = write_parquet(tmp_path / "t.parquet", columns | {"y_pred": decided})
        assert told in " ".join(receive(path).notes)


def test_members_of_other_names_are_told_with_their_options(tmp_path: Path) -> None:
    told = "--label-column labels.*--proba-columns probs[.]"
    with pytest.raises(PredictionsError, match=told):
        npz(tmp_path, labels=[0, 1], probs=np.eye(2))
