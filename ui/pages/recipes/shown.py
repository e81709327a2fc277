"""What the page shows of one revision, resolved from all that is known into one frozen value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from station.domain.formatting import counted, day_and_time
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.messages import LineState
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.recipe_changes import ValueChange, values_of
from station.domain.recipe_values import RecipeValue, Section
from station.domain.signature import Signing
from station.domain.validation import Validation
from ui.pages.recipes.actions import RecipesAct

_AT_REST_OR_PAUSED = (LineState.STOPPED, LineState.PAUSED)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the page knows.

    Attributes:
        entries: Every revision, by name, newest first.
        chosen: The revision that is read; None before the first.
        view: The view of it that is shown.
        pending: Changes that are not saved yet.
        validations: The newest validation of each view of the chosen revision.
        signing: Who signed the chosen revision; None before it is known.
        loaded: The recipe on the line; None before the first.
        line: What the line does.
        time_zone: Of the station.
    """

    entries: tuple[RecipeEntry, ...] = ()
    chosen: RecipeEntry | None = None
    view: str = ""
    pending: tuple[ValueChange, ...] = ()
    validations: tuple[Validation, ...] = ()
    signing: Signing | None = None
    loaded: Recipe | None = None
    line: LineState = LineState.STOPPED
    time_zone: str = "UTC"

    def with_change(self, value: RecipeValue, new: object) -> "Situation":
        """Return the situation with one value changed in the draft; as before if it is the value that was."""
        assert self.chosen is not None, "a value of a revision"
        old = value.of(self.chosen.recipe, self.view)
        others = [each for each in self.pending if (each.view, each.value.key) != (self.view, value.key)]
        changed = [ValueChange(self.view, value, old, new)] if new != old else []
        return replace(self, pending=(*others, *changed))

    def now(self, value: RecipeValue) -> object:
        """Return a value of the shown view with the changes that are not saved yet."""
        assert self.chosen is not None, "a value of a revision"
        changed = [each.new for each in self.pending if (each.view, each.value.key) == (self.view, value.key)]
        return changed[0] if changed else value.of(self.chosen.recipe, self.view)


@dataclass(frozen=True, slots=True)
class ValueShown:
    """One row: a value, as it is in the revision and as it will be in the draft."""

    value: RecipeValue | None
    name: str
    was: str
    becomes: str = ""


@dataclass(frozen=True, slots=True)
class RevisionShown:
    """One revision as the page shows it.

    Attributes:
        title: "plate 2".
        state: "DRAFT, Ada, 28 Nov 09:41", and on which line it is.
        said: What prevents a release, or what to do next, in a sentence.
        sections: The values by their headings.
        views: The names of its views.
        roi, mask, taught: What is drawn on the picture: region and mask with the changes, and the taught region.
        changes: The changes that are not saved, in words.
        possible: What can be asked for now.
    """

    title: str = ""
    state: str = ""
    said: str = ""
    sections: tuple[tuple[str, tuple[ValueShown, ...]], ...] = ()
    views: tuple[str, ...] = ()
    roi: RegionOfInterest | None = None
    mask: IgnoreMask | None = None
    taught: RegionOfInterest | None = None
    changes: tuple[str, ...] = ()
    possible: frozenset[RecipesAct] = frozenset()


_ALWAYS = frozenset({RecipesAct.FIND_RECIPE, RecipesAct.IMPORT_RECIPE})
_EDITS = frozenset({RecipesAct.SET_VALUE, RecipesAct.DRAW_REGION, RecipesAct.DRAW_MASK, RecipesAct.PAINT_MASK})
_READS = frozenset({RecipesAct.EXPORT_RECIPE, RecipesAct.OPEN_LIMITS, RecipesAct.TEACH_AGAIN})


def resolve(now: Situation) -> RevisionShown:
    """Return what is shown."""
    if now.chosen is None:
        said = "No recipe yet: teach a product, or import a recipe file." if not now.entries else "Choose a recipe."
        return RevisionShown(said=said, possible=_ALWAYS)
    recipe = now.chosen.recipe
    roi, mask = _drawn(now)
    return RevisionShown(
        title=f"{recipe.name} {recipe.revision}",
        state=_state_words(now, now.chosen),
        said=_said(now, now.chosen, roi),
        sections=_sections(now, recipe),
        views=recipe.view_names,
        roi=roi,
        mask=mask,
        taught=recipe.view(now.view).taught_roi,
        changes=tuple(change.words for change in now.pending),
        possible=_possible(now, now.chosen),
    )


def row_words(entry: RecipeEntry, loaded: Recipe | None) -> tuple[str, str]:
    """Return the two lines of a revision in the list: "plate 2", "on the line"; a draft there is called one."""
    recipe = entry.recipe
    words = entry.state.value
    if loaded == recipe:
        words = "on the line" if entry.state is RecipeState.RELEASED else f"{words}, on the line"
    return f"{recipe.name} {recipe.revision}", words


