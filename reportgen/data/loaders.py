"""The datasets that have a name, one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from reportgen.data import mnist
from reportgen.data.dataset import Dataset
from reportgen.data.files import load_path, name_after
from reportgen.data.places import Places
from reportgen.data.published import number_rows
from reportgen.errors import DataError, UsageError

DIGITS_TITLE = "Handwritten digits, 8 by 8"
DIGITS_SOURCE = (
    "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine "
    "Learning Repository, the test part, as scikit-learn carries it"
)
DIGITS_WHITE = 16
"""The brightest value in scikit-learn's digits."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A dataset that can be asked for by name.

    Attributes:
        key: Name on the command line, as "mnist".
        title: Name on the page.
        load: Returns the dataset, given where it may lie.
    """

    key: str
    title: str
    load: Callable[[Places], Dataset]


def load_digits(_places: Places) -> Dataset:
    """Returns scikit-learn's 1,797 digits, scaled from 0-16 to 0-255.

    No split was published for them.
    """
    from sklearn.datasets import load_digits as load_bunch

    bunch = load_bunch()
    images = np.rint(bunch.images * 255 / DIGITS_WHITE).astype(np.uint8)  # (n, 8, 8)
    return Dataset(
        key="digits",
        title=DIGITS_TITLE,
        source=DIGITS_SOURCE,
        images=images,
        labels=bunch.target.astype(np.int64),
        class_names=tuple(str(name) for name in bunch.target_names),
        row_ids=number_rows("digits", len(images)),
        official_test=None,
    )


LOADERS: tuple[Loader, ...] = (
    Loader(mnist.NAMING.key, mnist.NAMING.title, mnist.load_mnist),
    Loader("digits", DIGITS_TITLE, load_digits),
)
"""The first row is the default."""


def load_dataset(key: str | None, places: Places) -> Dataset:
    """Returns the dataset of that name, or the user's own.

    Args:
        key: Key of a row of `LOADERS`; None for the first row, or for `places.data`
            under its own name. With `places.data` any other key names those data, and
            "mnist" is believed only if they are MNIST.
        places: Where datasets may lie.

    Raises:
        DataError: It is missing or broken, or does not go with `places.data`.
        UsageError: No dataset has that name.
    """
    if places.data is not None and key not in {loader.key for loader in LOADERS}:
        naming = name_after(places.data, key)
        return load_path(places.data, naming=naming, order=places.class_order)
    if places.data is not None and key != mnist.NAMING.key:
        raise DataError(
            f"--dataset {key} needs no --data. Received {places.data}. Leave one of "
            "them out, or call your own data by another name."
        )
    return _loader(LOADERS[0].key if key is None else key).load(places)


def _loader(key: str) -> Loader:
    """Returns the row of that key."""
    rows = {loader.key: loader for loader in LOADERS}
    if key not in rows:
        close = get_close_matches(key.lower(), rows, n=1)
        nearest = f"The nearest is {close[0]!r}; name" if close else "Name"
        raise UsageError(
            f"dataset must be one of {', '.join(rows)}. Received {key!r}. {nearest} "
            "your own files with --data PATH."
        )
    return rows[key]
