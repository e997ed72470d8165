"""NPZ files of other programs, and all that ours hold."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from records import make_predictions
from reportgen.errors import PredictionsError
from reportgen.predictions import (
    Asked,
    Column,
    Predictions,
    Received,
    parse_predictions,
    receive,
    to_npz,
)

MADE = make_predictions(30, 3)


def received(path: Path, asked: Asked | None = None, **members: Any) -> Received:
    """Returns what a file of those members is read as."""
    np.savez(path, **members)
    return receive(path, asked or Asked())


PROBA = np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0]])


def test_all_that_a_run_holds_survives_its_file() -> None:
    made = Predictions(
        MADE.y_true,
        MADE.y_proba,
        MADE.class_names,
        MADE.row_ids,
        columns=(
            Column("camera/left", np.array(["a", "", "b"] * 10)),
            Column("age", np.array([1.5, np.nan, 3.0] * 10)),
            Column("brightness", np.arange(30.0), "image"),
        ),
        contents=np.arange(30, dtype=np.uint64),
    )
    found = parse_predictions(to_npz(made), name="predictions.npz")
    assert [(c.name, c.origin) for c in found.columns] == [
        ("camera/left", "metadata"),
        ("age", "metadata"),
        ("brightness", "image"),
    ]
    for one, other in zip(found.columns, made.columns, strict=True):
        assert one.values.dtype == other.values.dtype
        assert np.array_equal(one.values.astype(str), other.values.astype(str))
    assert found.contents is not None
    assert found.contents.tolist() == list(range(30))
    assert to_npz(found) == to_npz(made)


def test_classes_without_names_are_called_by_their_numbers(tmp_path: Path) -> None:
    found = received(tmp_path / "p.npz", y_true=np.array([0, 1, 1]), y_proba=PROBA)
    assert found.predictions.class_names == ("0", "1")
    assert found.notes[0].startswith("No class names were handed over")


def test_text_labels_are_known_by_the_names(tmp_path: Path) -> None:
    found = received(
        tmp_path / "p.npz",
        y_true=np.array(["dog", "cat", "dog"]),
        y_proba=PROBA,
        class_names=np.array(["dog", "cat"]),
    )
    assert found.predictions.y_true.tolist() == [0, 1, 0]


AMBIGUOUS = [([1, 1, 1], ["1", "2"]), ([1, 1, 1], ["01", "02"]), ([0, 1, 0], [1, 0])]


@pytest.mark.parametrize(("labels", "names"), AMBIGUOUS)
def test_numbers_that_are_names_and_places_of_others_are_refused(
    tmp_path: Path, labels: list[int], names: list[Any]
) -> None:
    # A 1 is the class "1" by its name, and "2" by its place.
    told = r"names of classes as well as places.*class_names\[y_true\]"
    with pytest.raises(PredictionsError, match=told):
        received(tmp_path / "p.npz", y_true=labels, y_proba=PROBA, class_names=names)


def test_predicted_numbers_tell_that_labels_are_places(tmp_path: Path) -> None:
    # No class is called 0.
    members: dict[str, Any] = {"y_true": [1, 1], "class_names": ["1", "2"]}
    found = received(tmp_path / "p.npz", **members, y_pred=[0, 1])
    assert found.predictions.y_true.tolist() == [1, 1]
    with pytest.raises(PredictionsError, match="as well as places"):
        received(tmp_path / "p.npz", **members, y_pred=[1, 1])


def test_a_file_of_ours_keeps_its_places_and_they_are_told(tmp_path: Path) -> None:
    # Of the classes 1, 2, 3 no row is of the first: by names all would shift by one.
    proba = np.eye(3)[[1, 2, 2]]
    ids = np.array(["a", "b", "c"])
    made = Predictions(np.array([1, 2, 1]), proba, ("1", "2", "3"), ids)
    (tmp_path / "p.npz").write_bytes(to_npz(made))
    found = receive(tmp_path / "p.npz", Asked())
    assert found.predictions.y_true.tolist() == [1, 2, 1]
    [note] = found.notes
    assert "counted from 0, so that 0 is '1'. Save them with astype(str)" in note


@pytest.mark.parametrize("names", [("0", "1"), ("3", "9"), ("-1", "1"), ("a", "b")])
def test_a_file_of_ours_with_clear_numbers_is_read_without_a_note(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    ids = np.array(["a", "b", "c"])
    for labels in ([0, 1, 1], [1, 1, 1]):
        made = Predictions(np.array(labels), PROBA, names, ids)
        (tmp_path / "p.npz").write_bytes(to_npz(made))
        found = receive(tmp_path / "p.npz", Asked())
        assert found.predictions.y_true.tolist() == labels
        assert found.notes == ()


def test_text_labels_without_names_of_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PredictionsError, match=r"which column is whose.*--classes"):
        received(tmp_path / "p.npz", y_true=np.array(["a", "b", "a"]), y_proba=PROBA)


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_column_is_of_the_second_class(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    proba = PROBA[:, 1].reshape(shape)
    found = received(tmp_path / "p.npz", y_true=np.array([0, 1, 1]), y_proba=proba)
    assert np.array_equal(found.predictions.y_proba, PROBA)


def test_logits_are_read_as_such_by_their_name(tmp_path: Path) -> None:
    # exp(0) / (exp(0) + exp(ln 3)) is 1/4.
    logits = np.array([[0, np.log(3)], [1, 1], [2, 2]])
    found = received(tmp_path / "p.npz", y_true=np.array([0, 1, 1]), logits=logits)
    assert found.predictions.y_proba[0].tolist() == pytest.approx([0.25, 0.75])


def test_logits_beside_probabilities_must_be_chosen(tmp_path: Path) -> None:
    members: dict[str, Any] = {
        "y_true": np.array([0, 1, 1]),
        "y_proba": PROBA,
        "logits": PROBA * 3,
    }
    with pytest.raises(PredictionsError, match="'y_proba' and 'logits'"):
        received(tmp_path / "p.npz", **members)
    chosen = received(tmp_path / "p.npz", Asked(scores=("y_proba",)), **members)
    assert np.array_equal(chosen.predictions.y_proba, PROBA)
    assert chosen.notes[0] == "Columns not read: 'logits'."


def test_predicted_numbers_outside_of_the_classes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        PredictionsError, match=r"y_pred must lie in 0\.\.1.*Received 7"
    ):
        received(
            tmp_path / "p.npz",
            y_true=np.array([0, 1]),
            y_pred=np.array([7, 1]),
            class_names=np.array(["a", "b"]),
        )


def test_a_strangers_file_may_not_hold_logits() -> None:
    import io

    file = io.BytesIO()
    np.savez(file, y_true=[0, 1], logits=np.eye(2), class_names=["a", "b"])
    with pytest.raises(PredictionsError, match=r"else\. Received 'logits'"):
        parse_predictions(file.getvalue(), name="predictions.npz")


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, "\x1b[2J"])
def test_a_column_without_a_printable_name_is_refused(name: str) -> None:
    with pytest.raises(PredictionsError, match="name of 1 to 200 characters"):
        Column(name, np.zeros(3))


@pytest.mark.parametrize("member", ["meta_", "image_", "y_pred", "label"])
def test_a_strangers_file_holds_what_reportgen_writes_alone(member: str) -> None:
    with np.load(io.BytesIO(to_npz(make_predictions(9, 3)))) as whole:
        members = {name: whole[name] for name in whole.files}
    file = io.BytesIO()
    np.savez(file, **members, **{member: members["y_true"]})
    with pytest.raises(PredictionsError, match="as reportgen wrote it"):
        parse_predictions(file.getvalue(), name="p.npz")
