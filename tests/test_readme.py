"""README, changelog and CI say what is so."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportgen.cli import main
from reportgen.cli.config import Config, read_config
from reportgen.metrics import METRICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOREIGN = {"--quiet"}
"""Options of the other programs that the README calls."""


def blocks(language: str) -> list[str]:
    """Returns the fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def known_options() -> set[str]:
    """Returns the options of all our commands."""
    commands = [main, *main.commands.values()]
    return {option for command in commands for p in command.params for option in p.opts}


def test_every_option_named_exists() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert named <= known_options() | FOREIGN


def test_every_command_called_exists() -> None:
    called = set(re.findall(r"(?m)(?:bin/|`|^)reportgen ([a-z]+)", README))
    assert called == set(main.commands)


def test_ci_calls_the_test_command_word_by_word() -> None:
    [command] = [block for block in blocks("sh") if "tox" in block]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"\n{command}" in ci


def shown_configuration(text: str, folder: Path) -> Config:
    """Returns what is read of a configuration, its options as they were written."""
    (folder / "reportgen.toml").write_text(text, encoding="utf-8")
    options = {p.name for p in main.commands["build"].params if p.name}
    config = read_config(None, folder, options)
    assert config.options == {
        key: value
        for key, value in tomllib.loads(text).items()
        if key not in {"card", "requirements"}
    }
    return config


def test_the_configurations_shown_are_accepted(tmp_path: Path) -> None:
    configs = [shown_configuration(text, tmp_path) for text in blocks("toml")]
    assert any(config.title for config in configs)
    assert any("recall[4] >= 0.97" in map(str, c.requirements) for c in configs)


def test_the_predictions_shown_are_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    [example] = [block for block in blocks("python") if "scores.npz" in block]
    [command] = [block for block in blocks("sh") if "--validation-predictions" in block]
    # The second file holds the same rows by other names.
    other = example.replace("scores.npz", "held-back.npz").replace(
        '["a", "b", "c"]', '["d", "e", "f"]'
    )
    for code in (example, other):
        subprocess.run([sys.executable, "-c", code], check=True)
    words = shlex.split(command)[1:]
    result = CliRunner().invoke(main, [*words, "--format", "json"])
    assert result.exit_code == 0, result.output
    assert "output/scores/record.json" in result.stdout


def test_the_map_names_every_room() -> None:
    rooms = {
        path.name.removesuffix(".py")
        for path in (ROOT / "reportgen").iterdir()
        if not path.name.startswith("_") and path.name != "py.typed"
    }
    table = README[README.index("| floor |") : README.index("Imports point down")]
    assert rooms <= set(re.findall(r"`([a-z]+)/?`", table))


def test_the_nine_numbers_are_named_as_the_scores_are() -> None:
    labels = [metric.label for metric in METRICS][:9]
    table = README[README.index("| score |") :].split("\n\n", maxsplit=1)[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert rows == labels


def test_every_file_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


DOCS = (ROOT / "docs" / "intervals.md").read_text(encoding="utf-8")


def cells(line: str) -> list[str]:
    """Returns the cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_coverage_shown_first_is_that_of_the_whole_table() -> None:
    table = README[README.index("| score | n = 500, 60 % |") :].split("\n\n")[0]
    head, _, *rows = map(cells, table.splitlines())
    shown = {
        (row[0], *re.findall(r"\d[\d,]*\d", sizes)): share
        for row in rows
        for sizes, share in zip(head[1:], row[1:], strict=True)
    }
    whole = {
        (line[2], line[0], f"{float(line[1]):.0%}".rstrip("%")): line[4]
        for line in map(cells, DOCS.splitlines())
        if re.fullmatch(r"[\d,]+", line[0]) and line[2] in {row[0] for row in rows}
    }
    assert len(shown) == 42
    assert shown == whole


def test_every_file_that_the_docs_link_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", DOCS):
        assert (ROOT / "docs" / target).resolve().exists(), target


def test_the_changelog_speaks_of_every_command() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for command in main.commands:
        assert command in changelog, command
