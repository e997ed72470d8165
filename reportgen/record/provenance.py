"""Where a record comes from, and what it took."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Package:
    """An installed distribution that took part.

    Attributes:
        name: Distribution name.
        version: Installed version.
    """

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Environment:
    """The machine and the software.

    Attributes:
        python: Version of the interpreter.
        platform: Operating system and processor, as "Linux-6.1-x86_64".
        processors: Processors that the process may use.
        packages: What took part, by name.
    """

    python: str
    platform: str
    processors: int
    packages: tuple[Package, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """The state of the git working tree that the command ran in.

    Attributes:
        commit: Full hash.
        dirty: True where tracked files differed from it.
    """

    commit: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was asked, by which version, where.

    Attributes:
        command: The command line, word by word.
        seed: The run's seed.
        reportgen: Version of this program.
        environment: The machine and the software.
        revision: The git working tree, None where there was none.
    """

    command: tuple[str, ...]
    seed: int
    reportgen: str
    environment: Environment
    revision: Revision | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One timed step.

    Attributes:
        name: As "train".
        duration_s: Wall time in seconds.
    """

    name: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class Timings:
    """The part of a record that differs between two equal runs.

    Attributes:
        created_at: When the run began, UTC, as "2026-11-22T12:00:00Z".
        stages: In the order in which they ran.
        epoch_ends_s: Seconds from the beginning of the training to the end of each
            epoch, pauses left out; none where this run did not train.

    Raises:
        ValueError: `created_at` is no time, or one without its zone.
    """

    created_at: str
    stages: tuple[Stage, ...]
    epoch_ends_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        wanted = "created_at must be a time in UTC, as 2026-11-22T12:00:00Z"
        try:
            zone = datetime.fromisoformat(self.created_at).tzinfo
        except ValueError as error:
            raise ValueError(f"{wanted}. Received {self.created_at!r}.") from error
        if zone is None:
            raise ValueError(f"{wanted}. Received {self.created_at!r}, without a zone.")
