"""A gate as a user meets it: exit codes, what is printed, what is written.

Of sixty rows in three classes, predicted at random, accuracy is about 0.4: 0.1 is met,
0.4 lies within the interval, and 0.9 is not met.
"""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner, Result

from handed import write_scores
from pairs import make_pair
from reportgen import pipeline
from reportgen.cli.commands import main
from reportgen.pipeline import read_record
from reportgen.record import Record

MET, OPEN, MISSED = "accuracy >= 0.1", "accuracy >= 0.4", "accuracy >= 0.9"
ALSO_MET = "balanced_accuracy >= 0.1"

ODD = ("T-shirt/top", '<b> & "c" | d', "手写")
"""Class names that shells, XML, Markdown and expressions could stumble over."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs each test in a folder with predictions that is also home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "1000")
    write_scores(tmp_path / "scores.npz")
    return tmp_path


def build(*arguments: str) -> Result:
    """Builds a record from the predictions, without any page."""
    given = ("--predictions", "scores.npz", "--format", "json", "--bootstrap", "100")
    return CliRunner().invoke(main, ["build", *given, *arguments])


def requiring(*expressions: str) -> list[str]:
    return [word for one in expressions for word in ("--require", one)]


def record() -> Record:
    return read_record(Path("output/scores"))


@pytest.mark.parametrize(
    ("expression", "outcome", "plain", "strict"),
    [
        (MET, "met", 0, 0),
        (OPEN, "inconclusive", 0, 3),
        (MISSED, "not met", 3, 3),
        ("top_3_accuracy >= 0.1", "not met", 3, 3),  # undefined: three classes
    ],
)
def test_the_exit_code_says_how_it_ended(
    expression: str, outcome: str, plain: int, strict: int
) -> None:
    assert build(*requiring(expression)).exit_code == plain
    assert build(*requiring(expression), "--strict").exit_code == strict
    assert [one.outcome for one in record().judgements] == [outcome]


def test_nothing_required_ends_well_and_is_not_spoken_of() -> None:
    result = build()
    assert result.exit_code == 0
    assert "equirement" not in result.output
    assert record().judgements == ()


def test_a_run_that_is_not_good_enough_stands_all_the_same() -> None:
    result = build(*requiring(MISSED), "--format", "md")
    assert result.exit_code == 3
    assert sorted(Path(line).name for line in result.stdout.splitlines()) == sorted(
        path.name for path in Path("output/scores").iterdir()
    )
    assert {"record.json", "report.md", "requirements.md"} <= {
        path.name for path in Path("output/scores").iterdir()
    }


def test_each_judgement_is_told_on_stderr_and_the_failing_ones_last() -> None:
    result = build(*requiring(ALSO_MET, MISSED, "log_loss <= 9"))
    lines = result.stderr.splitlines()
    start = lines.index("Requirements: 2 met · 1 not met · 0 inconclusive")
    assert lines[start + 1].startswith("✓ met: balanced_accuracy >= 0.1. It is ")
    assert lines[start + 2].startswith("✗ not met: accuracy >= 0.9. It is ")
    assert "Every requirement must be met." in result.stderr
    assert result.stderr.rindex("accuracy >= 0.9 (") > result.stderr.rindex("log_loss")
    assert all(line.startswith("output/scores/") for line in result.stdout.splitlines())


def test_quiet_leaves_the_error_alone() -> None:
    assert build(*requiring(MET), "--quiet").stderr == ""
    said = build(*requiring(ALSO_MET, MISSED), "--quiet").stderr
    assert "accuracy >= 0.9 (" in said
    assert "✓" not in said


def test_json_holds_the_judgements() -> None:
    result = build(*requiring(OPEN, ALSO_MET), "--strict", "--json", "--quiet")
    told = json.loads(result.stdout)["requirements"]
    assert (told["outcome"], told["exit_code"], told["strict"]) == (
        "inconclusive",
        3,
        True,
    )
    assert [one["requirement"] for one in told["requirements"]] == [
        OPEN,
        ALSO_MET,
    ]
    assert json.loads(build("--json", "--quiet").stdout)["requirements"]["outcome"] is (
        None
    )


def test_show_and_render_tell_the_judgements_and_end_well() -> None:
    build(*requiring(MISSED))
    shown = CliRunner().invoke(main, ["show", "output/scores"])
    assert shown.exit_code == 0
    assert "✗ not met: accuracy >= 0.9. It is " in shown.stdout
    again = CliRunner().invoke(main, ["render", "output/scores", "--format", "md"])
    assert again.exit_code == 0
    assert "not met | `accuracy >= 0.9`" in Path(
        "output/scores/requirements.md"
    ).read_text(encoding="utf-8")


def test_a_page_that_cannot_be_made_goes_before_a_requirement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from reportgen.errors import RenderError
    from reportgen.pipeline import showing

    def fail(_: object) -> str:
        raise RenderError("No page.")

    monkeypatch.setattr(showing, "to_markdown", fail)
    result = build(*requiring(MISSED), "--format", "md", "--junit", "junit.xml")
    assert result.exit_code == 1
    assert "✗ not met: accuracy >= 0.9" in result.stderr
    assert Path("junit.xml").exists()


# Beside a baseline


def write_run(name: str, predicted: str) -> None:
    """Writes one of two models on the same 400 rows, of which the second is better."""
    one = getattr(make_pair(400, 5, edge=0.6), predicted)
    np.savez(
        f"{name}.npz",
        y_true=one.y_true,
        y_proba=one.y_proba,
        class_names=np.array([*ODD, "4", "[/]"]),
        row_ids=one.row_ids,
    )


@pytest.fixture
def old() -> str:
    """Returns the run folder of the first one, the second's predictions beside it."""
    write_run("old", "baseline")
    write_run("scores", "candidate")
    done = build("--predictions", "old.npz")
    assert done.exit_code == 0, done.output
    return "output/old"


