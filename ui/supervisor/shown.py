"""What the shift page needs of a shift's summary; the station's own values have this form."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Claim, Counts, Run
from station.domain.rates import Rate
from station.domain.shift import EventKind, PartRecord, ShiftWindow


class Step(Protocol):
    """An hour of the shift."""

    @property
    def start(self) -> datetime: ...  # noqa: D102
    @property
    def end(self) -> datetime: ...  # noqa: D102
    @property
    def counts(self) -> Counts: ...  # noqa: D102


class Revision(Protocol):
    """What one revision of a recipe said."""

    @property
    def run(self) -> Run: ...  # noqa: D102
    @property
    def counts(self) -> Counts: ...  # noqa: D102
    @property
    def first_pass_yield(self) -> Rate: ...  # noqa: D102


class Place(Protocol):
    """Where parts are bad."""

    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def share(self) -> Rate: ...  # noqa: D102
    @property
    def median_area_px(self) -> float | None: ...  # noqa: D102
    @property
    def worst(self) -> Sequence[PartRecord]: ...  # noqa: D102


class Cause(Protocol):
    """Why parts were not inspected."""

    @property
    def cause(self) -> NotInspectedCause: ...  # noqa: D102
    @property
    def share(self) -> Rate: ...  # noqa: D102


class Stop(Protocol):
    """A stretch without inspection."""

    @property
    def kind(self) -> EventKind: ...  # noqa: D102
    @property
    def start(self) -> datetime: ...  # noqa: D102
    @property
    def duration(self) -> timedelta | None: ...  # noqa: D102
    @property
    def sentence(self) -> str: ...  # noqa: D102


class Shift(Protocol):
    """A shift in numbers."""

    @property
    def window(self) -> ShiftWindow: ...  # noqa: D102
    @property
    def counts(self) -> Counts: ...  # noqa: D102
    @property
    def first_pass_yield(self) -> Rate: ...  # noqa: D102
    @property
    def revisions(self) -> Sequence[Revision]: ...  # noqa: D102
    @property
    def steps(self) -> Sequence[Step]: ...  # noqa: D102
    @property
    def places(self) -> Sequence[Place]: ...  # noqa: D102
    @property
    def causes(self) -> Sequence[Cause]: ...  # noqa: D102
    @property
    def disputed(self) -> Mapping[Claim, int]: ...  # noqa: D102
    @property
    def stoppages(self) -> Sequence[Stop]: ...  # noqa: D102
