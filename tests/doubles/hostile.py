"""Texts that break programs which take a text for something else, and every place where a person can enter one."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from station.app import Station
from station.domain.audit import AuditFilter
from station.domain.dataset import Label
from station.domain.feedback import Disposition
from station.domain.frame import Frame
from station.domain.guide import ShownPicture
from station.domain.inspection import Inspection
from station.domain.permissions import Role
from station.domain.recipe_changes import ValueChange
from station.domain.recipe_values import value_of_key
from station.domain.secret import Secret
from station.domain.study.study import StudyPlan
from station.domain.verdict import Limits

TEXTS = {
    "path": "../../x",
    "absolute path": "/tmp/hostile-x",
    "formula": "=cmd|' /C calc'!A0",
    "other formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "markup": "<b>bold</b><img src='file:///etc/passwd'>",
    "direction": "\u202egnp.exe",
    "long": "x" * 500,
    "quotes": "a'b\"c`; DROP TABLE part; --",
    "nul": "nul\0nul",
    "lines": "one\r\ntwo\tthree",
    "terminal": "\x1b[2J\x1b]0;title\x07bell\x9b31m",
    "half a letter": "half \ud800 letter",
    "place holders": "%s {0} ${HOME} \\n",
    "ampersand": "Nut & Bolt [*]",
}


def kept(text: str) -> set[str]:
    """Return the forms in which a text may be kept: whole, and with what no database can store written as a sign."""
    storable = text.replace("\0", "\u2400").encode("utf-8", "backslashreplace").decode()
    scanned = text.encode(errors="replace").decode()
    composed = {unicodedata.normalize("NFC", each) for each in (text, storable)}
    return {
        form for each in (*composed, text, storable, scanned) for form in (each, each.strip(), " ".join(each.split()))
    }


def inspected(station: Station, **run: object) -> Inspection:
    """Inspect one stored part, and return its record."""
    folder, seen = station.settings.camera.source.partition("?")[0], []
    station.line.run(folder, on_part=seen.append, count=1, **{"recipe": station.recipes.find("plate").recipe} | run)
    return station.records.part(seen[0].key).inspection


def newest_reason(station: Station) -> str:
    """Return the reason of the newest entry of the audit trail that has one."""
    return next(each.reason for each in station.audit.entries(AuditFilter()) if each.reason)


def _account(station: Station, text: str) -> str:
    added = station.people.add(text, {Role.SUPERVISOR}, None, Secret(f"badge of {text}"[:100]), "first")
    assert station.people.log_in_by_badge(Secret(f"badge of {text}"[:100])).name == added.name
    station.people.log_out()
    return added.name


def _reason_of_account(station: Station, text: str) -> str:
    if not station.people.exist():
        station.people.add("Ada", {Role.SUPERVISOR}, None, Secret("LSB-0042-7719"))
    station.people.set_roles("Ada", {Role.SUPERVISOR, Role.ENGINEER}, text)
    return newest_reason(station)


def _recipe_name(station: Station, text: str) -> str:
    recipe = replace(station.recipes.find("plate").recipe, name=text, revision=1)
    return station.recipes.add(recipe).recipe.name


def _product(station: Station, text: str) -> str:
    plate = station.recipes.find("plate").recipe
    recipe = replace(plate, product=text, revision=max(each.recipe.revision for each in station.recipes.entries()) + 1)
    return station.recipes.add(recipe).recipe.product


def _draft(station: Station, author: str, reason: str):
    base = station.recipes.find("plate", 1).recipe
    view, value = value_of_key(base, "limits.min_area_px")
    least = 4 + len(station.recipes.entries())
    return station.recipes.revise(base, (ValueChange(view, value, value.of(base, view), least),), author, reason).recipe


def _released(station: Station, text: str) -> str:
    recipe = _draft(station, "Ada", "why")
    entry = station.recipes.release("plate", recipe.revision, text, text)
    assert entry.change.person in kept(text)
    return entry.change.reason


def _retired(station: Station, text: str) -> str:
    recipe = _draft(station, "Ada", "why")
    return station.recipes.retire("plate", recipe.revision, text, text).change.reason


def _part(station: Station, text: str) -> str:
    """Record a part with this lot, order and person; dispute it, overrule it, and put it on hold."""
    station.lots.set(text, text)
    part = inspected(station, person=text)
    station.review.give_feedback(part.key, Disposition.GOOD_PART, text, text)
    station.shift_review.overrule(part.key, text, text)
    station.holds.hold([part.key], text, text)
    hold, run = station.holds.of([part.key])[part.key], station._core.inspections.find_run(part.key.run_id)
    said = [word for each in station.review.feedback_on(part.key) for word in (each.person, each.reason)]
    assert len(said) == 4
    assert {part.lot, part.order, run.person, hold.person, *said} <= kept(text)
    return hold.reason


def _new_key(station: Station, text: str) -> str:
    station.exchange.renew(text, "Ada")
    return newest_reason(station)


def _kind(station: Station, text: str) -> str:
    name = station.datasets.add_kind("plate", text).name
    return next(kind.name for kind in station.datasets.kinds("plate") if kind.name == name)


def _picture(station: Station, product: str = "plate", view: str = "", origin: str = "drawn") -> int:
    pixels = np.random.default_rng().integers(0, 255, (16, 16), np.uint8)
    shown = ShownPicture(Frame(pixels, 1, datetime(2026, 11, 28, tzinfo=UTC), 1, origin), origin)
    item_id = station.datasets.keep_taken(product, view, shown)
    assert item_id is not None
    return item_id


def _dataset(station: Station, text: str) -> str:
    _picture(station, product=text)
    return next(product for product, _, _ in station.datasets.places() if product in kept(text))


def _view(station: Station, text: str) -> str:
    station.datasets.label([_picture(station, view=text)], Label.GOOD)
    station.datasets.freeze("plate", text)
    return next(view for product, view, _ in station.datasets.places() if product == "plate" and view in kept(text))


def _labelled(station: Station, text: str) -> str:
    item_id = _picture(station)
    station.datasets.label([item_id], Label.DEFECT, "dent", text)
    return station.datasets.history(item_id)[-1].person


def _frozen(station: Station, text: str) -> str:
    station.datasets.label([_picture(station)], Label.GOOD)
    station.datasets.freeze("plate", person=text)
    return station.audit.entries(AuditFilter())[0].person


def _appraiser(station: Station, text: str) -> str:
    station.datasets.label([_picture(station)], Label.GOOD)
    station.datasets.label([_picture(station)], Label.DEFECT)
    return station.studies.create(StudyPlan("plate", "", 1, 1, (text,), trials=1)).appraisers[0].name


def _stopped(station: Station, text: str) -> str:
    station.line.load_recipe("plate")
    station.line.start()
    station.line.stop(text)
    assert station.line.wait_stopped(30)
    events = station.records.shift(station.records.shifts()[0])[0].events
    return next(form for form in kept(text) if any(form in event.sentence for event in events))


def _limits(station: Station, text: str) -> str:
    return station.limits.save_draft(station.limits.bench("plate"), Limits(0.61), text).recipe.reason


ENTRIES: dict[str, Callable[[Station, str], str]] = {
    "name of a person": _account,
    "reason of a change of people": _reason_of_account,
    "name of a recipe": _recipe_name,
    "product of a recipe": _product,
    "author of a draft": lambda station, text: _draft(station, text, "why").author,
    "reason of a draft": lambda station, text: _draft(station, "Ada", text).reason,
    "person and reason of a release": _released,
    "person and reason of a retirement": _retired,
    "all that is said of a part": _part,
    "reason of a new key": _new_key,
    "kind of defects": _kind,
    "name of a dataset": _dataset,
    "view of a dataset": _view,
    "person of a label": _labelled,
    "person of a version": _frozen,
    "appraiser of a study": _appraiser,
    "reason of a stop": _stopped,
    "reason of limits": _limits,
    "scanned code": lambda station, text: station.scanner.receive_code(text).text,
}
"""Enters the text, and returns what the records have of it."""