def test_a_difference_is_judged_on_the_same_rows(old: str) -> None:
    expressions = (
        "delta.accuracy >= 0",  # it is better
        "delta.log_loss <= 0",
        "delta.f1_macro >= 50 points",  # though not by half
        'delta.recall["[/]"] >= -0.001',  # of 80 rows, too few to tell
    )
    result = build(*requiring(*expressions), "--baseline", old)
    assert result.exit_code == 3, result.output
    outcomes = [one.outcome for one in record().judgements]
    assert outcomes == ["met", "met", "not met", "inconclusive"]
    paired = record().comparison
    assert paired is not None
    assert record().judgements[0].estimate == paired.differences[0].estimate


def test_on_other_rows_no_difference_is_met(old: str) -> None:
    held = dict(np.load("scores.npz"))
    held["row_ids"] = np.array([f"other-{row}" for row in range(400)])
    np.savez("scores.npz", **held)
    result = build(*requiring("delta.accuracy >= -1"), "--baseline", old)
    assert result.exit_code == 3, result.output
    assert "not those of the baseline" in str(record().judgements[0].reason)


def test_two_runs_are_gated_as_well(old: str) -> None:
    assert build().exit_code == 0
    words = ["compare", old, "output/scores", "--format", "json", "--strict"]
    words += requiring("delta.accuracy >= 0", "accuracy >= 0.999")
    result = CliRunner().invoke(main, [*words, "--junit", "junit.xml"])
    assert result.exit_code == 3, result.output
    cases = {
        case.attrib["name"]: len(case)
        for case in ET.parse("junit.xml").iter("testcase")
    }
    assert cases == {"delta.accuracy >= 0.0": 0, "accuracy >= 0.999": 1}


# What the file says


def configure(text: str) -> None:
    Path("reportgen.toml").write_text(text, encoding="utf-8")


def judged() -> list[str]:
    return [str(one.requirement) for one in record().judgements]


def test_the_file_requires_too_and_a_flag_goes_before_it() -> None:
    configure('[requirements]\naccuracy = ">= 0.9"\nrecall.a = ">= 0.01"')
    assert build().exit_code == 3
    assert judged() == [MISSED, "recall[a] >= 0.01"]
    assert build(*requiring(MET, "log_loss <= 9")).exit_code == 0
    assert judged() == [MET, "recall[a] >= 0.01", "log_loss <= 9.0"]


