"""The same predictions in text, in Parquet and as arrays are the same predictions."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from records import make_predictions
from reportgen.errors import PredictionsError
from reportgen.evaluation import evaluate
from reportgen.predictions import (
    Asked,
    Predictions,
    Received,
    bounds,
    csv_table,
    receive,
    write_predictions,
)
from reportgen.record import Sampling
from tables import columns_of, write_csv, write_parquet

MADE = make_predictions(90, 4)


def written(path: Path, columns: dict[str, Any]) -> Path:
    """Writes a table as the ending of its name says."""
    write = write_csv if path.suffix == ".csv" else write_parquet
    return write(path, columns)


def test_all_forms_give_equal_evaluations(tmp_path: Path) -> None:
    # Bit by bit: repr of a float64 is read as the same float64.
    columns = columns_of(MADE)
    write_predictions(MADE, tmp_path / "p.npz")
    write_csv(tmp_path / "p.csv", columns)
    write_parquet(tmp_path / "p.parquet", columns, row_group_size=7)
    found = [receive(tmp_path / f"p.{end}") for end in ("npz", "csv", "parquet")]
    sampling = Sampling(replicates=100)
    own = evaluate(MADE, sampling=sampling)
    for one in found:
        assert evaluate(one.predictions, sampling=sampling) == own
        assert one.notes == ()


FORMS = pytest.mark.parametrize("end", ["csv", "parquet"])


@FORMS
def test_the_order_of_columns_is_that_of_the_classes(tmp_path: Path, end: str) -> None:
    columns = {"label": ["b", "a"], "proba_b": [0.9, 0.2], "proba_a": [0.1, 0.8]}
    found = receive(written(tmp_path / f"t.{end}", columns)).predictions
    assert found.class_names == ("b", "a")
    assert found.y_true.tolist() == [0, 1]


@FORMS
def test_classes_asked_for_decide_the_order(tmp_path: Path, end: str) -> None:
    columns = {"label": ["b", "a"], "proba_b": [0.9, 0.2], "proba_a": [0.1, 0.8]}
    path = written(tmp_path / f"t.{end}", columns)
    found = receive(path, Asked(classes=("a", "b"))).predictions
    assert found.class_names == ("a", "b")
    assert found.y_proba.tolist() == [[0.1, 0.9], [0.8, 0.2]]


@FORMS
def test_logits_become_their_softmax(tmp_path: Path, end: str) -> None:
    # exp(0) / (exp(0) + exp(ln 3)) is 1/4.
    third = float(np.log(3))
    columns = {"label": ["a", "b"], "logit_a": [0.0, 800.0], "logit_b": [third, 0.0]}
    found = receive(written(tmp_path / f"t.{end}", columns))
    assert found.predictions.y_proba[0].tolist() == pytest.approx([0.25, 0.75])
    assert found.predictions.y_proba[1].tolist() == [1.0, 0.0]
    assert found.notes[0].startswith("Logits were handed over")


@FORMS
def test_the_sigmoid_of_one_logit_is_that_of_its_class(
    tmp_path: Path, end: str
) -> None:
    # 1 / (1 + exp(-ln 3)) is 3/4.
    columns = {"label": ["no", "yes"], "logit_yes": [float(np.log(3)), -5.0]}
    found = receive(written(tmp_path / f"t.{end}", columns)).predictions
    assert found.class_names == ("no", "yes")
    assert found.y_proba[0].tolist() == pytest.approx([0.25, 0.75])


@FORMS
def test_one_column_of_two_classes_gets_its_pair(tmp_path: Path, end: str) -> None:
    columns = {"label": ["no", "yes"], "proba_yes": [0.25, 0.5]}
    found = receive(written(tmp_path / f"t.{end}", columns))
    assert found.predictions.y_proba.tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert "the probability of 'no' is 1 less it" in found.notes[0]


@FORMS
def test_labels_alone_are_hard(tmp_path: Path, end: str) -> None:
    columns = {"target": [9, 10, 9], "prediction": [9, 9, 2]}
    found = receive(written(tmp_path / f"t.{end}", columns)).predictions
    assert found.hard
    assert found.class_names == ("2", "9", "10")
    assert (found.y_true.tolist(), found.y_pred.tolist()) == ([1, 2, 1], [1, 1, 0])


@FORMS
def test_metadata_are_numbers_or_text(tmp_path: Path, end: str) -> None:
    columns = columns_of(make_predictions(3, 2)) | {
        "meta_age": [31.0, None, 4.5],
        "meta_camera": ["left", "", "right"],
        "shelf": [1, 2, 3],
        "other": ["x", "y", "z"],
    }
    asked = Asked(metadata=("shelf",))
    found = receive(written(tmp_path / f"t.{end}", columns), asked)
    age, camera, shelf = found.predictions.columns
    assert (age.name, camera.name, shelf.name) == ("age", "camera", "shelf")
    assert np.array_equal(age.values, [31.0, np.nan, 4.5], equal_nan=True)
    assert camera.values.tolist() == ["left", "", "right"]
    assert shelf.values.tolist() == [1.0, 2.0, 3.0]
    [note] = found.notes
    assert note.startswith("Columns not read: 'other'. Name those with --metadata")


@FORMS
def test_rows_without_ids_are_numbered_by_part(tmp_path: Path, end: str) -> None:
    columns = columns_of(make_predictions(2, 2))
    del columns["row_id"]
    found = receive(written(tmp_path / f"t.{end}", columns), part="validation")
    ids = ["validation/000001", "validation/000002"]
    assert found.predictions.row_ids.tolist() == ids
    assert found.numbered


@FORMS
def test_labels_that_are_numbers_of_classes_are_told(tmp_path: Path, end: str) -> None:
    columns = {"label": [1, 0], "proba_cat": [0.1, 0.8], "proba_dog": [0.9, 0.2]}
    found = receive(written(tmp_path / f"t.{end}", columns))
    assert found.predictions.y_true.tolist() == [1, 0]
    assert "so that 0 is 'cat'" in found.notes[0]


@FORMS
def test_any_names_will_do_where_they_are_given(tmp_path: Path, end: str) -> None:
    columns = {"truth": ["u", "v"], "p0": [0.5, 0.25], "p1": [0.5, 0.75], "n": [7, 8]}
    asked = Asked(label="truth", scores=("p1", "p0"), classes=("v", "u"), row_ids="n")
    found = receive(written(tmp_path / f"t.{end}", columns), asked).predictions
    assert found.class_names == ("v", "u")
    assert found.y_proba.tolist() == [[0.5, 0.5], [0.75, 0.25]]
    assert found.row_ids.tolist() == ["7", "8"]


REFUSED: tuple[tuple[dict[str, list[Any]], Asked, str], ...] = (
    ({"label": ["a"], "y_true": ["a"]}, Asked(), "'label' and 'y_true'.*--label-col"),
    ({"x": ["a"], "proba_a": [1.0]}, Asked(), "columns 'x', 'proba_a'.*--label-column"),
    ({"label": ["a"], "x": [1.0]}, Asked(), "proba_<class>.*--proba-columns"),
    (
        {"label": ["c"], "proba_a": [1.0], "proba_b": [0.0]},
        Asked(),
        "'label' must hold a class in each row.*Received 'c' in (line 2|row 1)",
    ),
    (
        {"label": ["a"], "proba_a": [1.0], "logit_a": [0.0]},
        Asked(),
        "Received both.*--logits.*--proba-columns",
    ),
    ({"label": ["a"], "proba_a": [1.0]}, Asked(logits=True), "--logits asks for"),
    ({"label": ["a"], "proba_a": [1.0]}, Asked(scores=("b",)), "--proba-columns names"),
    (
        {"label": ["a"], "p": [1.0], "q": [0.0]},
        Asked(scores=("p", "q"), classes=("a",)),
        "--classes must name 2 classes.*Received 1",
    ),
    (
        {"label": ["a", "b"], "proba_a": [0.3, 0.4], "id": ["x", "x"]},
        Asked(),
        "row_ids must all differ.*'x'",
    ),
    (
        {"label": ["c", "b"], "proba_a": [0.3, 0.4]},
        Asked(),
        "column of 'a', and labels of 2: 'b', 'c'",
    ),
    (
        {"label": ["a", "b"], "logit_a": [1.0, 0.0], "logit_b": [0.0, 1.0]},
        Asked(),
        "as if it had been done",
    ),
    (
        {"label": ["a"], "logit_a": [float("inf")], "logit_b": [0.0]},
        Asked(),
        "Logits must be finite.*'row/000001'",
    ),
    (
        {"label": ["a"], "proba_a": [float("nan")], "proba_b": [0.0]},
        Asked(),
        "y_proba must be finite.*'row/000001'",
    ),
    (
        {"label": ["a"], "proba_a": [0.5], "proba_b": [0.4]},
        Asked(),
        r"sum to 1 in each row.*Received 0\.9",
    ),
    ({"label": ["a"], "y_pred": ["a"]}, Asked(), "at least two classes.*--classes"),
)


@FORMS
@pytest.mark.parametrize(("columns", "asked", "message"), REFUSED)
def test_what_is_not_clear_is_refused(
    tmp_path: Path, end: str, columns: dict[str, Any], asked: Asked, message: str
) -> None:
    with pytest.raises(PredictionsError, match=message):
        receive(written(tmp_path / f"t.{end}", columns), asked)


def read(path: Path, content: bytes | str) -> Received:
    """Writes a file as it is, and reads it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return receive(path)


