"""The members of an NPZ file as a table, whoever wrote it.

What the headers say is looked at first: nothing is unpacked whose type, shape or size
could not be that of predictions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.npz import MAGIC, Header, Npz, UnsoundError, open_npz
from reportgen.predictions.assembling import Table
from reportgen.predictions.bounds import (
    BESIDES_BYTES,
    CHARACTER_BYTES,
    LONGEST_NAME,
    check_class_count,
    check_column_count,
    check_room,
)
from reportgen.predictions.checks import (
    check_kind,
    check_length,
    check_shapes,
    check_text,
    shown,
)
from reportgen.predictions.coding import Coded, coded
from reportgen.predictions.columns import Column
from reportgen.predictions.roles import (
    LABELS,
    METADATA,
    PAIR,
    PREDICTED,
    ROW_IDS,
    Asked,
    Property,
    Roles,
    listed,
    one_of,
    properties_of,
)

SCORES = ("y_proba", "logits")
CLASS_NAMES, CONTENTS = "class_names", "contents"
MEASURED = "image_"
"""What the name of a column begins with that was measured on images."""

OWN = frozenset({"y_true", "y_proba", "y_pred", CLASS_NAMES, "row_ids", CONTENTS})
"""Members that reportgen writes, besides columns."""

WIDEST_NUMBER_BYTES = 21 * CHARACTER_BYTES
"""What a row id takes that was a whole number of 64 bits, as text."""


@dataclass(frozen=True, slots=True)
class _Members:
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
            self.class_names,
            roles.row_ids,
            self.contents,
            *(one.column for one in roles.metadata),
        )
        return tuple(name for name in several if name is not None)


def read_npz(
    file: BinaryIO, asked: Asked, *, name: str, largest: int, alone: bool = False
) -> tuple[Table, Roles]:
    """Returns what an NPZ file holds, and what each of its members is.

    Args:
        file: It, open, at its beginning.
        asked: What the user says of its members.
        name: What to call it in an error.
        largest: Bytes that it may take in memory.
        alone: Whether it may hold nothing but what reportgen writes.

    Raises:
        PredictionsError: It is no such file, or too large.
    """
    _check_archive(file, name)
    try:
        with open_npz(file, lambda names: _wanted(names, asked, name)) as npz:
            if alone:
                _check_own(npz, name)
            members = _members(npz.arrays, asked, name)
            k = _check_headers(npz.headers, members, asked)
            n = npz.headers[members.roles.label].shape[0]
            room = _room(npz.headers, members, n, k)
            check_room(room, largest, name=name, n=n, k=k)
            return _table(npz, members, asked, k)
    except UnsoundError as error:
        raise PredictionsError(
            f"{name} must be an NPZ file without pickled objects, as numpy.savez "
            f"writes it. Received a broken one: {error}. Save it again."
        ) from error


def _check_archive(file: BinaryIO, name: str) -> None:
    """Refuses a single array, which numpy.save writes."""
    if file.read(len(MAGIC)) == MAGIC:
        raise PredictionsError(
            f"{name} must be an NPZ file. Received a single array. Save all of y_true, "
            "y_proba, class_names and row_ids with numpy.savez."
        )
    file.seek(0)


def _wanted(names: tuple[str, ...], asked: Asked, file: str) -> tuple[str, ...]:
    """Returns the members to look at; those of ours where roles are not clear."""
    try:
        return _members(names, asked, file).read
    except PredictionsError:  # raised again once the archive is known to be sound
        return tuple(OWN.intersection(names))


def _members(names: Iterable[str], asked: Asked, file: str) -> _Members:
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
    members = _Members(roles, class_names, contents)
    unread = tuple(name for name in present if name not in members.read)
    return replace(members, roles=replace(roles, unread=unread))


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


def _check_own(npz: Npz, name: str) -> None:
    """Refuses a file that lacks a member, or holds what reportgen never wrote."""
    columns = {one for one in npz.arrays if one.startswith((METADATA, MEASURED))}
    strange = Counter(npz.names) - Counter({*OWN, *columns})
    if strange:
        first = min(strange)
        raise PredictionsError(
            f"{name} must hold y_true, y_proba, class_names, row_ids and columns, and "
            f"nothing else. Received {shown(first)}. Ask for the file as reportgen "
            "wrote it."
        )
    needed = ("y_true", CLASS_NAMES, "row_ids")
    missing = [one for one in needed if one not in npz.headers]
    if missing or ("y_proba" in npz.names and "y_pred" in npz.names):
        raise PredictionsError(
            f"{name} must hold {', '.join(needed)}, and y_proba or y_pred. Received "
            f"{listed(npz.names)}. Ask for the file as reportgen wrote it."
        )


def _check_headers(
    headers: Mapping[str, Header], members: _Members, asked: Asked
) -> int:
    """Refuses types, shapes and sizes that predictions cannot have; returns k."""
    roles = members.roles
    for member in members.read:
        check_kind(member, headers[member].dtype, _kinds(member, members))
        _check_width(member, headers[member])
    shape = headers[roles.label].shape
    k = _class_count(headers, members, asked)
    ids = headers[roles.row_ids].shape if roles.row_ids else shape
    if roles.scores:
        scores = headers[roles.scores[0]].shape
        alone = (k == PAIR and len(scores) < PAIR) or scores[1:] == (1,)
        check_shapes(shape, ids, (*scores[:1], k) if alone else scores, k)
    elif roles.predicted:
        check_shapes(shape, ids, (*headers[roles.predicted].shape, k), k)
    rest = [one.column for one in roles.metadata]
    for member in (*rest, *([members.contents] if members.contents else [])):
        check_length(member, headers[member].shape, shape)
    return k


def _kinds(member: str, members: _Members) -> str:
    """Returns NumPy's letters of the types that a member may be of."""
    roles = members.roles
    if member in roles.scores:
        return "fiu"
    if member == members.contents:
        return "u"
    if member in {roles.label, roles.predicted, members.class_names, roles.row_ids}:
        return "Uiu"
    return "fUiu"


