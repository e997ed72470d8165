"""Nothing that came from a file or a name steers the terminal, wherever it is told."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cards import lettered
from judged import required
from processes import reportgen
from records import make_model_summary, make_predictions, make_record
from reportgen.cli.commands import main
from reportgen.cli.console import LONGEST_ERROR, print_verification, show_error
from reportgen.cli.doctor import Checkup, print_checkups
from reportgen.pipeline import Check, Verification
from reportgen.record import Layer, Record, to_json
from reportgen.record.wording import visible

STEERING = {
    "C0": "\x00\x07\x08\x1b\x7f",
    "C1": "\x85\x90\x9b\x9d",
    "direction": "\u202e\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "line ends": "\v\f\x1c\u2028\u2029",
}
EVIL = "cat\x1b[2J\x1b]0;title\x07" + "".join(STEERING.values())[1:] + "dog"
"""Without NUL, which no name of a file and no argument may hold."""


def steered(text: str) -> set[str]:
    """Returns what would steer a terminal; line ends of ours are none of it."""
    return set("".join(STEERING.values())) & set(text)


@pytest.mark.parametrize("kind", STEERING)
def test_each_of_them_is_made_visible(kind: str) -> None:
    assert set(visible(STEERING[kind])) == {"\N{REPLACEMENT CHARACTER}"}


def test_letters_of_all_scripts_stay_as_they_are() -> None:
    for text in ("手写数字", "سبعة", "🚀", "naïve", "é"):
        assert visible(text) == text


def evil_record() -> Record:
    """Returns a record whose names and words would all steer a terminal."""
    record = lettered(make_record(make_predictions(60, 3)), (EVIL, "b", "c"))
    record = required(record, f"recall[{json.dumps(EVIL)}] >= 0.999")
    model = make_model_summary(3)
    layers = (Layer(EVIL, EVIL, (20,), EVIL, 7), *model.layers)
    return replace(
        record,
        title=EVIL,
        name=EVIL,
        dataset=replace(record.dataset, title=EVIL, source=EVIL, key=EVIL),
        model=replace(model, layers=layers, title=EVIL),
        evaluation=replace(
            record.evaluation,
            scores=tuple(
                replace(one, label=EVIL + one.key, note=EVIL)
                for one in record.evaluation.scores
            ),
        ),
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evil") / f"run{EVIL}"
    folder.mkdir()
    (folder / "record.json").write_bytes(to_json(evil_record()))
    return folder


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_show_prints_a_record_that_would_steer(run: Path) -> None:
    result = invoke("show", str(run))
    assert result.exit_code == 0, result.output
    assert steered(result.output) == set()
    assert "cat" in result.stdout
    assert "met: recall[" in result.stdout


def test_printed_paths_do_not_steer(run: Path) -> None:
    result = invoke("render", str(run), "--format", "md", "--quiet")
    assert result.exit_code == 0, result.output
    assert "report.md" in result.stdout
    assert steered(result.output) == set()


def test_a_machine_gets_the_path_as_it_is(run: Path) -> None:
    result = invoke("render", str(run), "--format", "md", "--json", "--quiet")
    assert steered(result.stdout) == set()
    assert str(run / "report.md") in json.loads(result.stdout)["paths"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", EVIL),
        ("verify", "a", EVIL),
        ("show", EVIL),
        (EVIL,),
        (f"--{EVIL}",),
        ("build", "--model", EVIL),
        ("build", "--dataset", EVIL),
        ("build", "--predictions", f"{EVIL}.npz"),
        ("build", "--config", EVIL),
        ("build", "--data", EVIL, "--retrain"),
        ("build", "--require", EVIL),
        ("build", "--require", f"recall[{EVIL}] >= 2"),
        ("build", "--require", "accuracy >= 0.5", "--junit", EVIL),
        ("build", "--retrain", "--dataset", "digits", "--name", EVIL),
    ],
)
def test_a_name_in_an_error_does_not_steer(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    result = invoke(*arguments)
    assert result.exit_code in {1, 2}, result.output
    assert steered(result.output) == set()
    assert "Traceback" not in result.output


def test_a_key_of_the_configuration_does_not_steer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written = json.dumps(EVIL).replace("\x7f", "\\u007f")
    (tmp_path / "reportgen.toml").write_text(f"{written} = 1\n", encoding="utf-8")
    result = invoke("build", "--retrain", "--dataset", "digits")
    assert result.exit_code == 2, result.output
    assert steered(result.output) == set()


def test_row_ids_and_class_names_of_predictions_do_not_steer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez(
        tmp_path / "p.npz",
        y_true=np.array([0, 1]),
        y_proba=np.array([[0.5, np.nan], [0.5, 0.5]]),
        class_names=np.array([EVIL, "b"]),
        row_ids=np.array([f"{EVIL}1", f"{EVIL}2"]),
    )
    result = invoke("build", "--predictions", "p.npz", "--quiet")
    assert result.exit_code == 1, result.output
    assert "cat" in result.stderr
    assert steered(result.output) == set()


def test_differences_of_a_report_do_not_steer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check = Check("attachments", EVIL, (f"{EVIL!s} is not of a report",), EVIL)
    print_verification(Verification(make_record(), (check,), ("limit",)))
    assert steered(capsys.readouterr().out) == set()


def test_the_doctor_is_not_steered(capsys: pytest.CaptureFixture[str]) -> None:
    print_checkups((Checkup("mnist", EVIL, EVIL),))
    assert steered(capsys.readouterr().out) == set()


def test_a_name_begins_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    show_error("a\n│ All is well.\r\nb")
    said = capsys.readouterr().err
    assert not any(line.startswith("│ │ All") for line in said.splitlines())
    assert "a │ All is well." in said


def test_an_error_as_long_as_a_file_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    show_error("x" * 10**6)
    assert capsys.readouterr().err.count("x") == LONGEST_ERROR


@pytest.mark.slow
def test_a_file_that_is_named_in_bytes_does_not_steer(tmp_path: Path) -> None:
    name = b"report\xff\x1b[31m.pdf".decode(errors="surrogateescape")
    (tmp_path / name).write_bytes(b"no pdf")
    done = reportgen("verify", name, "--quiet", folder=tmp_path)
    assert done.code == 1
    assert steered(done.stderr) == set()
    assert "Traceback" not in done.stderr