HEAD = "y_true,proba_a,proba_b\n"


@pytest.mark.parametrize(
    "content",
    [
        HEAD + "a,1,0\nb,.5,5e-1\n",
        "\ufeff" + HEAD + "a,1,0\nb,.5,.5",
        (HEAD + "a,1,0\nb,.5,.5\n\n\n").replace("\n", "\r\n"),
        (HEAD + "a,1,0\nb,.5,.5\n").replace(",", ";"),
        (HEAD + "a,1,0\nb,.5,.5\n").replace(",", "\t"),
        '"y_true","proba_a","proba_b"\n"a","1","0"\n"b"," .5",.5 \n',
        (HEAD + "a,1,0\nb,.5,.5\n").replace("\n", "\r"),
    ],
)
def test_text_as_programs_write_it_is_read(tmp_path: Path, content: str) -> None:
    found = read(tmp_path / "t.csv", content).predictions
    assert found.y_proba.tolist() == [[1.0, 0.0], [0.5, 0.5]]
    assert found.y_true.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEAD.replace(",", ";") + "a;0,5;0.5\n", "'proba_a'.*'0,5' in line 2.*point"),
        (HEAD + "a,1,0\nb,,1\n", "'proba_a'.*Received '' in line 3"),
        (HEAD + "a,1,0\nb,1_0,1\n", "Received '1_0' in line 3"),
        (HEAD + "a,1,0\nb,\u0661,1\n", "Received '\u0661' in line 3"),
        (
            HEAD + "a,1,0\nb,1\n",
            "3 cells in each line.*Received 2, 'b', '1', in line 3",
        ),
        (HEAD + "\na,1,0\n", "an empty line, in line 2"),
        (HEAD + '"a\nb",1,0\nb,x,1\n', "Received 'x' in line 4"),
        (HEAD + ",1,0\n", "1 to 1,000 characters.*Received '' in line 2"),
        ("a,a,b\n1,2,3\n", "different names. Received 'a' 2 times in line 1"),
        ("0,0.5,0.5\n", "first line that names its columns. Received numbers alone"),
        ("label,proba_a;x\na,1\n", "Received a comma and a semicolon"),
        ("label\na\n", "Received none of them"),
        (HEAD, "Received a line of names alone"),
        ("", "Received an empty file"),
        (HEAD.encode("utf-16"), "text in UTF-16"),
        (b"\x1f\x8b\x08", "one that gzip packed"),
        (b"PK\x03\x04", "a workbook"),
        (b"\x89PNG\0", "bytes that are no text"),
        (HEAD.encode() + b"a,1,0\n\xe4,1,0\n", r"the byte b'\\xe4' in or after line"),
        (HEAD.encode() + bytes(5000).replace(b"\0", b"a") + b"\0\n", "NUL"),
        (HEAD + '"' + "a" * 200_000, "field larger than field limit"),
        (HEAD + "a" * 2**20, "under 1,048,576 characters"),
        (HEAD + '"a"b,1,0\n', "breaks off in line 2"),
        ("label,proba_a,meta_x\n" + "b,1,inf\na,0,1\n", "finite numbers"),
    ],
)
def test_text_that_is_no_table_is_refused(
    tmp_path: Path, content: bytes | str, message: str
) -> None:
    with pytest.raises(PredictionsError, match=message):
        read(tmp_path / "t.csv", content)


