"""Turns a trained classifier into a report that a reviewer can check."""

__version__ = "0.1.0"
