from reportgen.figures.paths import compact_path


def test_steps_are_relative_and_straight_ones_name_one_axis() -> None:
    # From (1, 2) by (2, 0), then by (0, -2), then by (0.5, 0.25).
    course = "M 1 2 \nL 3 2 \nL 3 0 \nL 3.5 0.25 \nz\n"
    assert compact_path(course, scale=1, places=2) == "M1,2h2v-2l.5,.25z"


def test_curves_step_from_where_the_last_one_ended() -> None:
    course = "M 10 10 Q 12 9 14 10 Q 16 11 18 10 C 19 10 20 11 20 12"
    assert (
        compact_path(course, scale=1, places=0) == "M10,10q2-1,4,0,2,1,4,0c1,0,2,1,2,2"
    )


def test_rounding_does_not_add_up() -> None:
    # A third step of 0.004 ends at 0.012, which is 0.01; each alone would be nothing.
    course = "M 0 0 L 0.004 0 L 0.008 0 L 0.012 0 L 0.016 0"
    # Places 0, 0.01, 0.01 and 0.02 leave two steps and, at the start, a dot.
    assert compact_path(course, scale=1, places=2) == "M0,0h0,.01,.01"


def test_a_start_is_absolute_and_follows_the_end_of_a_part() -> None:
    course = "M 0 0 L 4 0 L 4 4 z M 1 1 L 2 1"
    assert compact_path(course, scale=1, places=0) == "M0,0h4v4zM1,1h1"


def test_scale_comes_before_rounding() -> None:
    # 4666 / 64 * 10 = 729.06
    assert compact_path("M 4666 0 L 0 0", scale=10 / 64, places=0) == "M729,0h-729"


def test_a_step_of_nothing_is_left_out_but_a_dot_stays() -> None:
    assert compact_path("M 1 1 L 2 1 L 2 1 L 3 1", scale=1, places=0) == "M1,1h1,1"
    assert compact_path("M 1 1 L 1 1", scale=1, places=0) == "M1,1h0"


def test_small_numbers_in_scientific_notation_are_read() -> None:
    assert compact_path("M -1e-05 2e+01 L 1 20", scale=1, places=2) == "M0,20h1"