@pytest.mark.parametrize("rows", range(1, 9))
@pytest.mark.parametrize("empty", range(4))
def test_empty_lines_at_the_end_are_no_rows_wherever_a_part_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, empty: int
) -> None:
    # Four rows of two cells are read at once.
    monkeypatch.setattr(csv_table, "CELLS", 8)
    lines = "".join(f"{'ab'[row % 2]},a\n" for row in range(rows))
    text = f"y_true,y_pred\nb,b\n{lines}" + "\n" * empty
    assert read(tmp_path / "t.csv", text).predictions.n == rows + 1


@pytest.mark.parametrize("rows", range(1, 9))
@pytest.mark.parametrize("empty", [1, 2, 5])
def test_an_empty_line_before_a_row_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, empty: int
) -> None:
    monkeypatch.setattr(csv_table, "CELLS", 8)
    text = "y_true,y_pred\n" + "a,b\n" * rows + "\n" * empty + "b,b\n\n"
    with pytest.raises(PredictionsError, match=f"empty line, in line {rows + 2}\\."):
        read(tmp_path / "t.csv", text)


def test_a_table_that_takes_too_much_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two rows of two float64 and forty bytes besides are 112; texts come on top.
    monkeypatch.setattr(bounds, "LARGEST_HANDED", 111)
    with pytest.raises(PredictionsError, match="2 classes, which take 112"):
        read(tmp_path / "t.csv", HEAD + "a,1,0\nb,0,1\n")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"label": ["a", None], "proba_a": [1.0, 0.0]}, "'label'.*null in row 2"),
        ({"label": ["a", "b"], "proba_a": [1.0, None]}, "'proba_a'.*null in row 2"),
        ({"label": ["a", "b"], "proba_a": [[1.0], [0.0]]}, "numbers. Received list"),
        ({"label": ["a", "b"], "proba_a": ["1", "0"]}, "numbers. Received string"),
        ({"label": [1.0, 0.0], "proba_1": [1.0, 0.0]}, "whole numbers. Received doub"),
    ],
)
def test_columns_of_parquet_without_meaning_are_refused(
    tmp_path: Path, columns: dict[str, Any], message: str
) -> None:
    with pytest.raises(PredictionsError, match=message):
        receive(write_parquet(tmp_path / "t.parquet", columns))


