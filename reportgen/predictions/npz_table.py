"""The members of an NPZ file as a table, whoever wrote it.

What the headers say is looked at first: nothing is unpacked whose type, shape or size
could not be that of predictions.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.npz import MAGIC, Header, Npz, UnsoundError, open_npz
from reportgen.predictions.advice import predicted_numbers_advice
from reportgen.predictions.assembling import Table
from reportgen.predictions.bounds import (
    BESIDES_BYTES,
    CHARACTER_BYTES,
    LONGEST_NAME,
    check_class_count,
    check_room,
)
from reportgen.predictions.checks import (
    check_kind,
    check_length,
    check_shapes,
    check_text,
    few,
    shown,
)
from reportgen.predictions.coding import Coded, coded
from reportgen.predictions.columns import Column
from reportgen.predictions.npz_roles import (
    CLASS_NAMES,
    CONTENTS,
    MEASURED,
    Members,
    members_of,
)
from reportgen.predictions.roles import (
    METADATA,
    PAIR,
    Asked,
    Roles,
    listed,
    without_beside,
)
from reportgen.predictions.spelling import may_be_names

OWN_IDS = "row_ids"
OWN = frozenset({"y_true", "y_proba", "y_pred", CLASS_NAMES, OWN_IDS, CONTENTS})
"""Members that reportgen writes, besides columns."""

WIDEST_NUMBER_BYTES = 21 * CHARACTER_BYTES
"""What a row id takes that was a whole number of 64 bits, as text."""


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
            members = _readable(members_of(npz.arrays, asked, name), npz.headers)
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
        return members_of(names, asked, file).read
    except PredictionsError:  # raised again once the archive is known to be sound
        return tuple(OWN.intersection(names))


def _readable(members: Members, headers: Mapping[str, Header]) -> Members:
    """Returns the members, without labels beside probabilities that are none."""
    roles = members.roles
    if roles.beside is None:
        return members
    header = headers[roles.beside]
    fits = header.shape == headers[roles.label].shape and header.dtype.kind in "fUiu"
    if fits and header.dtype.itemsize <= LONGEST_NAME * CHARACTER_BYTES:
        return members
    return replace(members, roles=without_beside(roles))


def _check_own(npz: Npz, name: str) -> None:
    """Refuses a file that lacks a member, or holds what reportgen never wrote."""
    begins = (METADATA, MEASURED)
    columns = {one for one in npz.arrays if one.startswith(begins)} - {*begins}
    strange = Counter(npz.names) - Counter({*OWN, *columns})
    if strange:
        first = min(strange)
        raise PredictionsError(
            f"{name} must hold y_true, y_proba, class_names, row_ids and columns, and "
            f"nothing else. Received {shown(first)}. Ask for the file as reportgen "
            "wrote it."
        )
    needed = ("y_true", CLASS_NAMES, OWN_IDS)
    missing = [one for one in needed if one not in npz.headers]
    if missing or ("y_proba" in npz.names and "y_pred" in npz.names):
        raise PredictionsError(
            f"{name} must hold {', '.join(needed)}, and y_proba or y_pred. Received "
            f"{listed(npz.names)}. Ask for the file as reportgen wrote it."
        )


def _check_headers(
    headers: Mapping[str, Header], members: Members, asked: Asked
) -> int:
    """Refuses types, shapes and sizes that predictions cannot have; returns k."""
    roles = members.roles
    for member in members.read:
        if member == roles.beside:
            continue  # looked at before
        dtype = headers[member].dtype
        if member == roles.predicted and dtype.kind == "f":
            raise PredictionsError(
                f"{shown(member)} must hold text or whole numbers. Received dtype "
                f"{dtype}. {predicted_numbers_advice(member, each=False)}"
            )
        check_kind(member, dtype, _kinds(member, members))
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


def _kinds(member: str, members: Members) -> str:
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


def _class_count(headers: Mapping[str, Header], members: Members, asked: Asked) -> int:
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


def _room(headers: Mapping[str, Header], members: Members, n: int, k: int) -> int:
    """Returns the bytes that the arrays take once they are read and looked at."""
    roles = members.roles
    scores = headers[roles.scores[0]] if roles.scores else None
    twice = scores is not None and (scores.column_order or roles.logits)
    copies = 2 if twice else 1  # as they are, and row by row or as probabilities
    ids = headers[roles.row_ids].dtype if roles.row_ids else None
    text = ids.itemsize if ids is not None and ids.kind == "U" else WIDEST_NUMBER_BYTES
    rest = sum(2 * max(headers[one.column].dtype.itemsize, 8) for one in roles.metadata)
    labels = (roles.label, roles.predicted, roles.beside)
    rest += sum(headers[m].dtype.itemsize for m in labels if m and _is_text(headers[m]))
    return n * (copies * k * 8 + text + rest + BESIDES_BYTES)


def _is_text(header: Header) -> bool:
    """Returns whether an array holds text."""
    return bool(header.dtype.kind == "U")


def _table(npz: Npz, members: Members, asked: Asked, k: int) -> tuple[Table, Roles]:
    """Returns the arrays of an NPZ whose headers were looked at."""
    roles = members.roles
    names, numerals = asked.classes, False
    if members.class_names:
        named = _read(npz, members.class_names)
        names, numerals = tuple(map(str, named.tolist())), named.dtype.kind in "iu"
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
        beside=_read(npz, roles.beside) if roles.beside else None,
    )
    if numerals or roles.row_ids != OWN_IDS:
        _check_one_meaning(table, names)
    return table, roles


def _check_one_meaning(table: Table, class_names: tuple[str, ...]) -> None:
    """Refuses numbers that could be names of classes as well as their places.

    Not of a file that may be ours: it has row ids beside names that are text, and its
    labels are places. Of that a note tells.
    """
    if may_be_names(table.placed, class_names):
        raise PredictionsError(
            "Labels must be text where whole numbers could be names of classes as well "
            f"as places. Received such numbers beside {few(class_names)}. Save "
            "class_names with astype(str), and labels as y_true.astype(str) if they "
            "are names, as class_names[y_true] if they are places, counted from 0."
        )


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
