"""reportgen.toml: precedence, unknown keys, the author's words."""

import os
from collections.abc import Callable
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
        ("[requirement]", "nearest is 'requirements'; known are .*card.*requirements"),
        ("[cards]", "nearest is 'card'; known are"),
        ("xyz = 7", r"Received 'xyz'\. Known are .*seed"),
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
        ('name = "a\\u0000b"', "hold name as text without control"),
        ('[card]\nethics = "a\\u0000b"', "hold ethics as text without control"),
        ("seed = " + 5000 * "9", "Exceeds the limit"),
        ("seed = 0x" + 5000 * "f", "Received a whole number of 20,000 bits"),
        ("dataset = 0x" + 5000 * "f", "hold dataset as text.*of 20,000 bits"),
        ("level = 1" + 400 * "0", "hold level as a number. Received a whole number"),
        ("seed = " + 300 * "[" + 300 * "]", r"Received \[+\.\.\.\]+\."),
        ("seed = " + 300 * "{a=" + "1" + 300 * "}", "must be readable TOML|{'a'"),
        ("epochs" + 65 * ".a" + " = 1", "keys of at most 64 parts"),
        ("[" + 400_000 * "a." + "a]", "keys of at most 64 parts"),
        ("'a'" + 99_000 * " . 'a'" + " = 1", "keys of at most 64 parts"),
        ("# " + 2**20 * "a", "at most 1,048,576 bytes"),
        (f"{900_000 * 'a'} = 1", r"Received 'a{20,}\.\.\.a+'\. Known are"),
        (f'[card]\ntitle = "{301 * "a"}"', "at most 300 characters. Received 301"),
        (f'[card]\nethics = "{10_001 * "a"}"', "at most 10,000 char.*Received 10,001"),
        ('[card]\nethics = "a\\u001b[2J"', r"Received '\\x1b' in 'a\\x1b\[2J'"),
        ('[card]\ntitle = "a\\nb"', "hold title as text without control"),
        ('output = "a\\u0085b"', "hold output as text without control"),
        ("seed = 7\nseed = 8", "Cannot overwrite a value"),
        ("requirements = 5", r"hold \[requirements\] as a table. Received 5"),
        ("[requirements]\naccuracy = 0.9", "must hold 'accuracy' as text"),
        (
            '[requirements]\nacuracy = ">= 0.9"',
            r"toml must name .*nearest is 'accuracy'",
        ),
        ('[requirements.recall]\n8 = "> 2"', "with a number in 0 to 1. Received 2"),
        ("require = 'accuracy >= 0.9'", r"--require; a file has .*\[requirements\]"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UsageError, match=message):
        read_config(None, tmp_path, OPTIONS)


def test_words_may_have_lines_and_emoji(tmp_path: Path) -> None:
    words = "First.\\n\\tSecond \\U0001F468\\u200D\\U0001F680."
    write(tmp_path, f'[card]\nlimits = "{words}"')
    said = read_config(None, tmp_path, OPTIONS).card["limits"]
    assert said == "First.\n\tSecond \U0001f468\u200d\U0001f680."


def test_an_address_in_a_sentence_is_no_deep_key(tmp_path: Path) -> None:
    address = ".".join("0123456789abcdef" * 2) + ".ip6.arpa"  # 34 parts
    write(tmp_path, f'[card]\ncontact = "{address} ..................... {address}"')
    assert read_config(None, tmp_path, OPTIONS).card["contact"].startswith(address)


def link_to_nothing(path: Path) -> None:
    path.symlink_to("gone")


def link_to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("name", ["reportgen.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (os.mkfifo, "a pipe is no file"),
        (link_to_zeros, "a device is no file"),
        (link_to_nothing, "a link to nothing"),
        (os.mkdir, "Is a directory"),
    ],
)
def test_what_bears_the_name_of_a_configuration_is_not_passed_over(
    tmp_path: Path, name: str, make: Callable[[Path], None], message: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(UsageError, match=message):
        read_config(None, tmp_path, OPTIONS)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_bytes(b"\x80\x04")
    with pytest.raises(UsageError, match="another file: 'utf-8' codec can't decode"):
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
        ("trust-model", "--trust-model"),
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
