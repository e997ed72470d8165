"""Starts the command line: `python -m reportgen`, or the script `reportgen`."""

import gc
import sys
from io import TextIOWrapper

INTERRUPTED = 130


def entry() -> None:
    """Runs the command line; Ctrl-C while it is still being loaded is quiet too."""
    try:
        from reportgen.cli import main
        from reportgen.cli.console import printing
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    # Names and prose hold characters that a terminal of old may lack.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with printing():
            main(prog_name="reportgen")
    finally:
        gc.freeze()  # the end frees all at once: nobody need look through it before


if __name__ == "__main__":
    entry()
