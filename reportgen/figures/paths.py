"""Courses of SVG paths in few characters: relative steps on a grid of decimals."""

import re
from collections.abc import Iterable

TOKEN = re.compile(r"[MLQCz]|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")

POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "z": 0}
"""Points that each command of Matplotlib's paths takes."""

Point = tuple[int, int]


def compact_path(course: str, *, scale: float, places: int) -> str:
    """Returns the course rounded, in relative steps; errors do not add up.

    Args:
        course: Absolute commands M, L, Q, C and z, as Matplotlib writes them.
        scale: Factor of each coordinate.
        places: Decimals that are kept.
    """
    tokens = iter(TOKEN.findall(course))
    factor = scale * 10**places
    parts: list[str] = []
    here, last = (0, 0), ""
    for command in tokens:
        points = [
            (round(float(next(tokens)) * factor), round(float(next(tokens)) * factor))
            for _ in range(POINTS[command])
        ]
        letter, steps = _step(command, here, points)
        here = points[-1] if points else here
        if letter == "h" and steps == (0,) and last != "M":
            continue  # No step; right after a start it is a dot where caps are round.
        numbers = (decimal(step, places) for step in steps)
        parts.append(_spelt("" if letter == last else letter, numbers))
        last = letter
    return "".join(parts)


def decimal(whole: int, places: int) -> str:
    """Returns whole / 10^places in the fewest characters.

    >>> decimal(-1250, 2), decimal(50, 2), decimal(7, 0)
    ('-12.5', '.5', '7')
    """
    sign = "-" if whole < 0 else ""
    if not places:
        return str(whole)
    units, rest = divmod(abs(whole), 10**places)
    fraction = f".{rest:0{places}d}".rstrip("0").rstrip(".")
    return sign + (f"{units or ''}{fraction}" or "0")


def _step(
    command: str, here: Point, points: list[Point]
) -> tuple[str, tuple[int, ...]]:
    """Returns the shortest command that does the same, and its numbers.

    A start stays absolute: so does the end of the part before it not matter.
    """
    if command in "Mz":
        return command, tuple(value for point in points for value in point)
    steps = [(x - here[0], y - here[1]) for x, y in points]
    if command == "L" and steps[0][1] == 0:
        return "h", (steps[0][0],)
    if command == "L" and steps[0][0] == 0:
        return "v", (steps[0][1],)
    return command.lower(), tuple(value for step in steps for value in step)


def _spelt(letter: str, numbers: Iterable[str]) -> str:
    """Returns a command, a comma between numbers unless a minus sign parts them.

    In an address a space would have to be written as three characters.
    """
    text = letter + ",".join(numbers).replace(",-", "-")
    return text if letter or text.startswith("-") else f",{text}"
