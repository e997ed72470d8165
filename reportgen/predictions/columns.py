"""What is known of each row besides its label and prediction."""

from dataclasses import dataclass
from typing import Any
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import PredictionsError
from reportgen.predictions.arrays import array_of
from reportgen.predictions.checks import check_text, shown
from reportgen.record.slices import Origin

LONGEST = 200
"""Characters of a name: it stands in tables, and names a member of an archive."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One property of n rows; the array is read-only.

    Attributes:
        name: As "camera" or "ink".
        values: (n,) float64, NaN where a number is missing, or (n,) str, empty where a
            text is.
        origin: "metadata" where it was handed over, "image" where it was measured.

    Raises:
        PredictionsError: The values are neither, masked, not one a row, or no text; or
            the name is empty, too long or holds control characters.
    """

    name: str
    values: NDArray[np.float64] | NDArray[np.str_]
    origin: Origin = "metadata"

    def __post_init__(self) -> None:
        _check_name(self.name)
        values: NDArray[Any] = array_of(self.name, self.values)
        if values.ndim != 1 or values.dtype.kind not in "fiuU":
            raise PredictionsError(
                f"{shown(self.name)} must hold one number or text a row. Received "
                f"{values.dtype} of shape {values.shape}. Leave the column out."
            )
        if values.dtype.kind == "U":
            values = values.astype(values.dtype.newbyteorder("="))
            check_text(self.name, values)
        else:
            values = values.astype(np.float64)
        values = values.copy()
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.values)


def _check_name(name: str) -> None:
    """Refuses a name that no table can show and no archive can hold."""
    wrong = not 0 < len(name) <= LONGEST
    if wrong or any(category(sign) in {"Cc", "Cs"} for sign in name):
        raise PredictionsError(
            f"A column must have a name of 1 to {LONGEST} characters that can be "
            f"printed. Received {shown(name)}. Rename it."
        )
