"""The recalls of the classes, weakest first, and what may be said of them."""

from reportgen.figures.lettering import decimals, in_column, joined
from reportgen.record import (
    ClassScores,
    Homogeneity,
    Quantity,
    Record,
    Sentence,
    beyond_chance,
    count,
    p_phrase,
    point,
    sentence,
)

MOST_DRAWN = 40
"""Classes that one page has room for."""

MOST_LISTED = 5
"""Classes that a caption names."""


def present(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes with rows, the smallest recall first, ties in label order."""
    classes = record.evaluation.classes
    with_rows = (one for one in classes if one.recall.estimate is not None)
    return tuple(sorted(with_rows, key=_recall))


def drawn(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes with rows, weakest first; of very many, the weakest."""
    return present(record)[:MOST_DRAWN]


def differ(record: Record) -> bool:
    """Returns whether recalls differ between classes by more than chance."""
    homogeneity = record.evaluation.homogeneity
    if homogeneity is None:
        return False
    return beyond_chance(homogeneity.p_value, record.evaluation.sampling.level)


def below(record: Record) -> tuple[ClassScores, ...]:
    """Returns the classes to single out: intervals wholly below the accuracy over all.

    There are none where the recalls differ by no more than chance: of many intervals
    some lie apart by chance alone.
    """
    overall = record.evaluation.score("accuracy").estimate
    assert overall is not None
    if not differ(record):
        return ()
    return tuple(
        one
        for one in drawn(record)
        if one.recall.estimate is not None
        and one.recall.estimate.high is not None
        and one.recall.estimate.high < overall.value
    )


def recalls_in_words(record: Record) -> Sentence:
    """Returns how the classes compare, ranked only as far as chance allows."""
    return joined(_comparison(record), _below_note(record), _left_out_note(record))


def span_in_words(record: Record) -> Sentence:
    """Returns the smallest and the greatest recall, and the accuracy over all."""
    low, high = _ends(record)
    span = "all at {low}" if str(low) == str(high) else "from {low} to {high}"
    return sentence(
        "Recall of each class as a point with its interval, in rising order, "
        + span
        + ". A dashed line marks the accuracy over all classes, {accuracy}.",
        low=low,
        high=high,
        accuracy=point(record.evaluation.score("accuracy")),
    )


def _recall(one: ClassScores) -> float:
    """Returns the recall of a class with rows."""
    assert one.recall.estimate is not None
    return one.recall.estimate.value


def _printed(record: Record, *, bounds: bool) -> tuple[Quantity, ...]:
    """Returns all recalls, weakest first, in the decimals of the drawing."""
    digits = decimals([one.recall for one in drawn(record)])
    column = in_column([one.recall for one in present(record)], digits)
    return tuple(
        one if bounds else Quantity(one.value, one.kind, one.digits)
        for one in column
        if one is not None
    )


def _ends(record: Record) -> tuple[Quantity, Quantity]:
    """Returns the smallest and the greatest recall, without their intervals."""
    every = _printed(record, bounds=False)
    return every[0], every[-1]


def _comparison(record: Record) -> Sentence:
    """Returns whether recalls differ, and only if they do, which class is weakest."""
    homogeneity = record.evaluation.homogeneity
    if homogeneity is None:
        return _uncompared(record)
    if differ(record):
        return _ranking(record, homogeneity)
    low, high = _ends(record)
    span = (
        "Every recall prints as {low}; what differs"
        if str(low) == str(high)
        else "Recalls run from {low} to {high}, which"
    )
    return sentence(
        span + " is within noise (chi-squared test of equal recalls, "
        "{chance}): no class is called the weakest.",
        low=low,
        high=high,
        chance=p_phrase(homogeneity.p_value),
    )


def _uncompared(record: Record) -> Sentence:
    """Returns why recalls are not compared."""
    low = _ends(record)[0]
    if len(present(record)) == 1:
        return sentence(
            "Only class {name} has test {noun}s, so there is nothing to compare: {low} "
            "of them are read right.",
            noun=record.noun,
            name=present(record)[0].name,
            low=low,
        )
    return sentence(
        "Every class is read right equally often, {low} of its {noun}s, so there is "
        "nothing to compare.",
        noun=record.noun,
        low=low,
    )


def _ranking(record: Record, homogeneity: Homogeneity) -> Sentence:
    """Returns the weakest and the strongest class; an end that is shared has none."""
    classes, every = present(record), _printed(record, bounds=True)
    values = [one.text(one.value) for one in every]
    weakest = (
        "no class is read right less often than class {weakest}, {low} of its {n} "
        "{noun}s"
        if values.count(values[0]) > 1
        else "class {weakest} is read right least often, {low} of its {n} {noun}s"
    )
    strongest = (
        "; the best, {best}, is reached by more than one class."
        if values.count(values[-1]) > 1
        else "; class {strongest} most often, {high}."
    )
    return sentence(
        "Recalls differ between classes by more than chance (chi-squared test, "
        "{chance}): " + weakest + strongest,
        chance=p_phrase(homogeneity.p_value),
        noun=record.noun,
        weakest=classes[0].name,
        low=every[0],
        n=count(classes[0].support),
        strongest=classes[-1].name,
        high=every[-1],
        # Several classes have one value, but each its own interval.
        best=_ends(record)[1],
    )


def _below_note(record: Record) -> Sentence | None:
    """Returns which classes are weaker than all together, beyond their intervals."""
    singled_out = below(record)
    if not singled_out:
        return None
    if len(singled_out) > MOST_LISTED:
        return sentence(
            "Diamonds mark intervals wholly below the accuracy over all classes."
        )
    return sentence(
        "Diamonds mark intervals wholly below the accuracy over all classes: {names}.",
        names=", ".join(one.name for one in singled_out),
    )


def _left_out_note(record: Record) -> Sentence | None:
    """Returns which classes are not drawn, and why."""
    classes = record.evaluation.classes
    absent = [one.name for one in classes if one.recall.estimate is None]
    return (
        joined(_absent_note(record, absent), _many_note(record))
        if absent
        else (_many_note(record))
    )


def _absent_note(record: Record, absent: list[str]) -> Sentence:
    """Returns which classes have no rows; of many, how many."""
    if len(absent) > MOST_LISTED:
        return sentence(
            "Not drawn are {absent} classes without test {noun}s.",
            absent=count(len(absent)),
            noun=record.noun,
        )
    return sentence(
        "Not drawn, having no test {noun}s: {names}.",
        noun=record.noun,
        names=", ".join(absent),
    )


def _many_note(record: Record) -> Sentence | None:
    """Returns that only the weakest are drawn, where that is so."""
    every = len(present(record))
    if len(drawn(record)) == every:
        return None
    return sentence(
        "Of {every} classes with test {noun}s the {drawn} of lowest recall are drawn.",
        every=count(every),
        drawn=count(len(drawn(record))),
        noun=record.noun,
    )