def test_text_of_a_dictionary_is_read_as_text(tmp_path: Path) -> None:
    import pyarrow as pa

    labels = pa.array(["b", "a", "b"]).dictionary_encode()
    columns = {"label": labels, "proba_a": [0.5, 1.0, 0.0], "proba_b": [0.5, 0.0, 1.0]}
    found = receive(write_parquet(tmp_path / "t.parquet", columns)).predictions
    assert found.y_true.tolist() == [1, 0, 1]


@pytest.mark.parametrize("cut", [0, 4, 100, -9, -1])
def test_a_parquet_file_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = write_parquet(tmp_path / "t.parquet", columns_of(MADE))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(PredictionsError, match="must be a Parquet file"):
        receive(path)


def test_without_pyarrow_the_error_names_its_extra(tmp_path: Path) -> None:
    write_parquet(tmp_path / "t.parquet", columns_of(MADE))
    code = (
        "import sys, pathlib; sys.modules['pyarrow'] = None\n"
        "from reportgen.predictions import receive\n"
        "from reportgen.errors import PredictionsError\n"
        "try:\n    receive(pathlib.Path(sys.argv[1]))\n"
        "except PredictionsError as error:\n    print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "t.parquet")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "pip install pyarrow" in told


def hard(predictions: Predictions) -> Predictions:
    """Returns the same rows, of which labels alone were predicted."""
    return Predictions.of_labels(
        predictions.y_true, predictions.y_pred, row_ids=predictions.row_ids
    )


def test_labels_alone_survive_their_file(tmp_path: Path) -> None:
    made = hard(MADE)
    write_predictions(made, tmp_path / "p.npz")
    found = receive(tmp_path / "p.npz").predictions
    assert found.hard
    assert np.array_equal(found.y_proba, made.y_proba)
