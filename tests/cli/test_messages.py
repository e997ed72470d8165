"""Every mistake gets one clear line and the right exit code, and nothing is lost."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from reportgen.cli import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs each test in an empty folder that is also home, with nothing configured."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.delenv("REPORTGEN_DATA", raising=False)
    return tmp_path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "--dataset", "digits"), "output/digits must hold a trained model"),
        (("build", "--data", "gone"), "gone"),
        (("build", "--dataset", "digits", "--model", "gone.keras"), "gone.keras"),
        (("build", "--dataset", "digits", "--model", "x" * 300), "--model"),
        (("build", "--predictions", "gone.npz"), "gone.npz must exist"),
        (("build", "--predictions", "p.txt"), "or .parquet. Received 'p.txt'"),
        (("render", "gone"), "gone must be a run folder that holds record.json"),
        (("show", "gone"), "reportgen build --retrain"),
    ],
)
def test_what_the_user_can_mend_ends_in_one_panel(
    arguments: tuple[str, ...], message: str
) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 1, result.output
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["show", "render"])
def test_a_file_of_a_run_is_told_its_folder(tmp_path: Path, command: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "record.json").touch()
    result = invoke(command, "run/record.json")
    assert result.exit_code == 1
    assert "Received a file in one. Name the folder: run" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "--epochs", "0"), "--epochs"),
        (("build", "--dataset", "digist"), "The nearest is 'digits'"),
        (("build", "--epochs", "3"), "--epochs is for training"),
        (("build", "--recipe", "classic"), "--recipe is for training"),
        (("build", "--retrain", "--model", "m.keras"), "Leave one out"),
        (("build", "--retrain", "--trust-model"), "is for a model that is loaded"),
        (
            ("build", "--retrain", "--dataset", "digits", "--recipe", "x"),
            "one of classic",
        ),
        (("build", "--seed", "-1"), "--seed"),
        (("build", "--level", "95"), "95.0 is not in the range 0.5<=x<=0.9999"),
        (("build", "--level", "nan"), "nan is not in the range"),
        (("build", "--bootstrap", "10"), "10 is not in the range 100<=x<=100000"),
        (("build", "--protocol", "oficial"), "--protocol"),
        (("build", "--retrian"), "--retrain"),
        (("build", "--dataset", "digits", "--name", "a/b"), "one plain folder name"),
        (("biuld",), "build"),
        (("render",), "RUN"),
        (("build", "--config", "gone.toml"), "--config must name a file"),
        (("build", "--validation-predictions", "v.npz"), "come with --predictions"),
        *(
            (("build", "--predictions", "p.npz", *idle), f"Received {idle[0]} as well")
            for idle in (
                ("--retrain",),
                ("--model", "m.keras"),
                ("--trust-model",),
                ("--dataset", "digits"),
                ("--data", "d.npz"),
                ("--protocol", "official"),
                ("--recipe", "classic"),
                ("--epochs", "3"),
                ("--batch-size", "64"),
            )
        ),
        (("build", "--predictions", "..npz"), "one plain folder name"),
    ],
)
def test_what_cannot_be_understood_ends_with_two(
    arguments: tuple[str, ...], message: str
) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    assert message in result.stderr


def test_an_unknown_key_names_its_nearest(elsewhere: Path) -> None:
    (elsewhere / "reportgen.toml").write_text("datset = 'digits'")
    result = invoke("build")
    assert result.exit_code == 2
    assert "Received 'datset'. The nearest is 'dataset'" in result.stderr


def test_mnist_neither_found_nor_reachable_names_both_ways_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reportgen.data.mnist.MIRRORS", ("http://127.0.0.1:9/",))
    result = invoke("build", "--retrain")
    assert result.exit_code == 1
    assert "--data PATH" in result.stderr
    assert "--dataset digits" in result.stderr


def test_that_there_is_no_model_is_said_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reportgen.pipeline.load_dataset", pytest.fail)
    result = invoke("build")
    assert result.exit_code == 1
    assert "output/mnist must hold a trained model" in result.stderr


def test_the_flag_goes_before_the_variable_and_that_before_the_file(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "reportgen.toml").write_text("dataset = 'from-file'")
    assert "'from-file'" in invoke("build", "--retrain").stderr
    monkeypatch.setenv("REPORTGEN_DATASET", "from-variable")
    assert "'from-variable'" in invoke("build", "--retrain").stderr
    assert (
        "'from-flag'" in invoke("build", "--retrain", "--dataset", "from-flag").stderr
    )


def test_an_output_that_cannot_be_written_is_named(elsewhere: Path) -> None:
    (elsewhere / "output").touch()
    result = invoke("build", "--retrain", "--dataset", "digits")
    assert result.exit_code == 1
    assert "output/digits must be writable" in result.stderr


def test_a_broken_clock_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    result = invoke("build", "--dataset", "digits")
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH must be seconds since 1970" in result.stderr


def test_a_folder_of_other_files_is_never_deleted(elsewhere: Path) -> None:
    (elsewhere / "digits").mkdir()
    (elsewhere / "digits" / "thesis.txt").touch()
    result = invoke("build", "--retrain", "--dataset", "digits", "--output", ".")
    assert result.exit_code == 1
    assert "holds 'thesis.txt', which a build would delete" in result.stderr
    assert (elsewhere / "digits" / "thesis.txt").exists()


def test_the_name_mnist_is_not_given_to_other_data(elsewhere: Path) -> None:
    images = np.zeros((40, 4, 4), np.uint8)
    labels = np.arange(40) % 2
    np.savez(
        elsewhere / "own.npz",
        x_train=images,
        y_train=labels,
        x_test=images,
        y_test=labels,
    )
    result = invoke("build", "--retrain", "--data", "own.npz", "--dataset", "mnist")
    assert result.exit_code == 1
    assert "--data must hold MNIST where --dataset is mnist" in result.stderr


def test_the_version_is_printed() -> None:
    from reportgen import __version__

    assert invoke("--version").stdout == f"reportgen {__version__}\n"


def test_trust_in_a_model_never_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REPORTGEN_TRUST_MODEL", "0")
    result = invoke("build", "--dataset", "digits", "--model", "m.keras")
    assert result.exit_code == 2
    assert "must be given on the command line" in " ".join(result.stderr.split())