def _drawn(now: Situation) -> tuple[RegionOfInterest | None, IgnoreMask | None]:
    assert now.chosen is not None, "resolve looked"
    known = {value.key: value for value in values_of(now.chosen.recipe, now.view)}
    roi, mask = now.now(known["roi"]), now.now(known["ignore"])
    assert roi is None or isinstance(roi, RegionOfInterest)
    assert mask is None or isinstance(mask, IgnoreMask)
    return roi, mask


def _state_words(now: Situation, entry: RecipeEntry) -> str:
    change = entry.change
    by = f", {change.person}" if change.person else ""
    words = f"{entry.state.value.upper()}{by}, {day_and_time(change.at, now.time_zone)}"
    return f"{words}, on the line" if now.loaded == entry.recipe else words


def _said(now: Situation, entry: RecipeEntry, roi: RegionOfInterest | None) -> str:
    if roi != entry.recipe.view(now.view).taught_roi:
        first = "Save the draft, then teach" if now.pending else "Teach"
        return f"The model was taught on another region. {first} again with this region, before it can be released."
    if now.pending:
        count = len(now.pending)
        return f"{counted(count, 'change')} not saved. The line keeps its revision until one is released."
    if now.signing and now.signing.waiting:
        return f"{now.signing.waiting[0].person} has signed it. It is released when another person signs too."
    if entry.state is RecipeState.RELEASED and now.loaded != entry.recipe and now.line not in _AT_REST_OR_PAUSED:
        return "To use it on the line, stop or pause the line first."
    if now.loaded == entry.recipe:
        return "On the line, and read-only. A change makes the next draft."
    return entry.change.reason


def _sections(now: Situation, recipe: Recipe) -> tuple[tuple[str, tuple[ValueShown, ...]], ...]:
    order = list(Section)
    values = sorted(values_of(recipe, now.view), key=lambda value: order.index(value.section))
    rows = {
        section: [_row(now, recipe, value) for value in group]
        for section, group in groupby(values, lambda value: value.section)
    }
    rows[Section.MODEL] = [*_model_rows(recipe, now.view), *rows[Section.MODEL]]
    for validation in now.validations:
        if validation.view == now.view:
            result = ValueShown(None, "last validation", _result(validation, now.time_zone))
            rows[Section.MODEL] += [result, ValueShown(None, "validated on", validation.set_name)]
    rows[Section.MODEL] += [
        ValueShown(None, each.meaning, f"{each.who}, {day_and_time(each.at, now.time_zone)}")
        for each in (now.signing.all if now.signing else ())
    ]
    rows.setdefault(Section.CAMERA, [ValueShown(None, "settings", "as the camera has them")])
    return tuple((section.value, tuple(rows[section])) for section in order)


def _result(validation: Validation, zone: str) -> str:
    escapes, overkill = validation.escapes, validation.overkill
    found = f"{escapes.n - escapes.count}/{escapes.n} defects, {overkill.count}/{overkill.n} overkill"
    return f"{found}, {day_and_time(validation.at, zone)}"


def _row(now: Situation, recipe: Recipe, value: RecipeValue) -> ValueShown:
    was, becomes = value.of(recipe, now.view), now.now(value)
    unit = f" {value.unit}" if value.unit else ""
    return ValueShown(
        value, value.words, f"{value.said(was)}{unit}", f"{value.said(becomes)}{unit}" if becomes != was else ""
    )


def _model_rows(recipe: Recipe, view: str) -> list[ValueShown]:
    seen = recipe.view(view)
    rows = [("model", seen.model.name), ("SHA-256", seen.model.sha256[:12])]
    rows += [("taught from", seen.dataset_version or "not known")]
    rows += [("taught with", seen.form.words)] if seen.form else []
    return [ValueShown(None, name, text) for name, text in rows]


def _possible(now: Situation, entry: RecipeEntry) -> frozenset[RecipesAct]:
    acts = set(_ALWAYS | _EDITS | _READS)
    recipe, states = entry.recipe, entry.state.next_states
    roi, mask = _drawn(now)
    acts |= {RecipesAct.NO_REGION} if roi else set()
    acts |= {RecipesAct.NO_MASK} if mask else set()
    acts |= {RecipesAct.SAVE_DRAFT, RecipesAct.FORGET_CHANGES} if now.pending else set()
    acts |= {RecipesAct.VALIDATE} if not any(view.needs_teaching for view in recipe.views) else set()
    acts |= {RecipesAct.COMPARE} if _others(now.entries, recipe) else set()
    taught = not any(view.needs_teaching for view in recipe.views)
    if taught and RecipeState.RELEASED in states and entry.state is not RecipeState.RETIRED:
        acts |= {RecipesAct.RELEASE_RECIPE}
    if taught and entry.state is RecipeState.RETIRED:
        acts |= {RecipesAct.ROLL_BACK}
    acts |= {RecipesAct.RETIRE} if RecipeState.RETIRED in states else set()
    if entry.state is RecipeState.RELEASED and now.loaded != recipe and now.line in _AT_REST_OR_PAUSED:
        acts |= {RecipesAct.USE_ON_LINE}
    return frozenset(acts)


def _others(entries: Sequence[RecipeEntry], recipe: Recipe) -> list[RecipeEntry]:
    return [entry for entry in entries if entry.recipe.name == recipe.name and entry.recipe != recipe]
