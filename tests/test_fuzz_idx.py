"""Whatever the bytes of an IDX file: an error of ours, or what they say."""

from fuzzed_data import IDX, mutated, open_idx
from hypothesis import given, settings
from hypothesis import strategies as st

FUZZED = settings(max_examples=2000, deadline=None, derandomize=True)


@FUZZED
@given(mutated(IDX) | st.binary(max_size=200))
def test_bytes_are_refused_or_read_as_they_are(content: bytes) -> None:
    open_idx(content)
