"""Whatever the bytes of a table: an error of ours, or what its cells say."""

from fuzzed_data import TABLES, mutated, open_table
from hypothesis import given, settings
from hypothesis import strategies as st

FUZZED = settings(max_examples=2000, deadline=None, derandomize=True)


@FUZZED
@given(mutated(TABLES) | st.binary(max_size=200))
def test_tables_are_refused_or_read_cell_by_cell(content: bytes) -> None:
    open_table(content)
