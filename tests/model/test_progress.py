"""Progress: written and read again, refused where it is not ours, gone on with."""

import io
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen import record
from reportgen.errors import ModelError
from reportgen.model import (
    Listener,
    Network,
    Progress,
    Trained,
    TrainingPart,
    TrainingSettings,
    build_network,
    find_recipe,
    from_bytes,
    keras_quietly,
    to_bytes,
    train,
    weights_sha256,
)
from reportgen.model.progress import COLUMNS, restore, taken, to_history

MADE = Progress(
    np.arange(12, dtype=np.float64).reshape(2, COLUMNS),
    (np.arange(3, dtype=np.float32), np.array(5), np.ones((2, 2), dtype=np.float32)),
)


def test_what_was_written_is_read_again() -> None:
    found = from_bytes(to_bytes(MADE, "asked"), "asked")
    assert np.array_equal(found.epochs, MADE.epochs)
    for one, same in zip(found.values, MADE.values, strict=True):
        assert (one.dtype, one.shape) == (same.dtype, same.shape)
        assert np.array_equal(one, same)


def test_the_same_state_is_the_same_bytes_but_for_the_day() -> None:
    first, again = (
        zipfile.ZipFile(io.BytesIO(to_bytes(MADE, "asked"))) for _ in range(2)
    )
    assert first.namelist() == again.namelist()
    assert [first.read(one) for one in first.namelist()] == [
        again.read(one) for one in again.namelist()
    ]


def test_columns_become_the_history() -> None:
    # Row 0 is 0..5 and row 1 is 6..11; the last column is seconds, which are no part.
    found = to_history(MADE.epochs.tolist())
    assert found == record.History((0, 6), (1, 7), (2, 8), (3, 9), (4, 10))


def test_a_training_asked_for_otherwise_is_refused_with_both() -> None:
    with pytest.raises(ModelError, match=r"asked for the same: now.*Received then"):
        from_bytes(to_bytes(MADE, "then"), "now")


def _npz(**members: NDArray[Any]) -> bytes:
    """Returns an archive of those arrays, pickled where they are objects."""
    content = io.BytesIO()
    np.savez(content, **members)  # type: ignore[arg-type]  # NumPy's stub says bool
    return content.getvalue()


def _npy() -> bytes:
    """Returns one array outside of any archive."""
    content = io.BytesIO()
    np.save(content, MADE.epochs)
    return content.getvalue()


