"""Learning: progress beside the run, repeats on one split, tempering that pays."""

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from records import make_provenance
from reportgen.data import Dataset, Places, Split, load_dataset, split
from reportgen.errors import ModelError
from reportgen.model import EpochReport, predict_proba, weights_sha256
from reportgen.pipeline import Author, BuildRequest, Certainty, Settings
from reportgen.pipeline.learning import (
    Learned,
    forget_progress,
    learn,
    predicted,
    progress_file,
)

SEED = 11


class Counting:
    """A watcher that counts epochs, and stops like Ctrl-C after so many."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.clock = time.monotonic
        self.stop_after = stop_after
        self.epochs: list[int] = []

    def on_stage(self, name: str) -> None:
        """Takes a name and does nothing."""

    def on_step(self, done: int, total: int) -> None:
        """Stops before the epoch after the last that is wanted."""
        del done, total
        if self.stop_after == len(self.epochs):
            raise KeyboardInterrupt

    def on_epoch(self, report: EpochReport) -> None:
        self.epochs.append(report.epoch)


def make_request(output: Path, settings: Settings) -> BuildRequest:
    """Returns a request to train on the digits."""
    return BuildRequest(
        output=output,
        name=None,
        dataset="digits",
        places=Places(None, None, cache=output, keras_cache=output),
        protocol=None,
        seed=SEED,
        retrain=True,
        model=None,
        settings=settings,
        certainty=Certainty(0.95, 1000, check_intervals=False),
        author=Author(None, ()),
        provenance=make_provenance(),
        created_at="2026-01-02T03:04:05Z",
    )


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Six hundred digits: enough to learn some of, in a moment."""
    nowhere = Path("nowhere")
    whole = load_dataset("digits", Places(None, None, nowhere, nowhere))
    return replace(
        whole,
        images=whole.images[:600],
        labels=whole.labels[:600],
        row_ids=whole.row_ids[:600],
    )


@pytest.fixture(scope="module")
def parts(digits: Dataset) -> Split:
    return split(digits, protocol="pooled", seed=SEED)


def learn_digits(
    output: Path,
    data: tuple[Dataset, Split],
    *,
    watcher: Counting | None = None,
    recipe: str = "warp",
    **changes: int,
) -> Learned:
    """Trains on some digits, four passes of batches of 54."""
    settings = Settings(recipe, 4, 54)
    settings = replace(settings, **changes)  # type: ignore[arg-type]  # by name
    request = make_request(output, settings)
    return learn(request, *data, watcher or Counting(), output / "digits")


@pytest.fixture(scope="module")
def whole(
    digits: Dataset, parts: Split, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Learned]:
    """A folder of runs, and what was learnt there from two seeds."""
    output = tmp_path_factory.mktemp("output")
    return output, learn_digits(output, (digits, parts), repeats=2)


def test_progress_is_beside_the_run_until_it_stands(
    whole: tuple[Path, Learned],
) -> None:
    output, _ = whole
    run = output / "digits"
    assert progress_file(run, 11).name == ".digits.seed-11.progress"
    kept = sorted(path for path in output.iterdir())
    assert kept == [progress_file(run, seed) for seed in (11, 12)]


def test_the_progress_of_a_run_alone_is_forgotten(tmp_path: Path) -> None:
    run = tmp_path / "a[b]*"
    other = tmp_path / "ab"
    mine = [progress_file(run, seed) for seed in (1, 2)]
    theirs = [progress_file(other, 1), tmp_path / ".a[b]*.1.partial"]
    for path in (*mine, *theirs):
        path.touch()
    forget_progress(run)
    assert sorted(tmp_path.iterdir()) == sorted(theirs)
    forget_progress(run)


@pytest.mark.parametrize("name", ["a", "a[b]"])
def test_a_run_that_is_called_as_another_with_its_seed_keeps_its_progress(
    name: str, tmp_path: Path
) -> None:
    theirs = progress_file(tmp_path / f"{name}.seed-7", 7)
    for path in (progress_file(tmp_path / name, 7), theirs):
        path.touch()
    forget_progress(tmp_path / name)
    assert list(tmp_path.iterdir()) == [theirs]


def test_repeats_are_rows_the_first_of_which_is_the_run(
    whole: tuple[Path, Learned], digits: Dataset, parts: Split
) -> None:
    learned = whole[1]
    first, second = learned.training.repeats
    assert (first.seed, second.seed) == (11, 12)
    assert learned.training.seed == 11
    assert first.weights_sha256 == learned.training.weights_sha256
    assert first.weights_sha256 == weights_sha256(learned.network)
    assert second.weights_sha256 != first.weights_sha256
    proba = predict_proba(learned.network, digits.images[parts.test])
    truth = digits.labels[parts.test]
    assert first.accuracy == (proba.argmax(axis=1) == truth).mean()
    true_proba = proba[np.arange(len(truth)), truth]
    assert first.log_loss == pytest.approx(-np.log(true_proba).mean())


