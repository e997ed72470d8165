"""What leaving the least sure rows to a person buys."""

from typing import TYPE_CHECKING

import numpy as np

from reportgen.figures.lettering import (
    Horizontal,
    Vertical,
    joined,
    percent,
    unbinned,
    write,
)
from reportgen.figures.style import (
    ACCENT,
    FULL_MM,
    INK,
    PAPER,
    light_grid,
    look,
    new_figure,
)
from reportgen.record import (
    Certificate,
    Deciding,
    Estimate,
    Quantity,
    Record,
    RiskPoint,
    Sentence,
    chosen_share,
    count,
    quantity,
    sentence,
    share,
)
from reportgen.record.wording import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT_MM = 62.0
CLOSE_UP = 0.9
"""Coverage at which the enlarged panel begins."""

TOLD = 0.95
"""Coverage whose risk the caption tells."""

SETTLED = 30
"""Rows accepted from which on a risk may set the height of the axes."""

AT_MOST = "\N{LESS-THAN OR EQUAL TO}"
STEM = (0, (3, 1.5))
HEADROOM = 1.12
STEPS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MOST_TICKS = 7
LINE_PT = 10.0
"""From one line of the smallest type to the next."""


def no_risk_coverage(record: Record) -> str | None:
    """Returns why no risk is shown."""
    return unbinned(record) if record.evaluation.deciding is None else None


@look()
def draw_risk_coverage(record: Record) -> "Figure":
    """Returns risk over coverage, as a whole and from nine tenths on."""
    deciding = _deciding(record)
    figure = new_figure(FULL_MM, HEIGHT_MM)
    whole, close_up = figure.subplots(1, 2)
    top = _top(record)
    for axes in (whole, close_up):
        axes.plot(deciding.coverage, deciding.risk, color=ACCENT)
        end = [deciding.coverage[-1]], [deciding.risk[-1]]
        axes.plot(*end, "o", color=INK, markersize=4, clip_on=False)
        _set_risk(axes, top)
    _set_coverage(whole, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 0.025)
    _draw_certificates(whole, _shown(deciding, top))
    asked = sorted(one.asked for one in deciding.at if one.asked >= CLOSE_UP)
    _set_coverage(close_up, (*asked, 1.0), 0.018)
    _draw_points(close_up, record)
    whole.set_ylabel("errors among the accepted, %")
    return figure


def caption_risk_coverage(record: Record) -> Sentence:
    """Returns what rejecting the least sure rows buys, and what is guaranteed."""
    deciding = _deciding(record)
    return joined(
        _gain(record, _told(deciding)),
        _guarantee(record),
        _cut_note(record),
        sentence(
            "Bars are Wilson intervals; triangles mark thresholds certified for an "
            "error on the axis, which their stems show."
            if _shown(deciding, _top(record))
            else "Bars are Wilson intervals."
        ),
    )


def alt_risk_coverage(record: Record) -> Sentence:
    """Returns where the curve ends and what it falls to."""
    deciding = _deciding(record)
    one = _told(deciding)
    return sentence(
        "Share of errors among the accepted {noun}s over the share accepted, surest "
        "first. With all accepted it is {all}, with {accepted} of {n} {noun}s {risk}.",
        noun=record.noun,
        all=_overall(deciding, one),
        accepted=count(one.accepted),
        n=count(record.evaluation.n),
        risk=quantity(one.risk, "share"),
    )


def _deciding(record: Record) -> Deciding:
    """Returns what abstaining buys, of a record that knows it."""
    deciding = record.evaluation.deciding
    assert deciding is not None
    return deciding


def _told(deciding: Deciding) -> RiskPoint:
    """Returns the point that the words speak of."""
    return min(deciding.at, key=lambda one: abs(one.asked - TOLD))


def _overall(deciding: Deciding, beside: RiskPoint) -> Quantity:
    """Returns the share of errors among all, in the digits of that point."""
    return share(deciding.risk[-1], quantity(beside.risk, "share").digits)


def _gain(record: Record, one: RiskPoint) -> Sentence:
    """Returns how many errors are left among the surest rows."""
    deciding, evaluation = _deciding(record), record.evaluation
    if not evaluation.errors:
        return sentence(
            "None of the {n} test {noun}s is read wrong, so leaving out the least sure "
            "ones gains nothing.",
            noun=record.noun,
            n=count(evaluation.n),
        )
    surely = one.risk.high is not None and one.risk.high < deciding.risk[-1]
    return sentence(
        "Accepting only the surest {accepted} of {n} {noun}s leaves {left} of "
        "{errors}: {risk} of the accepted are wrong, "
        + (
            "instead of {all} of all."
            if surely
            else "which cannot be told from {all} of all."
        ),
        noun=record.noun,
        accepted=count(one.accepted),
        n=count(evaluation.n),
        left=count(one.errors),
        errors=counted(evaluation.errors, "error"),
        risk=quantity(one.risk, "share"),
        all=_overall(deciding, one),
    )


