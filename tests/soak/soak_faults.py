"""The faults of a soak: one every thousand parts, drawn by a seed, each from outside of the code that it is about."""

import errno
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import painted_parts
from painted_parts import PaintedParts, Truth

from station.app import Station
from station.camera.genicam.camera import GenicamCamera
from station.domain import clock
from station.domain.recipe import Recipe, TakesEffect
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import value_of_key
from station.plugin_api.hooks import hookimpl

SEED = 2026
KINDS_OF_FAULTS = 10 + len(painted_parts.CAUSES)
LIMITS = (0.5, 0.55)
"""Both lie between the scores of good and of defective parts."""
_LOCKED_S, _PICTURES_S, _MOMENT_S = 31.0, 2.0, 5.0

Ends = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to disturb the line.

    Attributes:
        name: In words.
        lasts_s: After this time `begin`'s return value is called.
        begin: Begin it, and return what ends it.
    """

    name: str
    lasts_s: float
    begin: Callable[[], Ends]


class Guest:
    """A plug-in that does in its reject hook what the soak wants."""

    def __init__(self) -> None:
        self.act: Callable[[], object] = bool

    @hookimpl
    def inspection_judged(self, inspection: object) -> None:
        """Act."""
        self.act()


class SoakFaults:
    """All faults of one running station, in an endless order that the seed gives; each of them once in a round."""

    def __init__(self, station: Station, parts: PaintedParts) -> None:
        self._station = station
        self._parts = parts
        self._guest = Guest()
        self._limit = 0
        station.plugins.register(self._guest, "guest")

    def drawn(self) -> Iterator[Fault]:
        """Yield the next fault, for ever."""
        chance = random.Random(SEED)
        while True:
            round_ = list(self._all())
            assert len(round_) == KINDS_OF_FAULTS
            chance.shuffle(round_)
            yield from round_

    def _all(self) -> Iterator[Fault]:
        yield Fault("camera process killed", 0.0, lambda: self._end_camera(signal.SIGKILL))
        yield Fault("camera process stopped", 0.0, lambda: self._end_camera(signal.SIGSTOP))
        yield Fault("database locked", _LOCKED_S, self._lock_database)
        yield Fault("disk full", _MOMENT_S, lambda: _refuse_to_sync(errno.ENOSPC))
        yield Fault("disk broken", _MOMENT_S, lambda: _refuse_to_sync(errno.EIO))
        yield Fault("plug-in raises", _MOMENT_S, lambda: self._let_plug_in(_raise))
        yield Fault("plug-in hangs", _MOMENT_S, lambda: self._let_plug_in(lambda: time.sleep(1.0)))
        yield Fault("recipe changed", 1.0, self._change_recipe)
        yield Fault("clock an hour ahead", _MOMENT_S, lambda: _set_clock(timedelta(hours=1)))
        yield Fault("clock two hours back", _MOMENT_S, lambda: _set_clock(timedelta(hours=-2)))
        for truth in painted_parts.CAUSES:
            yield Fault(f"pictures {truth}", _PICTURES_S, lambda truth=truth: self._deliver(truth))

    def _end_camera(self, how: signal.Signals) -> Ends:
        source = self._station.line.sources[""]
        assert isinstance(source, GenicamCamera)
        if source.process_id:
            os.kill(source.process_id, how)
        return bool

    def _lock_database(self) -> Ends:
        rival = sqlite3.connect(self._station.workspace.database, isolation_level=None, timeout=60)
        rival.execute("BEGIN IMMEDIATE")
        return rival.close

    def _let_plug_in(self, act: Callable[[], object]) -> Ends:
        self._guest.act = act
        return lambda: setattr(self._guest, "act", bool)

    def _change_recipe(self) -> Ends:
        recipe = self._station.line.recipe
        assert recipe is not None
        self._limit = 1 - self._limit
        released = self._revised(recipe, LIMITS[self._limit])
        self._station.recipes.release(recipe.name, released.revision, "Ada", "on purpose", TakesEffect.NOW)
        return bool

    def _revised(self, base: Recipe, limit: float) -> Recipe:
        view, value = value_of_key(base, "limits.image_threshold")
        change = ValueChange(view, value, value.of(base, view), limit)
        return self._station.recipes.revise(base, (change,), "Ada", "on purpose").recipe

    def _deliver(self, truth: Truth) -> Ends:
        self._parts.fault = truth
        return lambda: setattr(self._parts, "fault", Truth.GOOD)


def _raise() -> None:
    raise OSError("the relay is on fire")


def _refuse_to_sync(code: int) -> Ends:
    """Let every file that the station makes be refused; the database has its own way to the disk."""
    sync = os.fsync

    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    os.fsync = refuse
    return lambda: setattr(os, "fsync", sync)


def _set_clock(by: timedelta) -> Ends:
    """Let the station read another time."""

    class SetClock(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return datetime.now(tz) + by

    clock.datetime = SetClock
    return lambda: setattr(clock, "datetime", datetime)
