"""What a page says about itself. Window, navigation, keys page and permissions follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QWidget

from station.app import Station
from station.domain.errors import StationError
from station.domain.permissions import Role
from station.domain.secret import Secret
from ui.actions.action import ActionRow
from ui.actions.action_table import Actions
from ui.background.bridge import Bridge
from ui.background.fault_log import FaultLog
from ui.background.line_status import LineStatusFeed
from ui.background.tasks import BackgroundTasks

W = TypeVar("W", bound=QWidget)


class Group(StrEnum):
    """The heading of a page in the navigation; the order here is the order on the screen."""

    MAKE = "Make"
    PROVE = "Prove"
    STATION = "Station"


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the window lends to each page.

    Attributes:
        station: The core.
        bridge: The core's news as Qt signals.
        tasks: Work off the GUI thread, shared by the pages.
        fault_log: What failed while the window was open.
        line_status: What the line does, for the pages that do not show the line itself.
        actions: The actions of all pages.
        show_home: Shows the page that the window begins with: the line.
        open_page: Shows the page of this name; its presenter, a `SubjectPresenter`, is given what it is opened for.
        go_back: Shows the page from which the present one was opened.
        answer: Says in a sentence and an advice, at the place of a touch, why what was asked for is not done.
    """

    station: Station
    bridge: Bridge
    tasks: BackgroundTasks
    fault_log: FaultLog
    line_status: LineStatusFeed
    actions: Actions
    show_home: Callable[[], object]
    open_page: Callable[[str, object], object]
    go_back: Callable[[], object]
    answer: Callable[[str, str], object]


@dataclass(frozen=True, slots=True)
class ClosingStep:
    """Something that must end before the window may close.

    Attributes:
        what: As a person reads it after "Waiting for": "the camera to be released".
        wait: Waits for at most this many seconds; returns whether the end came.
        within_s: Seconds after which the window closes anyway.
    """

    what: str
    wait: Callable[[float], bool]
    within_s: float


class PagePresenter(Protocol):
    """The part of a page that talks to the station."""

    def open(self) -> None:
        """The page has become visible."""

    def leave(self) -> None:
        """The page has been hidden: give back what others may need."""

    def closing_steps(self) -> tuple[ClosingStep, ...]:
        """Return what must end before the window may close; called after `leave`."""

    def close(self) -> None:
        """End all threads and timers; called once, when the window goes."""


@runtime_checkable
class SubjectPresenter(PagePresenter, Protocol):
    """The presenter of a page that others open for something: the annotator for marked pictures, for example."""

    def show_subject(self, subject: object) -> None:
        """Show what the page was opened for; called after `open`.

        Args:
            subject: What the page's own module says that it takes.
        """


@runtime_checkable
class BadgeTaker(Protocol):
    """What waits for a badge at times: a page that gives one to somebody, or a dialog that is signed."""

    def wants_badge(self) -> bool:
        """Return whether the next code that is scanned is that badge."""

    def take_badge(self, code: Secret) -> None:
        """Take its code."""


@dataclass(frozen=True, slots=True)
class UnsavedWork:
    """Work of a person that is not saved yet.

    Attributes:
        what: In words: "the marks on 2 pictures".
        trouble: Why saving failed the last time; None if it did not.
    """

    what: str
    trouble: StationError | None

    @property
    def sentence(self) -> str:
        """Return what is not saved, and why: "The marks on 2 pictures are not saved: The disk is full."."""
        what = f"{self.what[0].upper()}{self.what[1:]} are not saved"
        return f"{what} yet." if self.trouble is None else f"{what}: {self.trouble.sentence}"


@runtime_checkable
class SavingPresenter(PagePresenter, Protocol):
    """The presenter of a page on which people make what must not be lost when the window closes."""

    def save_now(self) -> None:
        """Begin to save what is not saved."""

    def unsaved(self) -> UnsavedWork | None:
        """Return what would be lost if the window closed now; None if everything is saved."""


@dataclass(frozen=True, slots=True)
class PageSpec(Generic[W]):
    """One page of the window.

    Every role may look at every page; what may be changed is said by the permission of each action.

    Attributes:
        name: Unique and stable, such as "shift_report".
        title: The words on the keys that lead here, and the heading on the keys page.
        role: Whose page it is.
        key: The key that opens the page.
        actions: What can be asked for on this page only.
        load: Returns what makes the widgets, and what makes their presenter; called when the page is first seen. If it
            imports them only then, the line comes up sooner.
        group: Its heading in the navigation; None for the page that the window begins with.
    """

    name: str
    title: str
    role: Role
    key: str
    actions: tuple[ActionRow, ...]
    load: Callable[[], tuple[Callable[[Actions], W], Callable[[W, PageContext], PagePresenter]]]
    group: Group | None = None

    @property
    def show_action(self) -> ActionRow:
        """The action that opens the page."""
        return ActionRow(
            f"show {self.name}", self.title, self.key, f"go to the {self.title[0].lower()}{self.title[1:]}"
        )

    def station_of(self, station: Station) -> Station:
        """Return the station for the commands of this page: they are given by whoever is logged in."""
        return station.at_window(f"{self.title} page", self.role)

    def make(self, context: PageContext) -> tuple[QWidget, PagePresenter]:
        """Make the widgets of the page and their presenter. The core refuses what the person may not do."""
        build, present = self.load()
        page = build(context.actions)
        return page, present(page, replace(context, station=self.station_of(context.station)))


AnyPage = PageSpec[Any]
