"""How much predictions may take, whoever wrote them; looked at before they are read."""

from reportgen.errors import PredictionsError

LARGEST_HANDED = 2**30
"""Bytes that predictions handed over may take in memory: a million rows of a hundred
classes. A small file may claim more: zeros unpack to a thousandfold."""

LARGEST_CARRIED = 2**29
"""Likewise of those that a report carries."""

MOST_CLASSES = 2_500
"""The table of classes by classes grows with their square: of these a record has 60
million bytes, and of more it would be too large to be read again."""

MOST_COLUMNS = 200
"""Properties of the rows besides label and prediction."""

LONGEST_NAME = 1_000
"""Characters of a class name, row id or value of a column."""

CHARACTER_BYTES = 4
BESIDES_BYTES = 40
"""What a row takes besides: its label, and to look for ids that are there twice."""


def check_room(room: int, largest: int, *, name: str, n: int, k: int) -> None:
    """Refuses what would take too much memory.

    Args:
        room: Bytes that it would take.
        largest: Bytes that it may.
        name: What to call the file.
        n: Rows.
        k: Classes.
    """
    if room > largest:
        raise PredictionsError(
            f"{name} must take at most {largest:,} bytes of memory, probabilities as "
            f"float64. Received {n:,} rows of {k:,} classes, which take {room:,}. "
            "Evaluate a sample of the rows."
        )


def check_class_count(k: int) -> None:
    """Refuses more classes than can be tabled against one another."""
    if k > MOST_CLASSES:
        raise PredictionsError(
            f"class_names must name at most {MOST_CLASSES:,} classes, since they are "
            f"tabled against one another. Received {k:,}. Pool the rarest."
        )


def check_column_count(columns: int) -> None:
    """Refuses more properties of rows than anybody could read about."""
    if columns > MOST_COLUMNS:
        raise PredictionsError(
            f"Metadata must have at most {MOST_COLUMNS} columns. Received {columns:,}. "
            "Leave out those that tell rows apart by chance."
        )
