"""Requirements from a file and from the command line, made one list."""

from collections.abc import Iterable

from reportgen.errors import UsageError
from reportgen.record.requirements import Operator, Requirement

MOST = 1_000
"""Requirements of one run: one for each of as many classes as can be told apart."""


def together(
    general: Iterable[Requirement], particular: Iterable[Requirement]
) -> tuple[Requirement, ...]:
    """Returns all that is required, each measure and operator with one bound.

    Args:
        general: Those of a file, in its order.
        particular: Those of a call. One takes the place of the general one of the same
            measure and operator, as a flag goes before a file; the others follow.

    Raises:
        UsageError: One of the two states two bounds for one measure and operator, or
            there are too many.

    >>> from reportgen.requirements import parse
    >>> file = [parse("accuracy >= 0.9"), parse("ece <= 0.1")]
    >>> print(*together(file, [parse("accuracy >= 0.95")]), sep="; ")
    accuracy >= 0.95; ece <= 0.1
    """
    stated = _stated(general) | _stated(particular)
    if len(stated) > MOST:
        raise UsageError(
            f"A run must have at most {MOST:,} requirements. Received {len(stated):,}. "
            "Require a mean over the classes, as recall_macro."
        )
    return tuple(stated.values())


def _stated(
    requirements: Iterable[Requirement],
) -> dict[tuple[str, Operator], Requirement]:
    """Returns requirements by what they compare and how, in their order."""
    found: dict[tuple[str, Operator], Requirement] = {}
    for one in requirements:
        first = found.setdefault((one.subject, one.operator), one)
        if first != one:
            raise UsageError(
                "A measure must have one bound for an operator. Received "
                f"'{first}' and '{one}'. Keep one of them."
            )
    return found