def _check_width(member: str, header: Header) -> None:
    """Refuses room for names that nobody could read."""
    width = header.dtype.itemsize // CHARACTER_BYTES
    if header.dtype.kind == "U" and width > LONGEST_NAME:
        raise PredictionsError(
            f"{shown(member)} must have at most {LONGEST_NAME:,} characters each. "
            f"Received room for {width:,}. Shorten the longest."
        )


def _class_count(headers: Mapping[str, Header], members: _Members, asked: Asked) -> int:
    """Returns how many classes there are; 2 where the labels alone will tell."""
    if asked.classes:
        k = len(asked.classes)
    elif members.class_names:
        shape = headers[members.class_names].shape
        if len(shape) != 1:
            raise PredictionsError(
                f"class_names must have shape (k,), one name a class. Received {shape}."
                " List the names in the order of the columns."
            )
        k = shape[0]
    elif members.roles.scores:
        shape = headers[members.roles.scores[0]].shape
        k = PAIR if len(shape) == 1 or shape[1:] == (1,) else (*shape[1:], 0)[0]
    else:
        k = PAIR
    check_class_count(k)
    return k


def _room(headers: Mapping[str, Header], members: _Members, n: int, k: int) -> int:
    """Returns the bytes that the arrays take once they are read and looked at."""
    roles = members.roles
    scores = headers[roles.scores[0]] if roles.scores else None
    twice = scores is not None and (scores.column_order or roles.logits)
    copies = 2 if twice else 1  # as they are, and row by row or as probabilities
    ids = headers[roles.row_ids].dtype if roles.row_ids else None
    text = ids.itemsize if ids is not None and ids.kind == "U" else WIDEST_NUMBER_BYTES
    rest = sum(2 * max(headers[one.column].dtype.itemsize, 8) for one in roles.metadata)
    labels = (roles.label, roles.predicted)
    rest += sum(headers[m].dtype.itemsize for m in labels if m and _is_text(headers[m]))
    return n * (copies * k * 8 + text + rest + BESIDES_BYTES)


def _is_text(header: Header) -> bool:
    """Returns whether an array holds text."""
    return bool(header.dtype.kind == "U")


def _table(npz: Npz, members: _Members, asked: Asked, k: int) -> tuple[Table, Roles]:
    """Returns the arrays of an NPZ whose headers were looked at."""
    roles = members.roles
    names = asked.classes
    if members.class_names:
        names = tuple(map(str, _read(npz, members.class_names).tolist()))
    scores = None
    if roles.scores:
        scores = npz.read(roles.scores[0], dtype=np.float64)
        scores = scores.reshape(len(scores), -1)  # (n, k), or (n, 1) for two classes
    labels = _labels(npz, roles.label, known=bool(names) or scores is not None)
    if not names and isinstance(labels, Coded) and scores is not None:
        raise PredictionsError(
            "class_names must say which column is whose, where labels are text. "
            f"Received {listed(labels.values)} as labels, and no class_names. Save "
            "them beside y_proba, or name them in order with --classes."
        )
    roles = replace(roles, class_names=names)
    if scores is not None and not names:
        roles = replace(roles, class_names=tuple(map(str, range(k))), numbered=True)
    if scores is not None and scores.shape[1] == 1:
        roles = replace(roles, positive=roles.class_names[-1])
    predicted = roles.predicted
    table = Table(
        labels=labels,
        scores=scores,
        predicted=_labels(npz, predicted, known=bool(names)) if predicted else None,
        row_ids=_read(npz, roles.row_ids).astype(np.str_) if roles.row_ids else None,
        columns=tuple(
            Column(one.name, _read(npz, one.column), one.origin)
            for one in roles.metadata
        ),
        contents=npz.read(members.contents) if members.contents else None,
    )
    return table, roles


def _labels(npz: Npz, member: str, *, known: bool) -> Coded | NDArray[Any]:
    """Returns labels: whole numbers as they are, where classes are numbered."""
    found = _read(npz, member)
    return found if known and found.dtype.kind in "iu" else coded(member, found)


def _read(npz: Npz, member: str) -> NDArray[Any]:
    """Returns an array, after a look at its text."""
    found = npz.read(member)
    if found.dtype.kind == "U":
        check_text(member, found)
    return found