def _with_member(name: str, content: bytes) -> bytes:
    """Returns our archive with a member of other bytes added or put in place."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(to_bytes(MADE, "asked"))) as ours,
        zipfile.ZipFile(made, "w") as theirs,
    ):
        for one in ours.namelist():
            if one != name:
                theirs.writestr(one, ours.read(one))
        theirs.writestr(name, content)
    return made.getvalue()


def _deflated(value: NDArray[Any]) -> bytes:
    """Returns a sound archive of our members, a gigabyte in a megabyte."""
    content = io.BytesIO()
    np.savez_compressed(
        content, identity=np.array("asked"), epochs=MADE.epochs, value_0=value
    )
    return content.getvalue()


ASKED = np.array("asked")
WHOLE = to_bytes(MADE, "asked")
BROKEN = {
    "empty": b"",
    "text": b"not an archive",
    "pickle": pickle.dumps(MADE.epochs),
    "npy": _npy(),
    "cut off": WHOLE[: len(WHOLE) // 2],
    "a flipped byte": WHOLE.replace(b"\x00\x00\x80\x3f", b"\x00\x00\x80\x40", 1),
    "no identity": _npz(epochs=MADE.epochs),
    "no epochs": _npz(identity=ASKED),
    "a gap between the values": _npz(
        identity=ASKED, epochs=MADE.epochs, value_1=np.ones(2)
    ),
    "an object": _npz(
        identity=ASKED, epochs=MADE.epochs, value_0=np.array([{}], dtype=object)
    ),
    "no row": _npz(identity=ASKED, epochs=np.ones((0, COLUMNS))),
    "a row too short": _npz(identity=ASKED, epochs=np.ones((2, COLUMNS - 1))),
    "a number alone": _npz(identity=ASKED, epochs=np.array(1.0)),
    "words": _npz(identity=ASKED, epochs=np.full((2, COLUMNS), "x")),
    "a row that is not a number": _npz(
        identity=ASKED, epochs=np.full((2, COLUMNS), np.nan)
    ),
    "numbers in place of words": _npz(identity=np.array(1), epochs=MADE.epochs),
    "words that are none": _npz(identity=np.array("\ud800"), epochs=MADE.epochs),
    "numbers that are no characters": _npz(
        identity=np.array([2**32 - 1], np.uint32).view("U1").reshape(()),
        epochs=MADE.epochs,
    ),
    "zeros without end": _deflated(np.zeros(2**27)),
    "a header that is an expression": _with_member(
        "epochs.npy", b"\x93NUMPY\x01\x00\x08\x00" + b"((((((((" + bytes(8)
    ),
    "bytes that are no array": _with_member("epochs.npy", b"x"),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_progress_is_refused_with_a_way_on(content: bytes) -> None:
    with pytest.raises(ModelError, match="leave --resume out"):
        from_bytes(content, "asked")


def test_no_changed_byte_leads_to_another_error() -> None:
    # Headers of a ZIP file hold bytes that nobody reads, so some do no harm.
    for place in range(len(WHOLE)):
        changed = bytearray(WHOLE)
        changed[place] ^= 0xFF
        try:
            from_bytes(bytes(changed), "asked")
        except ModelError:
            continue


def test_another_network_is_refused(network: Network) -> None:
    optimizers = keras_quietly().optimizers
    optimizer = optimizers.Adam()
    optimizer.build(network.trainable_variables)
    state = taken(network, optimizer, [[0.0] * COLUMNS])
    restore(state, network, optimizer, epochs=1)
    wider = build_network(9, 8, classes=3, seed=7)
    other = optimizers.Adam()
    other.build(wider.trainable_variables)
    with pytest.raises(ModelError, match=r"at most 0 epochs. Received 1"):
        restore(state, network, optimizer, epochs=0)
    for broken in (state, replace(state, values=state.values[:-1])):
        with pytest.raises(ModelError, match=r"same network.*leave --resume out"):
            restore(broken, wider, other, epochs=1)


@pytest.fixture
def run(make_part: Callable[[int], Any]) -> Callable[..., tuple[Network, Trained]]:
    """Trains a tiny network for four epochs by the recipe warp."""
    part: TrainingPart = make_part(96)
    settings = TrainingSettings(find_recipe("warp"), epochs=4, batch_size=32, seed=7)

    def run(
        listener: Listener, begun: Progress | None = None
    ) -> tuple[Network, Trained]:
        # Other weights than at first: all must come from what is gone on with.
        network = build_network(8, 8, classes=3, seed=7 if begun is None else 8)
        trained = train(
            network,
            part,
            validation=make_part(30).all,
            settings=settings,
            listener=listener,
            begun=begun,
        )
        return network, trained

    return run


def test_going_on_ends_where_no_interruption_does(
    run: Callable[..., tuple[Network, Trained]],
) -> None:
    kept: list[bytes] = []

    def keep(progress: Progress) -> None:
        kept.append(to_bytes(progress, "asked"))

    ticks = count(0, 10)
    whole, first = run(Listener(lambda: float(next(ticks)), on_progress=keep))
    assert len(kept) == 4
    after_two = from_bytes(kept[1], "asked")
    later = count(1000, 7)  # seconds of another day, at another pace
    gone_on, second = run(Listener(lambda: float(next(later))), begun=after_two)
    assert second.training == first.training
    assert weights_sha256(gone_on) == weights_sha256(whole)
    for one, same in zip(gone_on.get_weights(), whole.get_weights(), strict=True):
        assert np.array_equal(one, same)
    # The pause does not count: two epochs of ten seconds, then two of seven.
    assert list(first.epoch_ends_s) == [10, 20, 30, 40]
    assert list(second.epoch_ends_s) == [10, 20, 27, 34]
    finished = from_bytes(kept[3], "asked")
    at_its_end, third = run(Listener(lambda: 0.0), begun=finished)
    assert third.training == first.training
    assert weights_sha256(at_its_end) == weights_sha256(whole)
