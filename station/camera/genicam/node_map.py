"""Reads a camera's GenApi nodes by their SFNC names. Runs in a camera process only."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genicam import genapi

from station.camera.genicam.driver import BINDING_ERRORS, DRIVER_ERRORS, Node, RefusedError, driver_message, read_or
from station.camera.genicam.features import RECIPE_FEATURES, SELECTOR_OF, own_names, selection, sfnc_name
from station.camera.genicam.node_values import (
    KINDS,
    NUMBERS,
    Memory,
    access_to,
    entries_of,
    mode_of,
    unreadable,
    value_of,
)
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility, feature_of
from station.domain.recipe import SettingValue

_BLOCKING: dict[str, tuple[str, SettingValue]] = {
    "ExposureTime": ("ExposureAuto", "Off"),
    "Gain": ("GainAuto", "Off"),
    "BalanceRatio": ("BalanceWhiteAuto", "Off"),
    "AcquisitionFrameRate": ("AcquisitionFrameRateEnable", True),
    "Gamma": ("GammaEnable", True),
}
_COMMAND_S, _COMMAND_LOOK_S = 3.0, 0.005
_FRAME_TRIGGER = "FrameStart"
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class BlockingFeature:
    """A feature whose current `value` blocks writing another one; the value `releases` would allow it."""

    name: str
    value: SettingValue
    releases: SettingValue


class NodeMap:
    """The features of one open camera.

    GenApi keeps what it has read once. Values are therefore read past its memory, and limits and access are forgotten
    when the time has passed that the camera's description names for them.

    Args:
        node_map: The camera's GenApi node map.
    """

    def __init__(self, node_map: Node) -> None:
        self._map = node_map
        self._memory = Memory(node_map)
        self._categories = dict(_walk(node_map.Root, ""))
        self._names = tuple(dict.fromkeys((*self._in_tree(), *self._outside_tree())))

    def feature_names(self) -> tuple[str, ...]:
        """Return the SFNC names of all features, in the order of the camera's own tree."""
        return self._names

    def _in_tree(self) -> Iterator[str]:
        return (sfnc_name(own, self._categories.keys()) for own in self._categories)

    def _outside_tree(self) -> Iterator[str]:
        """Yield the recipe features that the camera has but does not list in its tree."""
        return (name for name in RECIPE_FEATURES if self.find_node(name) is not None)

    def find_node(self, name: str) -> Node | None:
        """Return the node of an SFNC feature, under its SFNC or an older name; None if the camera does not have it."""
        for own in own_names(name):
            if self._map.has_node(own):
                node = self._map.get_node(own)
                return None if mode_of(node) == genapi.EAccessMode.NI else node
        return None

    def read_value(self, setting: str) -> SettingValue | None:
        """Return the present value of a setting; None if the camera does not have it or it cannot be read."""
        self._memory.forget_old()
        with self.selected(setting) as name:
            node = self.find_node(name)
            return None if node is None else value_of(node)

    def read_number(self, name: str) -> float | None:
        """Return the value of a numeric feature; None if it cannot be read or is not a number."""
        value = self.read_value(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def pixel_format_number(self) -> int:
        """Return the PFNC number of the pixel format that is set."""
        return int(self._map.PixelFormat.get_int_value())

    def recipe_values(self) -> dict[str, SettingValue]:
        """Return the current settings that a recipe can hold, without values that the camera adjusts automatically."""
        settings = (setting for name in RECIPE_FEATURES for setting in self.settings_for(name))
        values = {setting: self.read_value(setting) for setting in settings if self.blocking_feature(setting) is None}
        return {setting: value for setting, value in values.items() if value is not None}

    def settings_for(self, name: str) -> tuple[str, ...]:
        """Return the settings of a feature: one per selector entry, such as "BalanceRatio[Red]", or the feature itself.

        If the selector cannot be written now, only its current entry is returned; if it cannot be read, none.
        """
        selector = self.find_node(SELECTOR_OF.get(name, ""))
        entries = () if selector is None else entries_of(selector)
        if selector is None or len(entries) < _SEVERAL:
            return (name,)
        current = value_of(selector)
        if current is None:
            return ()
        return tuple(f"{name}[{entry}]" for entry in (entries if access_to(selector).writable else (current,)))

    def frame_setting(self, name: str) -> str:
        """Return the setting of a trigger feature for single frames; a camera may also have triggers for bursts."""
        wanted = f"{name}[{_FRAME_TRIGGER}]"
        return wanted if wanted in self.settings_for(name) else name

    @contextlib.contextmanager
    def selected(self, setting: str) -> Iterator[str]:
        """Set the selector to the entry that the setting names, and restore it afterwards; yield the feature's name.

        Example: for "BalanceRatio[Red]", BalanceRatioSelector is Red inside the block, which gets "BalanceRatio".

        Raises:
            RefusedError: The camera has no such selector or entry.
        """
        name, entry = selection(setting)
        if not entry:
            yield name
            return
        selector = self.require_node(SELECTOR_OF.get(name, f"{name}Selector"))
        before = selector.value
        _select(selector, entry, setting)
        try:
            yield name
        finally:
            _select(selector, before, setting)

    def blocking_feature(self, setting: str) -> BlockingFeature | None:
        """Return the feature that blocks this setting, such as ExposureAuto for ExposureTime; None if none is known."""
        name, releases = _BLOCKING.get(feature_of(setting), ("", True))
        value = self.read_value(setting.replace(feature_of(setting), name, 1) if name in SELECTOR_OF else name)
        return None if value is None or value == releases else BlockingFeature(name, value, releases)

    def read_features(self, names: Sequence[str] = ()) -> Iterator[CameraFeature]:
        """Yield these features as they are now, or the whole tree, one by one: each may take some milliseconds.

        A feature whose description fails is yielded without a value; `about` says why.
        """
        for name in names or self._names:
            if name in self._names:
                yield self._feature_or_failure(name)

    def _feature_or_failure(self, name: str) -> CameraFeature:
        try:
            return self.read_feature(name)
        except (*BINDING_ERRORS, RefusedError) as error:
            return unreadable(name, self._categories.get(name, ""), f"It cannot be read: {driver_message(error)}.")

    def execute_command(self, setting: str) -> None:
        """Execute a command.

        Raises:
            RefusedError: The camera has no such command, or rejected it.
        """
        with self.selected(setting) as name:
            node = self.require_node(name)
            try:
                node.execute()
            except DRIVER_ERRORS as error:
                raise RefusedError(f"The camera refused {setting}: {driver_message(error)}.") from error

    def execute_and_wait(self, name: str) -> None:
        """Execute a command and wait until it is done: some cameras need a second to load a user set.

        Raises:
            RefusedError: The camera has no such command, rejected it, or did not finish within `_COMMAND_S`.
        """
        self.execute_command(name)
        node, end = self.require_node(name), time.monotonic() + _COMMAND_S
        while not _is_done(node, name):
            if time.monotonic() >= end:
                raise RefusedError(f"The camera did not finish {name} within {_COMMAND_S:g} s.")
            time.sleep(_COMMAND_LOOK_S)
        self._memory.forget_all()

    def stop_acquisition(self) -> None:
        """Stop a camera that its last host left running; otherwise its settings would stay locked."""
        node = self.find_node("AcquisitionStop")
        if node is not None:
            read_or(node.execute, None)

    def require_node(self, name: str) -> Node:
        """Return the node of an SFNC feature.

        Raises:
            RefusedError: The camera does not have it.
        """
        node = self.find_node(name)
        if node is None:
            raise RefusedError(f"This camera has no feature {name}.", "Remove it from the recipe's camera settings.")
        return node

    def read_feature(self, name: str) -> CameraFeature:
        """Return a feature as it is now.

        Raises:
            RefusedError: The camera does not have it.
        """
        self._memory.forget_old()
        node = self.require_node(name)
        own = node.node.name
        kind = KINDS.get(node.node.principal_interface_type, FeatureKind.STRING)
        access = access_to(node)
        numbers = kind in NUMBERS and access is not Access.NOT_AVAILABLE
        return CameraFeature(
            name=name,
            own_name=own,
            kind=kind,
            category=self._categories.get(own, ""),
            visibility=Visibility(genapi.EVisibility(node.node.visibility).name),
            access=access,
            value=value_of(node),
            unit=read_or(lambda: str(node.unit), "") if numbers else "",
            minimum=read_or(lambda: node.min, None) if numbers else None,
            maximum=read_or(lambda: node.max, None) if numbers else None,
            increment=read_or(lambda: node.inc, None) if numbers else None,
            entries=entries_of(node) if kind is FeatureKind.ENUMERATION else (),
            about=node.node.description or node.node.tooltip,
        )


def _walk(category: Node, path: str) -> Iterator[tuple[str, str]]:
    """Yield the own names of all features under a category, each with its path."""
    for child in category.features:
        if isinstance(child, genapi.ICategory):
            yield from _walk(child, f"{path}/{child.node.name}".lstrip("/"))
        elif child.node.principal_interface_type in KINDS and mode_of(child) != genapi.EAccessMode.NI:
            yield child.node.name, path


def _is_done(command: Node, name: str) -> bool:
    try:
        return bool(command.is_done())
    except DRIVER_ERRORS as error:
        raise RefusedError(f"The camera does not report whether {name} is done: {driver_message(error)}.") from error


def _select(selector: Node, entry: str, setting: str) -> None:
    if selector.value == entry:
        return
    if entry not in entries_of(selector):
        entries = ", ".join(entries_of(selector))
        raise RefusedError(f"This camera has no {setting}: its {selector.node.name} has {entries}.")
    try:
        selector.value = entry
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{setting} cannot be selected: {driver_message(error)}.") from error