def test_a_repeat_trains_on_the_split_of_the_first(
    whole: tuple[Path, Learned], digits: Dataset, parts: Split, tmp_path: Path
) -> None:
    # Seed 12 alone, on the split of seed 11, is the second row.
    alone = learn_digits(tmp_path, (digits, replace(parts, seed=12)))
    second = whole[1].training.repeats[1]
    assert alone.training.weights_sha256 == second.weights_sha256
    assert alone.training.repeats == ()


def test_a_temperature_makes_the_validation_loss_no_greater(
    whole: tuple[Path, Learned], digits: Dataset, parts: Split
) -> None:
    learned = whole[1]
    tempering = learned.training.tempering
    assert tempering is not None
    assert tempering.temperature > 0
    assert tempering.loss_after <= tempering.loss_before + 1e-7
    # The last epoch's loss is the one before tempering, as Keras sums it in float32.
    last = learned.training.history.validation_loss[-1]
    assert tempering.loss_before == pytest.approx(last, rel=1e-4)
    found = predicted(learned.network, digits, parts.validation)
    assert -np.log(found.true_proba).mean() == pytest.approx(tempering.loss_after)


def test_a_resumed_training_ends_as_if_uninterrupted(
    whole: tuple[Path, Learned], digits: Dataset, parts: Split, tmp_path: Path
) -> None:
    data = (digits, parts)
    with pytest.raises(KeyboardInterrupt):
        learn_digits(tmp_path, data, watcher=Counting(stop_after=2))
    assert progress_file(tmp_path / "digits", SEED).exists()
    with pytest.raises(ModelError, match=r'"epochs": 5.*"epochs": 4'):
        learn_digits(tmp_path, data, epochs=5, resume=True)
    watcher = Counting()
    resumed = learn_digits(tmp_path, data, watcher=watcher, resume=True)
    assert watcher.epochs == [3, 4]
    assert resumed.training == replace(whole[1].training, repeats=())


def test_what_a_progress_is_of_tells_data_split_and_settings(
    whole: tuple[Path, Learned], digits: Dataset, parts: Split
) -> None:
    output, _ = whole
    with np.load(progress_file(output / "digits", 12)) as members:
        identity = json.loads(str(members["identity"]))
    assert identity["seed"] == 12
    assert {"recipe", "epochs", "batch_size", "pixels", "labels"} < set(identity)
    # The second repeat is not the training that --seed 12 would be.
    other = split(digits, protocol="pooled", seed=12)
    with pytest.raises(ModelError, match="asked for the same"):
        learn_digits(output, (digits, other), resume=True)
    labels = digits.labels.copy()
    labels[parts.train[0]] = 9 - labels[parts.train[0]]
    with pytest.raises(ModelError, match="asked for the same"):
        learn_digits(output, (replace(digits, labels=labels), parts), resume=True)
    # Another version may hold another recipe under the same name.
    assert {"reportgen", "keras", "tensorflow", "numpy", "scipy"} < set(identity)


def test_without_an_interrupted_training_resuming_begins(
    digits: Dataset, parts: Split, tmp_path: Path
) -> None:
    watcher = Counting()
    learned = learn_digits(
        tmp_path, (digits, parts), watcher=watcher, epochs=1, resume=True
    )
    assert watcher.epochs == [1]
    assert len(learned.epoch_ends_s) == 1


def test_behind_the_last_seed_comes_the_first(
    digits: Dataset, parts: Split, tmp_path: Path
) -> None:
    last = replace(parts, seed=2**32 - 1)
    learned = learn_digits(tmp_path, (digits, last), epochs=1, repeats=2)
    assert [one.seed for one in learned.training.repeats] == [2**32 - 1, 0]


def test_literal_keeps_no_progress_and_no_temperature(
    digits: Dataset, parts: Split, tmp_path: Path
) -> None:
    learned = learn_digits(tmp_path, (digits, parts), recipe="literal", epochs=1)
    assert list(tmp_path.iterdir()) == []
    assert learned.training.tempering is None
    assert learned.training.warping is None


@pytest.mark.mnist
def test_warps_teach_two_thousand_mnist_digits_in_seconds(
    collection: Path, tmp_path: Path
) -> None:
    places = Places(None, collection, cache=tmp_path, keras_cache=tmp_path)
    mnist = load_dataset("mnist", places)
    rows = slice(0, 2500)
    some = replace(
        mnist,
        images=mnist.images[rows],
        labels=mnist.labels[rows],
        row_ids=mnist.row_ids[rows],
        official_test=None,
    )
    parts = split(some, protocol="pooled", seed=SEED)
    learned = learn_digits(tmp_path, (some, parts), epochs=30, batch_size=64)
    # 1,800 images; a linear model of as many reaches about 0.86.
    assert learned.training.history.validation_accuracy[-1] >= 0.93
    found = predicted(learned.network, some, parts.test)
    assert (found.y_pred == found.y_true).mean() >= 0.93
