"""The number at the end of an expression."""

import re
from math import inf, isfinite

from reportgen.requirements.measures import Measure
from reportgen.requirements.written import Written, shown

NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE](?P<power>[+-]?\d{1,4}))?"
    r"\s*(?P<unit>%|points?)?\s*",
    re.ASCII,
)


def bound_of(number: str, measure: Measure, written: Written, *, delta: bool) -> float:
    """Returns the number that a measure is compared with, as a share where it is one.

    Args:
        number: The end of the expression, as "98.5 %".
        measure: What is compared with it.
        written: The expression.
        delta: Whether the measure's difference from a baseline is meant.

    Raises:
        UsageError: It is no number, has a unit that the measure has not, or lies
            outside of its range.
    """
    found = NUMBER.fullmatch(number)
    if found is None:
        example = "-0.001" if delta else "0.985"
        raise written.refused(
            "must end in a number", shown(number), f"Write it as {example}."
        )
    unit = measure.unit_of(delta=delta)
    written_unit = "points" if found["unit"] == "point" else found["unit"]
    if written_unit not in {None, unit}:
        raise written.refused(
            f"must give {'delta.' if delta else ''}{measure.key} as a plain number"
            + (f" or in {unit}" if unit else ""),
            found["unit"],
            "Write 0.001 or 0.1 points." if unit == "points" else _without(found),
        )
    # Moving the power of ten rounds once, where dividing by 100 would do it again.
    power = int(found["power"] or 0) - (2 if found["unit"] else 0)
    bound = float(f"{found['digits']}e{power}") + 0.0  # -0.0 becomes 0.0
    _check_range(bound, measure, written, delta=delta)
    return bound


def _without(found: re.Match[str]) -> str:
    """Returns how to write a number whose unit the measure has not.

    Left out alone, the sign of 5 % would leave a hundred times the bound that is meant.
    """
    if found["unit"] != "%":
        return "Leave it out."
    power = int(found["power"] or 0) - 2
    plain = float(f"{found['digits']}e{power}")
    return f"Write {plain:g} for it."


def _check_range(
    bound: float, measure: Measure, written: Written, *, delta: bool
) -> None:
    """Refuses a bound that the measure can never come near."""
    least, most = measure.range_of(delta=delta)
    if isfinite(bound) and least <= bound <= most:
        return
    ends = f"in {least:g} to {most:g}" if most < inf else f"of at least {least:g}"
    if least == -inf:
        ends = "that is finite"
    unit = measure.unit_of(delta=delta)
    advice = "Write one within."
    if unit and least <= bound / 100 <= most:
        advice = f"If you mean {bound:g} {unit}, write the unit."
    raise written.refused(
        f"must compare {measure.key} with a number {ends}", f"{bound:g}", advice
    )
