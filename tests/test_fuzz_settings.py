"""Whatever a configuration says: an error of ours, or the values of the file."""

from fuzzed_data import OPTIONS, SETTINGS, mutated, open_settings
from hypothesis import given, settings
from hypothesis import strategies as st

FUZZED = settings(max_examples=2000, deadline=None, derandomize=True)

WORDS = st.sampled_from([*OPTIONS, "card", "title", "tool", "retrain", "[", "]", "{"])
SIGNS = st.sampled_from(
    ['"', "'", "=", ".", ",", "\n", " ", "#", "\\u001b", "1979-01-02"]
)
VALUES = st.integers().map(str) | st.floats().map(str) | st.booleans().map(str)
LINES = st.lists(WORDS | SIGNS | VALUES | st.text(max_size=5), max_size=30)


@FUZZED
@given(
    mutated(SETTINGS)
    | LINES.map(lambda words: "".join(words).encode(errors="replace"))
    | st.binary(max_size=200)
)
def test_settings_are_refused_or_read_as_they_are(content: bytes) -> None:
    open_settings(content)
