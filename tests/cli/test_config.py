"""reportgen.toml: precedence, unknown keys, the author's words."""

from pathlib import Path

import pytest

from reportgen.cli.config import CARD_WORDS, read_config
from reportgen.errors import UsageError

OPTIONS = ("dataset", "epochs", "batch_size", "seed")


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
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(UsageError, match=message):
        read_config(None, tmp_path, OPTIONS)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--config must name a file.*gone\.toml"):
        read_config(tmp_path / "gone.toml", tmp_path, OPTIONS)
