"""Fuzzes the gate of pickled models with coverage, from valid ones on.

Any exception but ours ends it, and leaves the file that brought it.

    pip install atheris                       # for Python 3.11 to 3.13 on Linux
    PYTHONPATH=.:tests python benchmarks/fuzz/pickled_model.py -max_total_time=600
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reportgen.model", "pickletools"]):
    from fuzzed_models import PICKLES, open_pickle


def main() -> None:
    """Runs until it is stopped, or for as long as it is told to."""
    with tempfile.TemporaryDirectory() as corpus:
        for number, content in enumerate(PICKLES):
            Path(corpus, str(number)).write_bytes(content)
        atheris.Setup([*sys.argv, "-max_len=4096", corpus], open_pickle)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
