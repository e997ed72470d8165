"""Errors that a user can mend.

ReportgenError
├── UsageError            a command line or configuration not understood
├── DataError             a dataset that is missing, broken or does not fit
├── ModelError            a model file that is missing, refused or does not fit the data
├── PredictionsError      predictions that break the contract of shape, range or sum
├── RecordError           a record.json that cannot be read
├── ReportError           a report.pdf that cannot be taken apart
├── OutputError           a run folder that cannot be written or read
├── BusyError             what another process is at work on, for too long
└── RenderError           a page that could not be rendered
    └── MissingPangoError WeasyPrint's system libraries are absent

Bugs stay ordinary exceptions and end in a traceback.
"""


class ReportgenError(Exception):
    """A failure whose message says what must hold, what was received, what to try."""


class UsageError(ReportgenError):
    """The command line or the configuration cannot be understood."""


class DataError(ReportgenError):
    """A dataset is missing, broken or does not fit."""


class ModelError(ReportgenError):
    """A model file is missing, refused or does not fit the data."""


class PredictionsError(ReportgenError):
    """Predictions break the contract of shape, range or sum."""


class RecordError(ReportgenError):
    """A record.json cannot be read."""


class ReportError(ReportgenError):
    """A report.pdf cannot be taken apart."""


class OutputError(ReportgenError):
    """A run folder cannot be written or read."""


class BusyError(ReportgenError):
    """Another process is at work on the same files, for too long."""


class RenderError(ReportgenError):
    """A page could not be rendered."""


class MissingPangoError(RenderError):
    """WeasyPrint's system libraries are absent, so no PDF can be written."""
