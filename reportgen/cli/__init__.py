"""Gives the pipeline a voice: the only room that reads clock, environment, terminal."""

from reportgen.cli.commands import main

__all__ = ["main"]
