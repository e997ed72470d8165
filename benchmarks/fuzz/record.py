"""Fuzzes the reader of record.json, guided by what its code does.

atheris is no dependency of the tests; install it beside them, then run for as long as
wished, with a folder that keeps what was found:

    pip install atheris
    PYTHONPATH=tests python -P benchmarks/fuzz/record.py -max_total_time=600 found/
"""

import random
import sys

import atheris

with atheris.instrument_imports(include=["reportgen.record"]):
    import test_fuzz_record as target


def read(data: bytes) -> None:
    """Reads the bytes as they are, and what they make of a sound record."""
    target.read(data)
    target.read(target.mutated(random.Random(data)))  # noqa: S311 - draws, no secrets


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
