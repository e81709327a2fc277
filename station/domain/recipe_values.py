"""What a new revision may change without a new model: each value with its name, unit, range and when it takes effect.

`recipes set`, the comparison of two revisions and the Recipes page all read this table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from station.domain.challenge_plan import ChallengePart, ChallengePlan, parts_in_words, parts_of_words
from station.domain.errors import BadInputError
from station.domain.geometry import RegionOfInterest
from station.domain.ignore_mask import IgnoreMask
from station.domain.part_code import CodeKind, CodeRule, IfUnread
from station.domain.part_location import MOST_SHIFT_PERCENT, MOST_TURN_DEG, PartLocation
from station.domain.recipe import Recipe, SettingValue, View

_CAMERA_SETTING = "camera_settings."
_CHALLENGE = "challenge."
_CODE = "code."
_LOCATION = "location."
_RANGE = f"{_LOCATION}search."
CODE_REGION = f"{_CODE}region"
NONE, ANY = "none", "any"


class Section(StrEnum):
    """The part of a recipe that a value belongs to; the value is its heading."""

    CAMERA = "Camera"
    REGION = "Region"
    MODEL = "Model"
    LIMITS = "Limits"
    LOCATION = "Part location"
    CODE = "Code of the part"
    QUALITY = "Picture quality"
    PICTURES = "Pictures kept"
    CHALLENGE = "Challenge parts"


class Effect(StrEnum):
    """When a changed value reaches the parts; the value is the end of a sentence."""

    NEXT_PART = "from the next part on, or at the next start, as the release says"
    NEXT_START = "at the line's next start"
    TEACHING = "only after teaching again: the model was taught on another region"


@dataclass(frozen=True, slots=True)
class RecipeValue:
    """One value of a view, or of the whole recipe.

    Attributes:
        key: As in the text of the recipe: "limits.image_threshold".
        words: Its name for people.
        section: The part of the recipe that it belongs to.
        unit: "px2"; "" for a value without one.
        range: What may be given, in words that follow "Give".
        effect: When it reaches the parts.
        low, high: The range of a number; None if there is no such bound.
        digits: Digits behind the point; 0 for whole numbers; None if it is not a number.
        optional: Whether it may be switched off, which is None.
        choices: What may be chosen, if it is a choice.
        absent: What it means for people that it is switched off.
    """

    key: str
    words: str
    section: Section
    unit: str
    range: str
    effect: Effect = Effect.NEXT_PART
    low: float | None = None
    high: float | None = None
    digits: int | None = None
    optional: bool = False
    choices: tuple[str, ...] = ()
    absent: str = NONE

    def of(self, recipe: Recipe, view: str) -> object:
        """Return the value in a view of a recipe."""
        value: Any = recipe if self.key in OF_RECIPE else recipe.view(view)
        if self.key.startswith(_CAMERA_SETTING):
            return value.camera_settings.get(self.key.removeprefix(_CAMERA_SETTING))
        for name in self.key.split("."):
            value = None if value is None else getattr(value, name)
        return value

    def set_in(self, recipe: Recipe, view: str, value: object) -> Recipe:
        """Return the recipe with another value in this view.

        Raises:
            BadInputError: The value is out of its range, or does not go with the others.
        """
        try:
            if self.key.startswith(_CHALLENGE):
                plan = replace(recipe.challenge, **{self.key.removeprefix(_CHALLENGE): value})  # type: ignore[arg-type]
                return replace(recipe, challenge=plan)
            if self.key in OF_RECIPE:
                return replace(recipe, **{self.key: value})  # type: ignore[arg-type]
            return recipe.with_view(self._set_in_view(recipe.view(view), value))
        except ValueError as error:
            raise BadInputError(f"The {self.words} cannot be {self.said(value)}: {error}.", self.advice) from error

    def _set_in_view(self, view: View, value: Any) -> View:  # noqa: ANN401 - of any of the types below
        if self.key.startswith(_CAMERA_SETTING):
            name = self.key.removeprefix(_CAMERA_SETTING)
            others = {key: each for key, each in view.camera_settings.items() if key != name}
            return replace(view, camera_settings=others if value is None else others | {name: value})
        if self.key.startswith(_CODE):
            return replace(view, code=self._set_in_code(view.code, value))
        if self.key.startswith(_LOCATION):
            return replace(view, location=self._set_in_location(view.location, value))
        group, _, name = self.key.rpartition(".")
        return replace(view, **({group: replace(getattr(view, group), **{name: value})} if group else {name: value}))

    def _set_in_location(self, location: PartLocation | None, value: Any) -> PartLocation:  # noqa: ANN401 - as above
        if location is None:
            raise ValueError("the part is not looked for in this view; teach with --locate first")
        if self.key.startswith(_RANGE):
            return replace(location, search=replace(location.search, **{self.key.removeprefix(_RANGE): value}))
        return replace(location, **{self.key.removeprefix(_LOCATION): value})

    def _set_in_code(self, code: CodeRule | None, value: Any) -> CodeRule | None:  # noqa: ANN401 - as above
        if self.key == CODE_REGION:
            if value is None or code is None:
                return None if value is None else CodeRule(value)
        elif code is None:
            raise ValueError(f"this view has no code; set {CODE_REGION} first")
        return replace(code, **{self.key.removeprefix(_CODE): value})

    @property
    def advice(self) -> str:
        """Return what may be given, as a sentence."""
        return f"Give {self.range}{f', or {NONE}' if self.optional else ''}."

    def parsed(self, text: str) -> object:
        """Return the value that a person wrote.

        Raises:
            BadInputError: It is not such a value, or is out of its range.
        """
        text = text.strip()
        if self.optional and text.casefold() == NONE:
            return None
        try:
            value = _parser(self)(text)
        except ValueError as error:
            raise BadInputError(f"'{text[:80]}' cannot be the {self.words}.", self.advice) from error
        return value

    def said(self, value: object) -> str:
        """Return a value for people, without its unit: "0.50", "640 x 480 px at 10, 20", "none"."""
        if isinstance(value, float) and self.digits:
            shortest, fixed = f"{value:.6g}", f"{value:.{self.digits}f}"
            return fixed if float(fixed) == float(shortest) else shortest
        if value is None:
            return self.absent
        return _in_words(value)


def _in_words(value: object) -> str:  # noqa: PLR0911 - one for each type
    match value:
        case bool():
            return YES_OR_NO[not value]
        case RegionOfInterest():
            return f"{value.width} x {value.height} px at {value.x}, {value.y}"
        case IgnoreMask():
            return value.words
        case (CodeKind(), *_):
            return ", ".join(map(str, value))
        case tuple():
            return parts_in_words(value) or NONE
        case float():
            return f"{value:.10g}"
    return str(value) or ANY


def _parser(value: RecipeValue) -> Callable[[str], object]:
    if value.key in _OWN:
        return _OWN[value.key]
    if value.key.startswith(_CAMERA_SETTING):
        return _setting
    if value.choices:
        return _yes_or_no if value.choices == YES_OR_NO else partial(_choice, value.choices)
    if value.digits is None:
        return _words
    return partial(_number, value)


def _region(text: str) -> RegionOfInterest:
    x, y, width, height = (int(each) for each in text.replace(" ", "").split(","))
    if min(x, y) < 0 or min(width, height) < 1:
        raise ValueError(text)
    return RegionOfInterest(x, y, width, height)


def _setting(text: str) -> SettingValue:
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return _words(text)


def _choice(choices: Sequence[str], text: str) -> str:
    if text not in choices:
        raise ValueError(text)
    return text


def _yes_or_no(text: str) -> bool:
    return _choice(YES_OR_NO, text.casefold()) == "yes"


def _if_unread(text: str) -> IfUnread:
    return IfUnread(_choice(tuple(IfUnread), text))


def _kinds(text: str) -> tuple[CodeKind, ...]:
    by_name = {kind.casefold(): kind for kind in CodeKind}
    wanted = {by_name.get(word.strip().casefold()) for word in text.split(",")}
    if None in wanted:
        raise ValueError(text)
    return tuple(kind for kind in CodeKind if kind in wanted)


def _or_any(text: str) -> str:
    return "" if text.casefold() == ANY else _words(text)


def _challenge_parts(text: str) -> tuple[ChallengePart, ...]:
    parts = () if text.casefold() == NONE else parts_of_words(text)
    return ChallengePlan(parts=parts).parts


def _words(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _number(value: RecipeValue, text: str) -> float | int:
    number = float(text) if value.digits else int(text)
    if not (value.low is None or number >= value.low) or not (value.high is None or number <= value.high):
        raise ValueError(text)
    return number


YES_OR_NO = ("yes", "no")
_NO_CODE = "no code"
_NOT_LOOKED_FOR = "not looked for"
_OWN: dict[str, Callable[[str], object]] = {
    "roi": _region,
    f"{_CHALLENGE}parts": _challenge_parts,
    CODE_REGION: _region,
    f"{_CODE}kinds": _kinds,
    f"{_CODE}prefix": _or_any,
    f"{_CODE}pattern": _or_any,
    f"{_CODE}if_unread": _if_unread,
}
_LIMIT = "a number above 0 and below 1"
_ANY = "0 or more; 0 switches the check off"
VALUES = (
    RecipeValue("roi", "region of interest", Section.REGION, "", "x,y,width,height in pixels", Effect.TEACHING,
                optional=True, absent="whole picture"),
    RecipeValue("ignore", "ignore mask", Section.REGION, "", "a picture that is not black where parts are not judged",
                optional=True),
    RecipeValue(f"{_RANGE}shift_percent", "greatest shift of the part", Section.LOCATION, "%", "a number above 0 "
                f"and at most {MOST_SHIFT_PERCENT:.0f}, percent of the region's longer side", low=0,
                high=MOST_SHIFT_PERCENT, digits=1, absent=_NOT_LOOKED_FOR),
    RecipeValue(f"{_RANGE}turn_deg", "greatest turn of the part", Section.LOCATION, "\u00b0", "a number from 0 to "
                f"{MOST_TURN_DEG:.0f}", low=0, high=MOST_TURN_DEG, digits=1, absent=_NOT_LOOKED_FOR),
    RecipeValue(f"{_LOCATION}min_likeness", "least likeness of the part", Section.LOCATION, "", "a number from 0 to 1",
                low=0, high=1, digits=2, absent=_NOT_LOOKED_FOR),
    RecipeValue("limits.image_threshold", "fail limit", Section.LIMITS, "", _LIMIT, low=0, high=1, digits=2),
    RecipeValue("limits.review_threshold", "review limit", Section.LIMITS, "", "a number above 0 and below the fail "
                "limit", low=0, high=1, digits=2, optional=True),
    RecipeValue("limits.pixel_threshold", "limit of a mark", Section.LIMITS, "", _LIMIT, low=0, high=1, digits=2),
    RecipeValue("limits.min_area_px", "least area of a mark", Section.LIMITS, "px\u00b2", "a whole number; 0 "
                "counts every mark", low=0, digits=0),
    RecipeValue(CODE_REGION, "code region", Section.CODE, "", "x,y,width,height in pixels", optional=True,
                absent=_NO_CODE),
    RecipeValue(f"{_CODE}kinds", "kinds of code", Section.CODE, "", f"{', '.join(CodeKind)}, or some of them",
                absent=_NO_CODE),
    RecipeValue(f"{_CODE}prefix", "beginning of the code", Section.CODE, "", f"how each code begins, or {ANY}",
                absent=_NO_CODE),
    RecipeValue(f"{_CODE}pattern", "pattern of the code", Section.CODE, "", "a regular expression for the whole text, "
                f"whose first group is the serial, or {ANY}", absent=_NO_CODE),
    RecipeValue(f"{_CODE}length", "length of the code", Section.CODE, "", "a whole number of characters; 0 for any",
                low=0, high=10_000, digits=0, absent=_NO_CODE),
    RecipeValue(f"{_CODE}if_unread", "if the code cannot be read", Section.CODE, "", ", ".join(IfUnread),
                choices=tuple(IfUnread), absent=_NO_CODE),
    RecipeValue("inference.device", "device", Section.MODEL, "", "a device of OpenVINO, such as CPU or GPU"),
    RecipeValue("inference.precision", "precision", Section.MODEL, "", "f32, f16 or bf16",
                choices=("f32", "f16", "bf16")),
    RecipeValue("quality.min_brightness", "least brightness", Section.QUALITY, "grey", "a number from 0 to 255",
                low=0, high=255, digits=1),
    RecipeValue("quality.max_brightness", "most brightness", Section.QUALITY, "grey", "a number from 0 to 255",
                low=0, high=255, digits=1),
    RecipeValue("quality.min_sharpness", "least sharpness", Section.QUALITY, "", f"a number, {_ANY}", low=0, digits=1),
    RecipeValue("quality.frozen_after", "equal pictures that mean a frozen camera", Section.QUALITY, "",
                f"a whole number, {_ANY}", low=0, digits=0),
    RecipeValue("quality.min_aspect", "least width over height", Section.QUALITY, "", f"a number, {_ANY}", low=0,
                digits=3),
    RecipeValue("quality.max_aspect", "most width over height", Section.QUALITY, "", f"a number, {_ANY}", low=0,
                digits=3),
    RecipeValue("keep_pass_every", "good parts per kept picture", Section.PICTURES, "", "a whole number: 1 keeps the "
                "picture of every good part, 10 of every tenth, 0 of none; none takes the setting of the station",
                Effect.NEXT_START, low=0, digits=0, optional=True, absent="as the station"),
    RecipeValue("challenge.shift_start", "check at shift start", Section.CHALLENGE, "", "yes or no",
                choices=YES_OR_NO),
    RecipeValue("challenge.changeover", "check after a changeover", Section.CHALLENGE, "", "yes or no",
                choices=YES_OR_NO),
    RecipeValue("challenge.after_change", "check after a change of model or limit", Section.CHALLENGE, "", "yes or no",
                choices=YES_OR_NO),
    RecipeValue("challenge.every_hours", "hours between two checks", Section.CHALLENGE, "h", "a number of hours; 0 for "
                "no such check", low=0, high=10_000, digits=2),
    RecipeValue("challenge.blocks", "no part without a check that is due", Section.CHALLENGE, "", "yes or no",
                choices=YES_OR_NO),
    RecipeValue("challenge.review_counts", "REVIEW counts for a known bad part", Section.CHALLENGE, "", "yes or no",
                choices=YES_OR_NO),
    RecipeValue("challenge.tolerance_px", "mark outside the expected place by at most", Section.CHALLENGE, "px",
                "a whole number of pixels", low=0, high=10_000, digits=0),
    RecipeValue("challenge.parts", "challenge parts", Section.CHALLENGE, "", "NAME=good or NAME=bad@x,y,width,height, "
                "with ; between two parts, or none"),
)  # fmt: skip
"""In the order in which people read them. Pictures of parts that did not pass are always kept."""
OF_RECIPE = ("keep_pass_every", *(value.key for value in VALUES if value.key.startswith(_CHALLENGE)))
_MADE_BY_TEACHING = ("model", "dataset_version", "form", "taught_roi")
_HEAD = ("name", "revision", "product", "author", "reason", "views")


def camera_setting(name: str) -> RecipeValue:
    """Return the value of one feature of the camera."""
    words = f"camera's {name}"
    return RecipeValue(
        f"{_CAMERA_SETTING}{name}", words, Section.CAMERA, "", "a value that the camera takes", Effect.NEXT_START,
        optional=True,
    )  # fmt: skip


def parsed_region(text: str) -> RegionOfInterest | None:
    """Return the region that a person wrote as "x,y,width,height" in pixels; None if it says "none".

    Raises:
        BadInputError: It cannot be a region.
    """
    region = _by_key()["roi"].parsed(text)
    assert region is None or isinstance(region, RegionOfInterest)
    return region


def value_of_key(recipe: Recipe, key: str) -> tuple[str, RecipeValue]:
    """Return the view and the value that a key of the command line means: "limits.image_threshold", "top.roi".

    Raises:
        BadInputError: There is no such key, or it is made by teaching, or it lacks the view's name.
    """
    for view in sorted(recipe.view_names, key=len, reverse=True):
        rest = key.removeprefix(f"{view}.") if view else key
        if (not view or rest != key) and (found := _value(rest)) is not None:
            return view, found
    if key in OF_RECIPE:
        return recipe.view_names[0], _by_key()[key]
    raise _unknown(recipe, key)


def _value(key: str) -> RecipeValue | None:
    if key.startswith(_CAMERA_SETTING) and key != _CAMERA_SETTING:
        return camera_setting(key.removeprefix(_CAMERA_SETTING))
    return _by_key().get(key)


def _by_key() -> dict[str, RecipeValue]:
    return {value.key: value for value in VALUES}


def _unknown(recipe: Recipe, key: str) -> BadInputError:
    first = next((name for name in (*_MADE_BY_TEACHING, *_HEAD) if key == name or f"{name}." in f"{key}."), "")
    if first in _MADE_BY_TEACHING:
        return BadInputError(f"'{key}' is made by teaching, and cannot be set.", "Teach the product again.")
    if first in _HEAD:
        return BadInputError(f"'{key}' says which revision this is, and cannot be set.")
    begin = "" if recipe.view_names == ("",) else f"{recipe.view_names[0]}."
    known = ", ".join(f"{'' if value.key in OF_RECIPE else begin}{value.key}" for value in VALUES)
    return BadInputError(f"A recipe has no value '{key[:80]}'.", f"It has {known}, {begin}{_CAMERA_SETTING}NAME.")
