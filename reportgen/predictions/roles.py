"""Which column is what: by its name, or as the user says; never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from reportgen.errors import PredictionsError
from reportgen.predictions.advice import (
    label_advice,
    likely_scores,
    prediction_advice,
)
from reportgen.predictions.bounds import check_class_count, check_column_count
from reportgen.predictions.checks import NAMED, shown
from reportgen.record.slices import Origin

LABELS = ("y_true", "label", "target", "true_label")
PREDICTED = ("y_pred", "prediction", "predicted_label")
ROW_IDS = ("row_id", "row_ids", "id")
IMAGES = ("image", "image_path")
"""Names of columns that are known by them; two of one kind are refused."""

PROBA, LOGIT, METADATA = "proba_", "logit_", "meta_"
"""What the names of columns begin with, the name of a class or property behind it."""

NAMED_UNREAD = 20
"""Columns that nobody reads, of which a note tells."""

PAIR = 2
"""Classes of a problem for which one column is enough."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of the columns; what is left out is found by its name.

    Attributes:
        label: Column of true labels.
        scores: Columns of probabilities or logits, in the order of the classes; one
            alone is of the second of two classes.
        classes: Names of the classes, in the order of the columns.
        logits: Whether the scores are logits.
        predicted: Column of predicted labels, to be evaluated without probabilities.
        row_ids: Column of names of rows.
        images: Column of paths of images.
        metadata: Columns of properties, besides those that begin with "meta_".
    """

    label: str | None = None
    scores: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    logits: bool = False
    predicted: str | None = None
    row_ids: str | None = None
    images: str | None = None
    metadata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A column of metadata.

    Attributes:
        column: Its name in the file.
        name: Its name on a page.
        origin: Whether it was handed over or measured on images.
    """

    column: str
    name: str
    origin: Origin = "metadata"


@dataclass(frozen=True, slots=True)
class Roles:
    """What each column is.

    Attributes:
        label: The one of true labels.
        scores: Those of probabilities or logits, empty where labels were predicted.
        class_names: Their classes; empty where these are not known from columns.
        positive: The class of a column that stands alone for two, None otherwise.
        logits: Whether the scores are logits.
        predicted: That of predicted labels, None where scores are read.
        row_ids: That of names of rows, None where there is none.
        images: That of paths of images, None where there is none.
        metadata: Those of properties.
        unread: Those that nobody reads.
        numbered: Whether the classes have no names but the numbers of their columns.
        beside: That of predicted labels which stand beside scores; None without.
    """

    label: str
    scores: tuple[str, ...]
    class_names: tuple[str, ...]
    positive: str | None
    logits: bool
    predicted: str | None
    row_ids: str | None
    images: str | None
    metadata: tuple[Property, ...]
    unread: tuple[str, ...]
    numbered: bool = False
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class _Scores:
    """Columns of scores, as in `Roles`."""

    columns: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    positive: str | None = None
    logits: bool = False


def roles_of(columns: Sequence[str], asked: Asked, *, file: str) -> Roles:
    """Returns what each column of a table is.

    Args:
        columns: Their names, all different.
        asked: What the user says of them.
        file: What to call the table in an error.

    Raises:
        PredictionsError: One that is needed or asked for is missing, or two could be
            the same.
    """
    label = one_of(columns, LABELS, asked.label, flag="--label-column", file=file)
    if label is None:
        wanted = f"true labels: {_either(LABELS)}"
        _refuse_missing(columns, file, wanted, label_advice(columns))
    scores = _Scores() if asked.predicted else _scores(columns, asked, file)
    predicted = None
    if not scores.columns:
        predicted = one_of(
            columns, PREDICTED, asked.predicted, flag="--prediction-column", file=file
        )
        others = [name for name in columns if name != label]
        if predicted is None:
            wanted = f"{PROBA}<class> for each class, or of predicted labels"
            _refuse_missing(columns, file, wanted, prediction_advice(others))
        if asked.predicted is None:
            _check_no_scores([name for name in others if name != predicted], predicted)
    ids = one_of(columns, ROW_IDS, asked.row_ids, flag="--id-column", file=file)
    image = one_of(columns, IMAGES, asked.images, flag="--image-column", file=file)
    metadata = properties_of(columns, asked, file=file)
    used = {label, *scores.columns, predicted, ids, image}
    used |= {one.column for one in metadata}
    rest = [name for name in columns if name not in used]
    beside = beside_of(rest) if scores.columns else None
    return Roles(
        label=label,
        scores=scores.columns,
        class_names=scores.class_names or asked.classes,
        positive=scores.positive,
        logits=scores.logits,
        predicted=predicted,
        row_ids=ids,
        images=image,
        metadata=metadata,
        unread=tuple(name for name in rest if name != beside),
        beside=beside,
    )


def beside_of(columns: Sequence[str]) -> str | None:
    """Returns the one column that has a known name of predicted labels, else None."""
    found = [name for name in columns if name in PREDICTED]
    return found[0] if len(found) == 1 else None


def without_beside(roles: Roles) -> Roles:
    """Returns the roles where what stands beside scores cannot be read as labels."""
    assert roles.beside is not None
    return replace(roles, beside=None, unread=(*roles.unread, roles.beside))


def one_of(
    columns: Sequence[str],
    known: tuple[str, ...],
    asked: str | None,
    *,
    flag: str,
    file: str,
) -> str | None:
    """Returns the column asked for, or that of a known name; None without.

    Raises:
        PredictionsError: That is not there, or two have a known name.
    """
    if asked is not None:
        if asked not in columns:
            raise PredictionsError(
                f"{file} must have the column {shown(asked)}, which {flag} names. "
                f"Received {listed(columns)}. Name one of these."
            )
        return asked
    found = [name for name in columns if name in known]
    if len(found) > 1:
        raise PredictionsError(
            f"{file} must have one column of {_either(known)}. Received "
            f"{' and '.join(map(repr, found))}, which may not say the same. Name the "
            f"one that is meant with {flag}."
        )
    return found[0] if found else None


