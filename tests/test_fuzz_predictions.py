"""Whatever the bytes of predictions: an error of ours, or what NumPy reads."""

from fuzzed_data import PREDICTIONS, SCORES, mutated, open_predictions, remade
from hypothesis import given, settings
from hypothesis import strategies as st

FUZZED = settings(max_examples=2000, deadline=None, derandomize=True)


@FUZZED
@given(mutated(PREDICTIONS) | remade(SCORES) | st.binary(max_size=200))
def test_predictions_are_refused_or_read_as_numpy_does(content: bytes) -> None:
    open_predictions(content)
