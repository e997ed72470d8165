"""Fuzzes the reader of stranger's PDFs, guided by what its code does.

It reads in its own process, with no bounds but those of libFuzzer: a crash or a hang
of qpdf or PDFium ends the run and is kept as a file. atheris is no dependency of the
tests; install it beside them, then run for as long as wished:

    pip install atheris
    PYTHONPATH=tests python -P benchmarks/fuzz/papers.py -max_total_time=600 found/
"""

import random
import sys

import atheris

with atheris.instrument_imports(include=["reportgen.render.reading"]):
    import test_fuzz_papers as target


def read(data: bytes) -> None:
    """Takes the bytes apart as they are, and what they make of a sound PDF."""
    target.taken_apart(b"%PDF-1.7\n" + data)
    target.taken_apart(target.mutated(random.Random(data)))  # noqa: S311 - draws, no secrets


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