def _guarantee(record: Record) -> Sentence:
    """Returns the strictest target that a threshold keeps, or why there is none."""
    deciding = _deciding(record)
    if deciding.certificates_reason is not None:
        return sentence(
            "No threshold is certified: {reason}", reason=deciding.certificates_reason
        )
    kept = [one for one in deciding.certificates if one.coverage is not None]
    if not kept:
        return sentence(
            "No threshold could be certified from {rows}, not even for an error of "
            "{target}.",
            rows=counted(deciding.certificates[-1].rows, f"validation {record.noun}"),
            target=chosen_share(deciding.certificates[-1].target),
        )
    strictest = kept[0]
    assert strictest.coverage is not None
    return sentence(
        "The strictest threshold certified (on {rows}, with {level} confidence) keeps "
        "the error at {target} or less and accepts {coverage} of the test {noun}s.",
        noun=record.noun,
        rows=counted(strictest.rows, f"validation {record.noun}"),
        level=chosen_share(strictest.level),
        target=chosen_share(strictest.target),
        coverage=quantity(strictest.coverage, "share"),
    )


def _cut_note(record: Record) -> Sentence | None:
    """Returns that the curve leaves the panel, where it does."""
    deciding = _deciding(record)
    highest = max(deciding.risk)
    if highest <= _top(record):
        return None
    return sentence(
        "Among the first few {noun}s the curve reaches {highest}, above the axis.",
        noun=record.noun,
        highest=share(highest, 0),
    )


def _top(record: Record) -> float:
    """Returns the greatest risk on the axes: of bars, and of the curve once settled."""
    deciding, n = _deciding(record), record.evaluation.n
    settled = [
        risk
        for coverage, risk in zip(deciding.coverage, deciding.risk, strict=True)
        if coverage * n >= SETTLED or coverage == 1
    ]
    bars = [one.risk.high for one in deciding.at if one.risk.high is not None]
    return min(HEADROOM * max(*settled, *bars, STEPS[0]), 1.02)


def _shown(deciding: Deciding, top: float) -> list[Certificate]:
    """Returns the certificates that accept rows and whose target is on the axes."""
    return [
        one
        for one in deciding.certificates
        if one.coverage is not None and one.target < top and one.coverage.value > 0
    ]


def _set_risk(axes: "Axes", top: float) -> None:
    """Sets the ordinate from 0, its ticks in percent."""
    step = next((one for one in STEPS if top <= MOST_TICKS * one), STEPS[-1])
    ticks = np.arange(0, top, step)
    axes.set_yticks(ticks, [f"{100 * tick:.4g}" for tick in ticks])
    axes.set_ylim(0, top)
    axes.spines["left"].set_visible(False)
    light_grid(axes, "y")


def _set_coverage(axes: "Axes", ticks: tuple[float, ...], before: float) -> None:
    """Sets the abscissa, in percent, from so much before the first tick to the last."""
    axes.set_xticks(ticks, [f"{100 * tick:.4g}" for tick in ticks])
    axes.set_xlim(ticks[0] - before, ticks[-1] + (ticks[-1] - ticks[0]) / 40)
    axes.set_xlabel("accepted, the surest first, % of the test part")


def _draw_certificates(axes: "Axes", certificates: list[Certificate]) -> None:
    """Marks each coverage with a stem as high as the error allowed, and lists them."""
    lines = []
    for one in certificates:
        assert one.coverage is not None
        coverage = one.coverage.value
        axes.plot([coverage], [0], "^", color=INK, markersize=4, clip_on=False)
        axes.vlines(coverage, 0, one.target, color=INK, linewidth=0.8, linestyle=STEM)
        digits = quantity(one.coverage, "share").digits
        lines.append(
            f"{AT_MOST} {chosen_share(one.target)}: accept {percent(coverage, digits)}"
        )
    # The curve falls to the left: nothing else stands in this corner.
    for row, line in enumerate(["certified errors"] * bool(lines) + lines):
        at, offset_pt = (0, 1, axes.transAxes), (4, -LINE_PT * (row + 0.5))
        align: tuple[Horizontal, Vertical] = ("left", "center_baseline")
        written = write(axes, line, at=at, offset_pt=offset_pt, align=align)
        written.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})


def _draw_points(axes: "Axes", record: Record) -> None:
    """Draws the risks at round coverages with their bars, each with its number."""
    deciding, n = _deciding(record), record.evaluation.n
    for one in {one.accepted: one for one in deciding.at}.values():
        printed = quantity(one.risk, "share")
        high = _draw_point(axes, one.accepted / n, one.risk)
        if one.accepted == n:
            continue
        text = str(share(one.risk.value, printed.digits if one.errors else 0))
        # The curve rises to the right, so that there is room at the left.
        at = (one.accepted / n, high, axes.transData)
        write(axes, text, at=at, offset_pt=(-2.5, 1), align=("right", "bottom"))
    text = f"{_overall(deciding, _told(deciding))}\nof all"
    at = (1, deciding.risk[-1], axes.transData)
    write(axes, text, at=at, offset_pt=(6, 0), align=("left", "center"))


def _draw_point(axes: "Axes", coverage: float, risk: Estimate) -> float:
    """Draws a risk with its bar; returns where the bar ends."""
    axes.plot([coverage], [risk.value], "o", color=INK, markersize=4, zorder=3)
    if risk.low is None or risk.high is None:
        return risk.value
    axes.vlines(coverage, risk.low, risk.high, color=INK, linewidth=1.0, zorder=3)
    return risk.high
