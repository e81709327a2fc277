"""What differs between two revisions of a recipe, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from station.domain.recipe import Recipe, View
from station.domain.recipe_values import NONE, OF_RECIPE, VALUES, RecipeValue, camera_setting


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that differs between two revisions, or that a person wants to change.

    Attributes:
        view: The view; "" for the only one without a name.
        value: Which value.
        old, new: Before and after; None if it is switched off or absent.
    """

    view: str
    value: RecipeValue
    old: object
    new: object

    @property
    def name(self) -> str:
        """Return the name of the value for people, with that of its view: "top: fail limit"."""
        return f"{self.view}: {self.value.words}" if self.view and self.value.key not in OF_RECIPE else self.value.words

    @property
    def words(self) -> str:
        """Return the change for people: "fail limit 0.50 -> 0.46"."""
        unit = f" {self.value.unit}" if self.value.unit else ""
        return f"{self.name} {self.value.said(self.old)} \u2192 {self.value.said(self.new)}{unit}"


def values_of(recipe: Recipe, view: str) -> Iterator[RecipeValue]:
    """Yield the values of a view in the order in which people read them, those of its camera first."""
    for name in recipe.view(view).camera_settings:
        yield camera_setting(name)
    yield from VALUES


def value_changes(old: Recipe, new: Recipe) -> tuple[ValueChange, ...]:
    """Return the values that differ in the views that both revisions have."""
    changes: list[ValueChange] = []
    for view in (name for name in new.view_names if name in old.view_names):
        keys = dict.fromkeys((*values_of(old, view), *values_of(new, view)))
        for value in keys:
            before, after = value.of(old, view), value.of(new, view)
            first = value.key not in OF_RECIPE or view == new.view_names[0]
            if before != after and first:
                changes.append(ValueChange(view, value, before, after))
    return tuple(changes)


def changes_in_words(old: Recipe, new: Recipe) -> tuple[str, ...]:
    """Return all that differs in how parts are judged, a line each: values, models, views, product."""
    lines = [change.words for change in value_changes(old, new)]
    lines += [f"view '{name}' is new" for name in new.view_names if name not in old.view_names]
    lines += [f"view '{name}' is gone" for name in old.view_names if name not in new.view_names]
    for view in (each for each in new.views if each.name in old.view_names):
        lines += _of_model(old.view(view.name), view)
    return tuple(lines if old.product == new.product else [f"product {old.product} \u2192 {new.product}", *lines])


def _of_model(old: View, new: View) -> list[str]:
    begin = f"{new.name}: " if new.name else ""
    lines = []
    if old.model.sha256 != new.model.sha256:
        lines.append(f"{begin}model {old.model.name} \u2192 {new.model.name}")
    if old.dataset_version != new.dataset_version:
        lines.append(f"{begin}taught from {old.dataset_version or NONE} \u2192 {new.dataset_version or NONE}")
    return lines
