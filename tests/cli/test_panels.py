"""Every option of build stands in one part of its help."""

from click.testing import CliRunner

from reportgen.cli import main
from reportgen.cli.panels import PANELS

LISTED = [option for _, options in PANELS for option in options]


def test_every_option_stands_in_one_part() -> None:
    flags = [p.opts[0] for p in main.commands["build"].params] + ["--help"]
    assert sorted(LISTED) == sorted(flags)


def test_the_help_shows_the_parts_in_their_order() -> None:
    shown = CliRunner().invoke(main, ["build", "--help"]).stdout
    places = [shown.index(f" {title} ") for title, _ in PANELS]
    assert places == sorted(places)