def _either(names: tuple[str, ...]) -> str:
    """Returns names as alternatives."""
    return f"{', '.join(names[:-1])} or {names[-1]}"


def listed(columns: Sequence[str]) -> str:
    """Returns the first columns, and how many there are besides."""
    few = ", ".join(map(shown, columns[: 2 * NAMED]))
    more = len(columns) - 2 * NAMED
    return f"{few or 'none'}{f' and {more:,} more' if more > 0 else ''}"


def _refuse_missing(
    columns: Sequence[str], file: str, wanted: str, advice: str
) -> NoReturn:
    """Refuses a table without a column that is needed."""
    raise PredictionsError(
        f"{file} must name its columns, and have one of {wanted}. Received the columns "
        f"{listed(columns)}. {advice}"
    )


def _check_no_scores(rest: Sequence[str], predicted: str) -> None:
    """Refuses to evaluate labels alone where other columns may be probabilities."""
    if likely_scores(rest):
        raise PredictionsError(
            f"Predicted labels in {shown(predicted)} must stand alone, or beside "
            f"{PROBA}<class> for each class. Received columns that may hold "
            f"probabilities: {listed(likely_scores(rest))}. {prediction_advice(rest)} "
            f"To evaluate the labels without them, add --prediction-column {predicted}."
        )


def _scores(columns: Sequence[str], asked: Asked, file: str) -> _Scores:
    """Returns the columns of scores, none where there are none."""
    if asked.scores:
        return _asked_scores(columns, asked, file)
    proba = tuple(name for name in columns if name.startswith(PROBA))
    logits = tuple(name for name in columns if name.startswith(LOGIT))
    if asked.logits and not logits:
        raise PredictionsError(
            f"{file} must have columns {LOGIT}<class>, which --logits asks for. "
            f"Received {listed(columns)}. Name them with --proba-columns, or leave "
            "out --logits."
        )
    if proba and logits and not asked.logits:
        raise PredictionsError(
            f"{file} must have probabilities or logits. Received both, as "
            f"{shown(proba[0])} and {shown(logits[0])}. Choose the logits with "
            "--logits, or name the probabilities with --proba-columns."
        )
    chosen = logits if asked.logits or not proba else proba
    if not chosen:
        return _Scores()
    prefix = LOGIT if chosen is logits else PROBA
    by_class = {name.removeprefix(prefix): name for name in chosen}
    if len(chosen) == 1:
        [positive] = by_class
        return _Scores(chosen, _pair(asked, positive), positive, chosen is logits)
    names = _ordered(tuple(by_class), asked, prefix)
    ordered = tuple(by_class[name] for name in names)
    return _Scores(ordered, names, None, chosen is logits)


def _asked_scores(columns: Sequence[str], asked: Asked, file: str) -> _Scores:
    """Returns the columns that --proba-columns names."""
    for name in asked.scores:
        one_of(columns, (), name, flag="--proba-columns", file=file)
    if len(set(asked.scores)) < len(asked.scores):
        raise PredictionsError(
            f"--proba-columns must name each column once. Received "
            f"{listed(asked.scores)}."
        )
    prefix = next(
        (p for p in (PROBA, LOGIT) if all(n.startswith(p) for n in asked.scores)), ""
    )
    bare = tuple(name.removeprefix(prefix) for name in asked.scores)
    logits = asked.logits or prefix == LOGIT
    if len(bare) == 1:
        positive = asked.classes[-1] if len(asked.classes) == PAIR else bare[0]
        return _Scores(asked.scores, _pair(asked, positive), positive, logits)
    names = asked.classes or bare
    check_class_count(len(names))
    if len(names) != len(bare):
        raise PredictionsError(
            f"--classes must name {len(bare)} classes, one for each of "
            f"--proba-columns. Received {len(names)}: {listed(names)}."
        )
    return _Scores(asked.scores, names, None, logits)


def _pair(asked: Asked, positive: str) -> tuple[str, ...]:
    """Returns the two classes of a column that stands alone, where they are named."""
    if asked.classes and (len(asked.classes) != PAIR or positive not in asked.classes):
        raise PredictionsError(
            f"--classes must name two classes, {shown(positive)} and the other one, "
            f"since there is a column of that alone. Received {listed(asked.classes)}."
        )
    return asked.classes


def _ordered(found: tuple[str, ...], asked: Asked, prefix: str) -> tuple[str, ...]:
    """Returns the classes of the columns, in the order asked for."""
    check_class_count(len(found))
    if not asked.classes:
        return found
    if sorted(found) != sorted(asked.classes):
        strange = sorted(set(found) ^ set(asked.classes)) or list(asked.classes)
        raise PredictionsError(
            f"--classes must name the classes of the columns {prefix}<class>, each "
            f"once. Received a difference in {listed(strange)}. Name other columns "
            "with --proba-columns."
        )
    return asked.classes


def properties_of(
    columns: Sequence[str], asked: Asked, *, file: str
) -> tuple[Property, ...]:
    """Returns the columns of metadata, in the order of the file.

    Raises:
        PredictionsError: One that is asked for is missing, or there are too many.
    """
    for name in asked.metadata:
        one_of(columns, (), name, flag="--metadata-columns", file=file)
    found = tuple(
        Property(name, name.removeprefix(METADATA))
        for name in columns
        if name in asked.metadata or (name.startswith(METADATA) and name != METADATA)
    )
    check_column_count(len(found))
    return found
