"""Every command of the README runs, in order and in one folder; so does its Python.

What takes minutes is cut short by variables, and says so here; what needs a network is
listed with what runs it instead.
"""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from reportgen.cli import main
from reportgen.model import keras_quietly

pytestmark = [pytest.mark.slow, pytest.mark.mnist]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FLAGS = re.DOTALL | re.MULTILINE

OURS = {"reportgen", ".venv/bin/reportgen"}

NOT_RUN = {
    "python3 -m venv .venv": "makes an environment, as tox does for these tests",
    ".venv/bin/pip install --quiet .": "needs a network; tox installs the built wheel",
    ".venv/bin/pip install --quiet tox tox-uv": "needs a network; .ci/run calls it",
    ".venv/bin/tox": "runs these tests; .ci/run calls it",
}
"""Commands that are not run here, and why."""

SHORT = {
    "REPORTGEN_EPOCHS": "1",  # 30 passes, or 500, take minutes
    "REPORTGEN_BOOTSTRAP": "100",
    "REPORTGEN_OFFLINE": "1",
}
"""What every command is cut short by."""

RECORD_ALONE = {
    "reportgen build --retrain --dataset digits": "test_main_job.py reads such pages",
    "reportgen build --retrain": "render writes the pages of this run",
    "reportgen build": "likewise",
    "reportgen build --retrain --recipe warp": "likewise",
}
"""Commands whose pages are left out, which take ten seconds each, and why."""


def copied(source: str) -> Callable[[Path], None]:
    """Returns what puts a copy of an earlier command's file in a place."""

    def copy(path: Path) -> None:
        shutil.copyfile(source, path)

    return copy


def shown(path: Path) -> None:
    """Runs the Python that shows how a file is written."""
    [example] = [text for _, text in STEPS if path.name in text and "\n" in text]
    executed(example)


def other_rows(path: Path) -> None:
    """Writes the rows of scores.npz under other ids."""
    with np.load("scores.npz") as scores:
        members = dict(scores)
    np.savez(path, **{**members, "row_ids": ["d", "e", "f"]})


def shown_table(path: Path) -> None:
    """Writes the table that the README shows."""
    [table] = re.findall(r"^```csv\n(.*?)^```", README, FLAGS)
    path.write_text(table, encoding="utf-8")


def pictures(path: Path) -> None:
    """Writes dark and bright pictures into a folder a class."""
    from PIL import Image

    rng = np.random.default_rng(0)
    for name, brightness in (("dark", 40), ("bright", 180)):
        (path / name).mkdir(parents=True)
        for number in range(20):
            pixels = rng.integers(0, 70, (8, 8, 3)) + brightness
            image = Image.fromarray(pixels.astype(np.uint8))
            image.save(path / name / f"{number}.png")


def network(path: Path) -> None:
    """Writes a model that tells dark pictures from bright ones."""
    keras = keras_quietly()
    image = keras.Input((8, 8, 3))
    mean = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 255)(image))
    outputs = keras.layers.Dense(2, activation="softmax")(mean)
    keras.Model(image, outputs).save(path)


STAND_INS: dict[str, Callable[[Path], None]] = {
    "held-back.npz": other_rows,
    "model.keras": network,
    "new.pdf": copied("output/scores/report.pdf"),
    "old.pdf": copied("output/scores/report.pdf"),
    "photos": pictures,
    "report.pdf": copied("output/scores/report.pdf"),
    "scores.csv": shown_table,
    "scores.npz": shown,
}
"""Files that a reader has at hand, by the name that the README calls them."""


def steps() -> Iterator[tuple[str, str]]:
    """Yields language and text of each step, in the order of the README."""
    fences = re.compile(r"^```(\w+)\n(.*?)^```|`(reportgen [^`\n]+)`", FLAGS)
    for language, block, inline in fences.findall(README):
        if language == "python":
            yield "python", block
        elif language in {"sh", ""}:
            for command in commands(block or inline):
                yield "sh", command


def commands(block: str) -> Iterator[str]:
    """Yields the commands of a block, without comments, one after another."""
    for line in block.replace("\\\n", " ").splitlines():
        for command in line.split(" && "):
            words = shlex.split(command, comments=True)
            if words:
                yield shlex.join(words)


STEPS = tuple(steps())
COMMANDS = tuple(text for language, text in STEPS if language == "sh")


def is_ours(command: str) -> bool:
    """Returns whether a command calls this program."""
    return shlex.split(command)[0] in OURS


def called(command: str) -> str | None:
    """Runs a command in this process; returns what went wrong, None if nothing did."""
    words = shlex.split(command)[1:]
    for word in words:
        if word in STAND_INS and not Path(word).exists():
            STAND_INS[word](Path(word))
    alone = shlex.join(["reportgen", *words]) in RECORD_ALONE
    settings = SHORT | ({"REPORTGEN_FORMAT": "json"} if alone else {})
    result = CliRunner().invoke(main, words, env=settings)
    if result.exit_code == 0:
        return None
    return f"{result.exit_code}: {result.output} {result.exception!r}"


def executed(code: str) -> None:
    """Runs Python as it stands."""
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, collection: Path
) -> dict[tuple[str, str], str | None]:
    """Returns what went wrong at each step, None where nothing did."""
    folder = tmp_path_factory.mktemp("reader")
    found: dict[tuple[str, str], str | None] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("HOME", str(folder))
        patch.setenv("REPORTGEN_DATA", str(collection.resolve()))
        for step in STEPS:
            language, text = step
            if language == "python":
                executed(text)
                found[step] = None
            elif is_ours(text):
                found[step] = called(text)
    return found


@pytest.mark.parametrize(
    "command", [command for command in dict.fromkeys(COMMANDS) if is_ours(command)]
)
def test_the_command_runs(
    command: str, outcomes: dict[tuple[str, str], str | None]
) -> None:
    assert outcomes["sh", command] is None, outcomes["sh", command]


def test_the_python_runs(outcomes: dict[tuple[str, str], str | None]) -> None:
    blocks = [step for step in STEPS if step[0] == "python"]
    assert blocks
    assert set(blocks) <= set(outcomes)


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    foreign = {command for command in COMMANDS if not is_ours(command)}
    assert foreign == set(NOT_RUN)


def test_what_is_cut_short_is_called_so() -> None:
    ours = {shlex.join(["reportgen", *shlex.split(c)[1:]]) for c in COMMANDS}
    assert set(RECORD_ALONE) <= ours
    named = {word for command in ours for word in shlex.split(command)}
    assert set(STAND_INS) <= named


@pytest.mark.parametrize(
    ("command", "piece"),
    [
        (".venv/bin/pip install --quiet .", "pyproject.toml"),
        (".venv/bin/tox", "tox.ini"),
        (".venv/bin/tox", ".ci/run"),
    ],
)
def test_what_is_installed_and_called_is_there(command: str, piece: str) -> None:
    assert command in COMMANDS
    assert (ROOT / piece).is_file()
