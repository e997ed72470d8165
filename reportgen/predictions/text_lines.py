"""The lines of a text file of a stranger, within bounds."""

import io
from collections.abc import Generator
from io import BufferedReader

from reportgen.errors import PredictionsError

LONGEST_LINE = 2**20
"""Characters of a line: 2,500 classes with 17 digits each take 50,000."""

PIECE_BYTES = 2**20

FORMATS = (
    (b"\x1f\x8b", "one that gzip packed; unpack it first"),
    (b"PK\x03\x04", "a ZIP or a workbook of a spreadsheet; export the sheet as CSV"),
    (b"PAR1", "a Parquet file; give it the ending .parquet"),
    (b"\x93NUMPY", "an array of NumPy; save it with numpy.savez, as .npz"),
    (b"\xff\xfe", "text in UTF-16; save it in UTF-8"),
    (b"\xfe\xff", "text in UTF-16; save it in UTF-8"),
)
"""First bytes of what is handed over as text, and is none."""


def count_lines(file: BufferedReader) -> int:
    """Returns how many lines a file has, ended by LF, CR or both."""
    ends, last = 0, b""
    while piece := file.read(PIECE_BYTES):
        pairs = (last + piece).count(b"\r\n")
        ends += piece.count(b"\n") + piece.count(b"\r") - pairs
        last = piece[-1:]
    return ends + (last not in {b"\n", b"\r"})


def check_text_file(file: BufferedReader, name: str) -> None:
    """Refuses a file that does not begin as text; leaves it at its beginning."""
    start = file.read(4096)
    file.seek(0)
    known = next((label for sign, label in FORMATS if start.startswith(sign)), None)
    if known or b"\0" in start or not start:
        received = known or ("bytes that are no text" if start else "an empty file")
        advice = "" if known else " Save the table as CSV in UTF-8."
        raise PredictionsError(
            f"{name} must be text in UTF-8, a line of names and a line for each row. "
            f"Received {received}.{advice}"
        )


def lines_of(file: BufferedReader, name: str) -> Generator[str, None, None]:
    """Yields the lines with their ends; a mark of UTF-8 at the beginning is left out.

    Raises:
        PredictionsError: One is no UTF-8, holds NUL, or is too long.
    """
    # Detached at the end: closing it would close the file.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE or "\0" in line:
                long = f"more than {LONGEST_LINE - 1:,} characters"
                received = "NUL, which is no text" if "\0" in line else long
                raise PredictionsError(
                    f"{name} must have lines of text of under {LONGEST_LINE:,} "
                    f"characters. Received {received} in line {number:,}. Write a line "
                    "for each row."
                )
            yield line
    except UnicodeDecodeError as error:
        wrong = error.object[error.start : error.start + 1]
        raise PredictionsError(
            f"{name} must be text in UTF-8. Received the byte {wrong!r} in or after "
            f"line {number + 1:,}. Save it in UTF-8."
        ) from error
    finally:
        text.detach()
