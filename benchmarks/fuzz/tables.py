"""Fuzzes the reader of tables of predictions with coverage, from sound ones on.

Any exception but ours ends it, and so does what a second reader reads otherwise; the
file that brought it is left.

    pip install atheris                       # for Python 3.11 to 3.13 on Linux
    PYTHONPATH=.:tests python -P benchmarks/fuzz/tables.py -max_total_time=600
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reportgen.predictions", "csv"]):
    from fuzzed_data import TABLES, open_table


def main() -> None:
    """Runs until it is stopped, or for as long as it is told to."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, content in enumerate(TABLES):
            Path(corpus, str(number)).write_bytes(content)
        atheris.Setup([*sys.argv, "-max_len=4096", corpus], open_table)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
