"""Notices when the loaded recipe is released, rolled back or retired, in whichever program, and says so at the line."""

import threading
from collections.abc import Callable

from station.domain.alarm import Alarm, AlarmKind
from station.domain.errors import StationError
from station.domain.inspection import PartKey
from station.domain.messages import Message, RecipeStateChanged
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, TakesEffect
from station.review.alarm_list import AlarmList
from station.storage.recipes.recipes import Recipes

_RISK = "Parts are judged by a recipe that is no longer released."


class ReleaseWatch:
    """Follows the loaded recipe. Asking costs one short query, and nothing on the way of a part. Safe from any thread.

    loaded 3, released --another program releases 1--> loaded 3, retired, and an alarm with person and reason
                                                        NOW: the caller of `poll` gets 1, to judge by it at once
                                                        NEXT_START: 3 goes on until the line is stopped
    """

    def __init__(self, recipes: Recipes, alarms: AlarmList, publish: Callable[[Message], None]) -> None:
        """Follow nothing yet.

        Args:
            recipes: Where recipes and their states are.
            alarms: Where a change is said.
            publish: Takes the messages; must not wait.
        """
        self._recipes = recipes
        self._alarms = alarms
        self._publish = publish
        self._lock = threading.Lock()
        self._step = 0
        self._entry: RecipeEntry | None = None

    @property
    def entry(self) -> RecipeEntry | None:
        """Return the loaded revision with its state as it was last read; None before the first."""
        return self._entry

    def follow(self, entry: RecipeEntry) -> None:
        """Follow this revision from now on."""
        with self._lock:
            self._step = self._recipes.newest_step(entry.recipe.name)
            self._entry = entry
        self._alarms.end_alarm(AlarmKind.RECIPE_CHANGED)

    def poll(self, *, running: bool) -> RecipeEntry | None:
        """Read the state again if it has changed. Return a revision that a running line must use at once.

        Args:
            running: The line judges by the loaded revision now; only then a change is an alarm.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._lock:
            entry = self._entry
            if entry is None or (step := self._recipes.newest_step(entry.recipe.name)) == self._step:
                return None
            self._step = step
            own = self._recipes.find_revision(entry.recipe.name, entry.recipe.revision)
            newest = self._recipes.find_revision(entry.recipe.name)
            self._entry = own
        self._publish(RecipeStateChanged(own))
        return self._compare(own, newest) if running else None

    def report_use(self, entry: RecipeEntry, first: PartKey) -> None:
        """Say that the running line judges by this revision from a part on."""
        with self._lock:
            self._entry = entry
        change = entry.change
        event = f"Revision {entry.recipe.revision} of {entry.recipe.name} is in use from part {first.label} on."
        cause = f"Released by {change.person}: {change.reason}."
        self._raise(Alarm(event, cause, "Parts are judged by other values than before.", "Watch the next parts."))
        self._alarms.end_alarm(AlarmKind.RECIPE_CHANGED)

    def report_failure(self, entry: RecipeEntry, error: StationError) -> None:
        """Say that the running line cannot use this revision, and goes on with the one that it has."""
        event = f"Revision {entry.recipe.revision} of {entry.recipe.name} cannot be used now."
        self._raise(Alarm(event, error.for_operator, _RISK, "Stop the line and call the engineer."))

    def _compare(self, own: RecipeEntry, newest: RecipeEntry) -> RecipeEntry | None:
        if own.state is RecipeState.RELEASED:
            self._alarms.end_alarm(AlarmKind.RECIPE_CHANGED)  # whoever changed it has taken it back
            return None
        if newest.state is not RecipeState.RELEASED:
            self._raise(_retired(own))
            return None
        if newest.change.takes_effect is TakesEffect.NOW:
            if switchable(own.recipe, newest.recipe):
                return newest
            self._raise(
                _released(
                    own, newest, "It has other cameras, camera values or kept pictures, so it needs a new start. "
                )
            )
        else:
            self._raise(_released(own, newest))
        return None

    def _raise(self, alarm: Alarm) -> None:
        self._alarms.raise_alarm(AlarmKind.RECIPE_CHANGED, alarm)


def switchable(present: Recipe, other: Recipe) -> bool:
    """Return whether a running line can change between these revisions: cameras and kept pictures stay as they are."""
    settings = [{view.name: view.camera_settings for view in recipe.views} for recipe in (present, other)]
    kept = present.keep_pass_every == other.keep_pass_every
    return present.view_names == other.view_names and settings[0] == settings[1] and kept


def _released(own: RecipeEntry, newest: RecipeEntry, why: str = "") -> Alarm:
    recipe, change = newest.recipe, newest.change
    return Alarm(
        f"Revision {recipe.revision} of {recipe.name} was released by {change.person}.",
        f"Reason: {change.reason}.",
        _RISK,
        f"{why}The line still runs revision {own.recipe.revision}. Stop and start it to use revision "
        f"{recipe.revision}.",
    )


def _retired(own: RecipeEntry) -> Alarm:
    recipe, change = own.recipe, own.change
    return Alarm(
        f"Revision {recipe.revision} of {recipe.name} was retired by {change.person}.",
        f"Reason: {change.reason}.",
        _RISK,
        "The line still runs it. Stop the line, and choose another product or call the engineer.",
    )
