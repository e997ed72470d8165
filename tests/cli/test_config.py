"""reportgen.toml: precedence, unknown keys, the author's words."""

from pathlib import Path

import pytest

from reportgen.cli.config import (
    CARD_WORDS,
    COMMAND_LINE_ONLY,
    NUMBERS,
    SWITCHES,
    WHOLE_NUMBERS,
    read_config,
)
from reportgen.errors import UsageError

OPTIONS = (
    "dataset",
    "output",
    "name",
    "epochs",
    "batch_size",
    "seed",
    "level",
    "check_intervals",
    "quiet",
)


def write(folder: Path, text: str, name: str = "reportgen.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    config = read_config(None, tmp_path, OPTIONS)
    assert config.options == {}
    assert config.title is None
    assert [word.key for word in config.words] == list(CARD_WORDS)
    assert all(word.text is None for word in config.words)


def test_options_may_be_written_with_dashes(tmp_path: Path) -> None:
    write(tmp_path, "batch-size = 64\nseed = 7")
    assert read_config(None, tmp_path, OPTIONS).options == {"batch_size": 64, "seed": 7}


def test_the_tools_own_table_of_a_pyproject_is_read(tmp_path: Path) -> None:
    write(tmp_path, "[tool.reportgen]\nseed = 7", "pyproject.toml")
    assert read_config(None, tmp_path, OPTIONS).options == {"seed": 7}


def test_reportgen_toml_goes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path, "[tool.reportgen]\nseed = 7", "pyproject.toml")
    write(tmp_path, "seed = 8")
    assert read_config(None, tmp_path, OPTIONS).options == {"seed": 8}


def test_the_authors_words_are_read(tmp_path: Path) -> None:
    write(tmp_path, '[card]\ntitle = "Digits"\nintended_use = " Post codes. "')
    config = read_config(None, tmp_path, OPTIONS)
    assert config.title == "Digits"
    assert config.words[0].text == "Post codes."
    assert config.words[1].text is None


def test_an_empty_word_counts_as_not_filled_in(tmp_path: Path) -> None:
    write(tmp_path, '[card]\nintended_use = "  "')
    assert read_config(None, tmp_path, OPTIONS).words[0].text is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed = 7", "Received 'sed'. The nearest is 'seed'"),
        ('[card]\nintendet_use = "x"', "nearest is 'intended_use'"),
        ("[card]\nethics = 5", "hold ethics as text. Received 5"),
        ("card = 5", r"hold \[card\] as a table. Received 5"),
        ("seed = ", "must be readable TOML"),
        ("seed = " + 9999 * "[", "must be readable TOML"),
        ("epochs = [1]", r"hold epochs as a whole number. Received \[1\]"),
        ("epochs = 2.9", "hold epochs as a whole number. Received 2.9"),
        ("epochs = true", "hold epochs as a whole number. Received True"),
        ("batch-size = '64'", "hold batch_size as a whole number. Received '64'"),
        ("seed = {a = 1}", "hold seed as a whole number. Received {'a': 1}"),
        ('level = "0.9"', "hold level as a number. Received '0.9'"),
        ("level = true", "hold level as a number. Received True"),
        ("check-intervals = 1", "hold check_intervals as true or false. Received 1"),
        ("quiet = 1", "hold quiet as true or false. Received 1"),
        ("output = 5", "hold output as text. Received 5"),
        ('dataset = ["a"]', r"hold dataset as text. Received \['a'\]"),
        ('name = "a\\u0000b"', "hold name as text without NUL"),
        ('[card]\nethics = "a\\u0000b"', "hold ethics as text without NUL"),
        ("[requirements]\naccuracy = 0.9", "Received 'requirements'"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UsageError, match=message):
        read_config(None, tmp_path, OPTIONS)


@pytest.mark.parametrize(
    ("text", "table"),
    [("tool = 5", "tool"), ("[tool]\nreportgen = 5", "tool.reportgen")],
)
def test_both_tables_of_a_pyproject_must_be_tables(
    tmp_path: Path, text: str, table: str
) -> None:
    write(tmp_path, text, "pyproject.toml")
    with pytest.raises(UsageError, match=rf"hold \[{table}\] as a table. Received 5"):
        read_config(None, tmp_path, OPTIONS)


@pytest.mark.parametrize(
    ("key", "flag"),
    [
        ("retrain", "--retrain"),
        ("resume", "--resume"),
        ("json", "--json"),
        ("as-json", "--json"),
        ("config", "--config"),
    ],
)
def test_what_a_call_asks_for_stands_in_no_file(
    tmp_path: Path, key: str, flag: str
) -> None:
    write(tmp_path, f"{key} = true")
    with pytest.raises(UsageError, match=f"on the command line only: {flag}"):
        read_config(None, tmp_path, OPTIONS)


def test_every_option_that_is_no_text_is_known_as_such() -> None:
    from reportgen.cli import main

    options = {option.name: option.type for option in main.commands["build"].params}
    kinds = {name: kind.name for name, kind in options.items() if name is not None}
    whole = {name for name, kind in kinds.items() if kind.startswith("integer")}
    numbers = {name for name, kind in kinds.items() if kind.startswith("float")}
    switches = {name for name, kind in kinds.items() if kind == "boolean"}
    assert whole == WHOLE_NUMBERS
    assert numbers == NUMBERS
    assert switches - COMMAND_LINE_ONLY.keys() == SWITCHES


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--config must name a file.*gone\.toml"):
        read_config(tmp_path / "gone.toml", tmp_path, OPTIONS)
