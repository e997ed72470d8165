"""Two made-up runs beside each other, for tests of what shows a comparison."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairs import make_pair
from records import make_images, make_provenance
from reportgen.metrics import scores
from reportgen.metrics.comparison import compare
from reportgen.metrics.paired import Pair
from reportgen.metrics.unpaired import unpaired_differences
from reportgen.metrics.verdict import MARGIN
from reportgen.predictions import Predictions
from reportgen.record import (
    COMPARISON_VERSION,
    Comparison,
    ComparisonDocument,
    Flip,
    FlipGallery,
    Pixels,
    Sampling,
    Side,
    Stage,
    Timings,
)

SAMPLING = Sampling(replicates=200)
SHOWN = 25
OF_WEIGHTS = (
    "The verdict is on these two sets of weights, not on how they were trained: a "
    "training from another seed gives other weights."
)


def make_side(name: str = "old", **changes: Any) -> Side:
    """Returns a run of shapes, with the named fields replaced."""
    side = Side(
        source=f"{name}.pdf",
        name=name,
        title=f"Shapes, {name} perceptron",
        dataset="Shapes",
        noun="image",
        n=400,
        hard=False,
        level=0.95,
        created_at="2026-01-02T03:04:05Z",
        recipe="classic",
        weights_sha256=name[0].encode().hex()[0] * 64,
        predictions_sha256="b" * 64,
        record_sha256="c" * 64,
    )
    return replace(side, **changes)


def make_comparison(
    pair: Pair | None = None, *, margin: float = MARGIN, images: bool = True
) -> Comparison:
    """Returns two models on the same rows, their flips with images where asked for.

    Of the first flip each way no run has the image.

    Args:
        pair: The models; without, two of 400 rows and 5 classes, one a little better.
        margin: Loss of accuracy that is put up with.
        images: Whether the rows have images.
    """
    pair = pair or make_pair(edge=0.4)
    right = pair.before == pair.y_true, pair.after == pair.y_true
    noun = "image" if images else "row"
    return Comparison(
        baseline=make_side("old", n=pair.n, noun=noun),
        candidate=make_side("new", n=pair.n, noun=noun, weights_sha256="e" * 64),
        class_names=pair.candidate.class_names,
        matched_by="ids",
        shared=pair.n,
        paired=compare(pair, SAMPLING, margin=margin),
        unpaired=(),
        reason=None,
        fixes=_gallery(pair, np.flatnonzero(~right[0] & right[1]), images=images),
        regressions=_gallery(pair, np.flatnonzero(right[0] & ~right[1]), images=images),
        notes=(OF_WEIGHTS,),
    )


def make_unpaired(shared: int | None = 0) -> Comparison:
    """Returns two models on different rows: differences, but no verdict."""
    old, new = make_pair(300).baseline, make_pair(500, seed=1, edge=0.4).candidate
    return Comparison(
        baseline=make_side("old", n=old.n),
        candidate=make_side("new", n=new.n, dataset="More shapes"),
        class_names=new.class_names,
        matched_by=None,
        shared=shared,
        paired=None,
        unpaired=unpaired_differences(scores(old, SAMPLING), scores(new, SAMPLING)),
        reason="the test parts are of other rows",
        fixes=FlipGallery((), 0),
        regressions=FlipGallery((), 0),
        notes=(OF_WEIGHTS,),
    )


def make_identical() -> Comparison:
    """Returns a model beside itself."""
    one = make_pair().baseline
    return make_comparison(Pair(one, one))


def make_document(
    comparison: Comparison | None = None, **changes: Any
) -> ComparisonDocument:
    """Returns what `compare` writes, with the named fields replaced."""
    comparison = comparison or make_comparison()
    paired = comparison.paired
    document = ComparisonDocument(
        schema_version=COMPARISON_VERSION,
        name="old-vs-new",
        title="Shapes, old perceptron, beside Shapes, new perceptron",
        sampling=SAMPLING,
        margin=paired.verdict.margin if paired else MARGIN,
        comparison=comparison,
        judgements=(),
        provenance=replace(
            make_provenance(), command=("reportgen", "compare", "old.pdf", "new.pdf")
        ),
        timings=Timings("2026-01-02T03:04:05Z", (Stage("compare", 0.56),)),
        notes=(),
    )
    return replace(document, **changes)


def _gallery(pair: Pair, rows: NDArray[np.int64], *, images: bool) -> FlipGallery:
    """Returns the first of the rows that flipped."""
    drawn = make_images(pair.n)
    flips = (_flip(pair, row, drawn[row]) for row in rows[:SHOWN].tolist())
    shown = tuple(
        replace(flip, pixels=flip.pixels if images and place else None)
        for place, flip in enumerate(flips)
    )
    return FlipGallery(shown, len(rows))


def _flip(pair: Pair, row: int, image: NDArray[np.uint8]) -> Flip:
    """Returns one row as both models judged it."""
    names = pair.candidate.class_names
    return Flip(
        row_id=str(pair.candidate.row_ids[row]),
        true=names[pair.y_true[row]],
        baseline=names[pair.before[row]],
        candidate=names[pair.after[row]],
        baseline_probability=_surest(pair.baseline, row),
        candidate_probability=_surest(pair.candidate, row),
        pixels=Pixels.of(image.shape, image.tobytes()),
    )


def _surest(predictions: Predictions, row: int) -> float | None:
    """Returns the probability of the prediction, None of one that has none."""
    return None if predictions.hard else float(predictions.y_proba[row].max())