def test_the_tools_own_table_of_a_pyproject_may_require() -> None:
    table = '[tool.reportgen.requirements]\naccuracy = ">= 0.4"'
    Path("pyproject.toml").write_text(f"[tool.reportgen]\nstrict = true\n{table}")
    assert build().exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (requiring("acuracy >= 0.9"), "The nearest is 'accuracy'"),
        (requiring("accuracy >= 98"), "If you mean 98 %, write the unit"),
        (requiring("accuracy = 0.9"), "must compare with one of"),
        (
            requiring("delta.accuracy >= 0"),
            "Name the run to compare with by --baseline",
        ),
        (requiring("delta.ece <= 0"), "Require ece without delta"),
        (requiring(MET, OPEN), "must have one bound for an operator"),
        (["--strict"], "--strict must come with requirements"),
        (["--junit", "junit.xml"], "--junit must come with requirements"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.setattr(pipeline, "_planned", pytest.fail)
    result = build(*arguments)
    assert result.exit_code == 2, result.output
    assert message in result.stderr


def test_a_class_that_there_is_not_is_refused_before_anything_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("reportgen.pipeline.handed.evaluate", pytest.fail)
    result = build(*requiring("recall[aa] >= 0.5"))
    assert result.exit_code == 2
    assert "The nearest is recall[a]" in result.stderr
    assert not Path("output").exists()


def test_a_class_that_there_is_not_is_refused_before_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline, "measure", pytest.fail)
    digits = ["build", "--retrain", "--dataset", "digits"]
    result = CliRunner().invoke(main, [*digits, *requiring("recall[10] >= 0.5")])
    assert result.exit_code == 2
    assert "The nearest is recall[1]" in result.stderr


@pytest.mark.parametrize("name", ODD)
def test_a_class_of_any_name_is_judged_and_told(folder: Path, name: str) -> None:
    held = dict(np.load(folder / "scores.npz"))
    held["class_names"] = np.array([*ODD])
    np.savez(folder / "scores.npz", **held)
    expression = f"recall[{json.dumps(name)}] >= 0.99"
    result = build(*requiring(expression), "--junit", "junit.xml", "--format", "md")
    assert result.exit_code == 3
    (case,) = ET.parse("junit.xml").iter("testcase")
    asked = record().judgements[0].requirement
    assert asked.class_name == name
    assert case.attrib["name"] == str(asked)
    rows = Path("output/scores/requirements.md").read_text(encoding="utf-8")
    assert rows.splitlines()[-1].count(" | ") == 3


# JUnit


def test_junit_holds_a_case_for_each_requirement() -> None:
    expressions = (MET, "f1_macro >= 0.4", "log_loss <= 0.001")
    assert build(*requiring(*expressions), "--junit", "a/b/junit.xml").exit_code == 3
    suites = ET.parse("a/b/junit.xml").getroot()
    assert suites.tag == "testsuites"
    (suite,) = suites
    counts = {key: suite.attrib[key] for key in ("tests", "failures", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "skipped": "1"}
    found = [(case.attrib["name"], [one.tag for one in case]) for case in suite]
    assert found == [
        (MET, []),
        ("f1_macro >= 0.4", ["skipped"]),
        ("log_loss <= 0.001", ["failure"]),
    ]


def test_under_strict_what_is_open_is_a_failure() -> None:
    build(*requiring(OPEN), "--strict", "--junit", "junit.xml")
    (case,) = ET.parse("junit.xml").iter("testcase")
    assert [(one.tag, one.attrib["type"]) for one in case] == [
        ("failure", "inconclusive")
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("scores.npz", "must name a file that ends in .xml. Received 'scores.npz'"),
        ("folder.xml", "must be a file or absent"),
        ("scores.npz/junit.xml", "which takes no files"),
        ("output/scores/junit.xml", "must lie outside of output/scores"),
        ("output/../output/scores/a/junit.xml", "must lie outside of output/scores"),
    ],
)
def test_a_junit_file_that_cannot_be_written_is_told_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str
) -> None:
    (folder / "folder.xml").mkdir()
    monkeypatch.setattr("reportgen.pipeline.measure_handed", pytest.fail)
    before = (folder / "scores.npz").read_bytes()
    result = build(*requiring(MET), "--junit", path)
    assert result.exit_code == 1, result.output
    assert message in result.stderr
    assert (folder / "scores.npz").read_bytes() == before


def test_a_build_that_fails_leaves_an_old_junit_file_as_it_was(folder: Path) -> None:
    (folder / "junit.xml").write_text("old")
    (folder / "scores.npz").write_bytes(b"none")
    assert build(*requiring(MET), "--junit", "junit.xml").exit_code == 1
    assert (folder / "junit.xml").read_text() == "old"
