"""Who is logged in at the window, now and for the work that was asked for before."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from station.domain.permissions import Role
from station.domain.person import KnownBy, Person

P = ParamSpec("P")
T = TypeVar("T")

NOBODY = Person("", frozenset({Role.OPERATOR}), KnownBy.NOBODY)
"""Without a log-in the window does what an operator may, and nothing else."""


class Session:
    """One window's log-in. Safe from any thread.

    Work that somebody asked for keeps its person until it ends, also if that person is logged out meanwhile: a folder
    is imported to its end, and the records name who wanted it.
    """

    def __init__(self) -> None:
        self._resting = self._present = NOBODY
        self._turn = threading.Lock()
        self._bound: ContextVar[Person | None] = ContextVar("person", default=None)

    @property
    def person(self) -> Person:
        """Return who gives the command that runs now: who asked for this work, else who is logged in."""
        return self._bound.get() or self._present

    @property
    def present(self) -> Person:
        """Return who is logged in at this moment."""
        return self._present

    @property
    def is_open(self) -> bool:
        """Return whether somebody is logged in now."""
        return self._present is not self._resting

    def begin(self, person: Person) -> None:
        """Let this person give the commands from now on; whoever was logged in is logged out."""
        self._present = person

    def end(self) -> None:
        """Return to the operator without a name. The line goes on."""
        self._present = self._resting

    def end_of(self, person: Person) -> bool:
        """End the log-in of this person; return whether they were logged in until now."""
        with self._turn:
            if not self.is_open or self._present.name != person.name:
                return False
            self.end()
            return True

    def rest_as(self, person: Person) -> None:
        """Let this person give the commands while nobody is logged in: the demo has all roles."""
        self._resting = self._present = person

    def bound(self, work: Callable[P, T]) -> Callable[P, T]:
        """Return the work so that whenever and wherever it runs, who is logged in now is its person."""
        person = self.person

        def as_person(*args: P.args, **kwargs: P.kwargs) -> T:
            token = self._bound.set(person)
            try:
                return work(*args, **kwargs)
            finally:
                self._bound.reset(token)

        return as_person
