"""Which member of an NPZ file is what: by its name, or as the user says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import (
    label_advice,
    likely_labels,
    likely_scores,
    prediction_advice,
)
from reportgen.predictions.bounds import check_column_count
from reportgen.predictions.roles import (
    LABELS,
    PREDICTED,
    ROW_IDS,
    Asked,
    Property,
    Roles,
    beside_of,
    listed,
    one_of,
    properties_of,
)

SCORES = ("y_proba", "logits")
CLASS_NAMES, CONTENTS = "class_names", "contents"
MEASURED = "image_"
"""What the name of a column begins with that was measured on images."""


@dataclass(frozen=True, slots=True)
class Members:
    """Which member is what.

    Attributes:
        roles: Of those that are named as columns.
        class_names: That of the names of classes, None without.
        contents: That of hashes of what rows show, None without.
    """

    roles: Roles
    class_names: str | None
    contents: str | None

    @property
    def read(self) -> tuple[str, ...]:
        """Names of all members that are read."""
        roles = self.roles
        several = (
            roles.label,
            *roles.scores,
            roles.predicted,
            roles.beside,
            self.class_names,
            roles.row_ids,
            self.contents,
            *(one.column for one in roles.metadata),
        )
        return tuple(name for name in several if name is not None)


def members_of(names: Iterable[str], asked: Asked, file: str) -> Members:
    """Returns which member is what."""
    present = tuple(dict.fromkeys(names))
    if asked.images is not None:
        raise PredictionsError(
            "--image-column must come with a table, CSV or Parquet. Received it with "
            f"{file}. Hand the images over with --images."
        )
    label = one_of(present, LABELS, asked.label, flag="--label-column", file=file)
    score = None if asked.predicted else _score(present, asked, file)
    predicted = None
    if score is None:
        flag = "--prediction-column"
        predicted = one_of(present, PREDICTED, asked.predicted, flag=flag, file=file)
    wanted = {"y_true": label, "y_proba": score or predicted}
    missing = [one for one, found in wanted.items() if found is None]
    if label is None or missing:
        raise PredictionsError(
            f"{file} must hold y_true, and y_proba, logits or y_pred. Missing: "
            f"{', '.join(missing)}; received: {listed(present)}. Save them with "
            "numpy.savez, or name them with --label-column and --proba-columns."
            f"{_advice(present, missing)}"
        )
    class_names = CLASS_NAMES if CLASS_NAMES in present and not asked.classes else None
    contents = CONTENTS if CONTENTS in present else None
    roles = Roles(
        label=label,
        scores=(score,) if score else (),
        class_names=asked.classes,
        positive=None,
        logits=score is not None and (asked.logits or score == "logits"),
        predicted=predicted,
        row_ids=one_of(present, ROW_IDS, asked.row_ids, flag="--id-column", file=file),
        images=None,
        metadata=_properties(present, asked, file),
        unread=(),
    )
    members = Members(roles, class_names, contents)
    if score:
        beside = beside_of([one for one in present if one not in members.read])
        members = replace(members, roles=replace(roles, beside=beside))
    unread = tuple(name for name in present if name not in members.read)
    return replace(members, roles=replace(members.roles, unread=unread))


def _advice(names: tuple[str, ...], missing: list[str]) -> str:
    """Returns the options that name members which may be the missing ones."""
    advice = ""
    if "y_true" in missing and likely_labels(names):
        advice += f" {label_advice(names)}"
    if "y_proba" in missing and likely_scores(names):
        advice += f" {prediction_advice(names, each=False)}"
    return advice


def _score(names: tuple[str, ...], asked: Asked, file: str) -> str | None:
    """Returns the member of scores, None without."""
    if asked.scores:
        if len(asked.scores) > 1:
            raise PredictionsError(
                "--proba-columns must name one member of an NPZ file, an array of a "
                f"column a class. Received {listed(asked.scores)}."
            )
        return one_of(names, (), asked.scores[0], flag="--proba-columns", file=file)
    known = ("logits",) if asked.logits else SCORES
    found = one_of(names, known, None, flag="--proba-columns", file=file)
    if asked.logits and found is None:
        raise PredictionsError(
            f"{file} must hold logits, which --logits asks for. Received "
            f"{listed(names)}. Name them with --proba-columns, or leave out --logits."
        )
    return found


def _properties(
    names: tuple[str, ...], asked: Asked, file: str
) -> tuple[Property, ...]:
    """Returns the members of metadata, and those that were measured on images."""
    measured = tuple(
        Property(name, name.removeprefix(MEASURED), "image")
        for name in names
        if name.startswith(MEASURED) and name not in {MEASURED, *asked.metadata}
    )
    found = (*properties_of(names, asked, file=file), *measured)
    check_column_count(len(found))
    order = {name: at for at, name in enumerate(names)}
    return tuple(sorted(found, key=lambda one: order[one.column]))
