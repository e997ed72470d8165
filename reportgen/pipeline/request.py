"""What a build is asked for, and who is told how it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from reportgen.data import Places
from reportgen.model import UNSAID, EpochReport, Said
from reportgen.predictions import Asked, Predictions
from reportgen.record import (
    AuthorWord,
    Protocol,
    Provenance,
    Requirement,
    Revision,
)

SEED = 42
"""Seed of a run that neither the user nor an earlier run has chosen."""

PROTOCOL: Protocol = "pooled"
"""Likewise for the split."""

PAGES = ("html", "pdf")
"""What a report is written as where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train; None leaves it to the recipe.

    Attributes:
        recipe: Key of `RECIPES`.
        epochs: Passes over the augmented training part.
        batch_size: Images a step.
        repeats: How often to train, each time from the next seed.
        resume: Go on with an interrupted training, where there is one.
    """

    recipe: str
    epochs: int | None
    batch_size: int | None
    repeats: int = 1
    resume: bool = False


@dataclass(frozen=True, slots=True)
class HandedPaths:
    """Files of predictions to evaluate in place of a model's.

    Attributes:
        predictions: Those of the test part.
        validation: Those of rows that were neither fitted on nor are in the test part,
            None where there are none.
        asked: What the user says of the columns of both.
        images: Archive of what the rows of the test part show, None without.
    """

    predictions: Path
    validation: Path | None
    asked: Asked = field(default_factory=Asked)
    images: Path | None = None

    @property
    def name(self) -> str:
        """What a run of them is called unless it is named."""
        return self.predictions.stem


@dataclass(frozen=True, slots=True, eq=False)
class HandedRows:
    """Predictions that a program hands over as it has them in memory.

    Attributes:
        predictions: Those of the test part.
        validation: Those of rows that were neither fitted on nor are in the test part,
            None where there are none.
        images: (n, h, w) or (n, h, w, c) uint8, what the rows of the test part show, as
            `checked_images` returns them; None without.
    """

    predictions: Predictions
    validation: Predictions | None
    images: NDArray[np.uint8] | None = None

    @property
    def name(self) -> str:
        """What a run of them is called unless it is named."""
        return "predictions"


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure to be, and how that is found out.

    Attributes:
        level: Confidence level of the intervals, 0-1 exclusive.
        replicates: Bootstrap replicates, and draws of a noise floor.
        check_intervals: Bootstrap the scores beside their intervals.
    """

    level: float
    replicates: int
    check_intervals: bool


@dataclass(frozen=True, slots=True)
class Author:
    """What only the author can say.

    Attributes:
        title: Title of the report, None to make one of what it is about.
        words: Intended use and the like.
    """

    title: str | None
    words: tuple[AuthorWord, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run must reach.

    Attributes:
        requirements: In the order in which they are printed.
        strict: Whether an inconclusive one counts as not met.
        junit: Where the judgements are written as JUnit XML, None for nowhere.
    """

    requirements: tuple[Requirement, ...] = ()
    strict: bool = False
    junit: Path | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """What a run is compared with.

    Attributes:
        path: The baseline: its run folder, its record.json or its report.pdf.
        margin: Loss of accuracy that is put up with, as a share, 0 or more.
    """

    path: Path
    margin: float


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One build.

    Attributes:
        output: Folder of all runs.
        name: Name of the run, None for the dataset's key or the file's stem.
        dataset: Key of `LOADERS`, None for the default or for the name of the file.
        places: Where data may lie.
        protocol: How to split, None for the earlier run's or the default, which for a
            model of which nothing is known is the published split, or all rows where
            there is none.
        seed: Seed of split, weights, order and resampling, None likewise.
        retrain: Train, even where a model exists.
        model: Model file to load, None for the run folder's.
        settings: How to train.
        certainty: How sure to be.
        author: What only the author can say.
        provenance: Command and machine; its seed is replaced by the one used.
        created_at: When the run began, UTC, as "2026-11-22T12:00:00Z".
        formats: What to write the report as: html, pdf, json, md.
        handed: Predictions that take the place of data and model; where they are given,
            nothing is loaded, split or trained. None without.
        said: What the user says of a model that is loaded.
        trusted: Whether the user vouches for the model file, whose code is then run.
        positive: Which of two classes is looked for, None for the second in order.
        revision: Returns the git working tree; None to keep that of the provenance. It
            starts a process, so it is asked once all files have been read.
        gate: What the run must reach.
        baseline: What it is compared with, None for nothing.
    """

    output: Path
    name: str | None
    dataset: str | None
    places: Places
    protocol: Protocol | None
    seed: int | None
    retrain: bool
    model: Path | None
    settings: Settings
    certainty: Certainty
    author: Author
    provenance: Provenance
    created_at: str
    formats: tuple[str, ...] = PAGES
    handed: HandedPaths | HandedRows | None = None
    said: Said = UNSAID
    trusted: bool = False
    positive: str | None = None
    revision: Callable[[], Revision | None] | None = None
    gate: Gate = field(default_factory=Gate)
    baseline: Rival | None = None

    def provenance_of(self, seed: int) -> Provenance:
        """Returns where the run comes from, with the seed that it used."""
        if self.revision is None:
            return replace(self.provenance, seed=seed)
        return replace(self.provenance, seed=seed, revision=self.revision())


class Watcher(Interface):
    """Who is told how a build goes."""

    clock: Callable[[], float]
    """Returns seconds that never go back."""

    def on_stage(self, name: str) -> None:
        """Called when a stage begins."""

    def on_step(self, done: int, total: int) -> None:
        """Called now and then while training, with steps done and steps in all."""

    def on_epoch(self, report: EpochReport) -> None:
        """Called after each epoch."""
