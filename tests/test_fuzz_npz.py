"""Whatever the bytes of a dataset's archive: an error of ours, or what NumPy reads."""

from fuzzed_data import DATASET, DATASETS, mutated, open_dataset, remade
from hypothesis import given, settings
from hypothesis import strategies as st

FUZZED = settings(max_examples=2000, deadline=None, derandomize=True)


@FUZZED
@given(mutated(DATASETS) | remade(DATASET) | st.binary(max_size=200))
def test_archives_are_refused_or_read_as_numpy_does(content: bytes) -> None:
    open_dataset(content)
