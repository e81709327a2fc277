"""A camera's GenApi nodes under SFNC names. Runs in a camera process and nowhere else."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genicam import genapi

from station.camera.genicam.driver import DRIVER_ERRORS, Node, RefusedError, driver_message, read_or
from station.camera.genicam.features import RECIPE_FEATURES, SELECTOR_OF, own_names, selection, sfnc_name
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility, feature_of
from station.domain.recipe import SettingValue

_KINDS = {
    genapi.EInterfaceType.intfIInteger: FeatureKind.INTEGER,
    genapi.EInterfaceType.intfIFloat: FeatureKind.FLOAT,
    genapi.EInterfaceType.intfIBoolean: FeatureKind.BOOLEAN,
    genapi.EInterfaceType.intfIEnumeration: FeatureKind.ENUMERATION,
    genapi.EInterfaceType.intfIString: FeatureKind.STRING,
    genapi.EInterfaceType.intfICommand: FeatureKind.COMMAND,
}
_ACCESS = {
    genapi.EAccessMode.RW: Access.READ_WRITE,
    genapi.EAccessMode.RO: Access.READ_ONLY,
    genapi.EAccessMode.WO: Access.WRITE_ONLY,
    genapi.EAccessMode.NA: Access.NOT_AVAILABLE,
    genapi.EAccessMode.NI: Access.NOT_IMPLEMENTED,
}
NUMBERS = (FeatureKind.INTEGER, FeatureKind.FLOAT)
_BLOCKING: dict[str, tuple[str, SettingValue]] = {
    "ExposureTime": ("ExposureAuto", "Off"),
    "Gain": ("GainAuto", "Off"),
    "BalanceRatio": ("BalanceWhiteAuto", "Off"),
    "AcquisitionFrameRate": ("AcquisitionFrameRateEnable", True),
    "Gamma": ("GammaEnable", True),
}
_COMMAND_S, _COMMAND_LOOK_S = 3.0, 0.005
_PICTURE_TRIGGER = "FrameStart"
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class BlockingFeature:
    """A feature that keeps another from being set, as it stands; at `releases` it would not."""

    name: str
    value: SettingValue
    releases: SettingValue


class NodeMap:
    """The features of one open camera.

    Args:
        node_map: The camera's GenApi node map.
    """

    def __init__(self, node_map: Node) -> None:
        self._map = node_map
        self._categories = dict(_walk(node_map.Root, ""))
        self._names = tuple(dict.fromkeys((*self._in_the_tree(), *self._beside_the_tree())))

    def feature_names(self) -> tuple[str, ...]:
        """SFNC names of all features, in the order of the camera's own tree."""
        return self._names

    def _in_the_tree(self) -> Iterator[str]:
        return (sfnc_name(own, self._categories.keys()) for own in self._categories)

    def _beside_the_tree(self) -> Iterator[str]:
        """Some cameras have what a recipe wants to set, and leave it out of their tree."""
        return (name for name in RECIPE_FEATURES if self.find_node(name) is not None)

    def find_node(self, name: str) -> Node | None:
        """The node of an SFNC feature, under whatever name the camera has it; None where it has none."""
        for own in own_names(name):
            if self._map.has_node(own):
                node = self._map.get_node(own)
                return None if node.get_access_mode() == genapi.EAccessMode.NI else node
        return None

    def read_value(self, setting: str) -> SettingValue | None:
        """The value of a setting, None where it has none to read."""
        with self.selected(setting) as name:
            node = self.find_node(name)
            return None if node is None else _value(node)

    def read_number(self, name: str) -> float | None:
        """The value of a feature that holds a number; None where it has none."""
        value = self.read_value(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def pixel_format_number(self) -> int:
        """PFNC number of the pixel format that the camera is set to."""
        return int(self._map.PixelFormat.get_int_value())

    def recipe_values(self) -> dict[str, SettingValue]:
        """What a recipe can hold of this camera, as it is now; without values that the camera chooses itself."""
        settings = (setting for name in RECIPE_FEATURES for setting in self.settings_for(name))
        values = {setting: self.read_value(setting) for setting in settings if self.blocking_feature(setting) is None}
        return {setting: value for setting, value in values.items() if value is not None}

    def settings_for(self, name: str) -> tuple[str, ...]:
        """The settings of a feature: one for each entry of its selector, such as "BalanceRatio[Red]"; else itself.

        A selector that cannot be moved now leaves only the entry where it stands, one that cannot be read leaves none.
        """
        selector = self.find_node(SELECTOR_OF.get(name, ""))
        entries = () if selector is None else _entries(selector)
        if selector is None or len(entries) < _SEVERAL:
            return (name,)
        stands_at = _value(selector)
        if stands_at is None:
            return ()
        return tuple(f"{name}[{entry}]" for entry in (entries if access_to(selector).writable else (stands_at,)))

    def frame_setting(self, name: str) -> str:
        """The setting of a trigger feature that is for single pictures: cameras may have triggers for more."""
        wanted = f"{name}[{_PICTURE_TRIGGER}]"
        return wanted if wanted in self.settings_for(name) else name

    @contextlib.contextmanager
    def selected(self, setting: str) -> Iterator[str]:
        """The feature of a setting, with its selector at the entry that the setting names; then as it was before.

        Raises:
            RefusedError: There is no such selector or entry.
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
        """What keeps a setting from being set, None where nothing known does."""
        name, releases = _BLOCKING.get(feature_of(setting), ("", True))
        value = self.read_value(setting.replace(feature_of(setting), name, 1) if name in SELECTOR_OF else name)
        return None if value is None or value == releases else BlockingFeature(name, value, releases)

    def read_features(self, names: Sequence[str] = ()) -> Iterator[CameraFeature]:
        """These features, or the whole tree, one by one: each may take the camera some milliseconds."""
        return map(self.read_feature, (name for name in names or self._names if name in self._names))

    def execute_command(self, setting: str) -> None:
        """Run a command.

        Raises:
            RefusedError: There is none of this name, or the camera refused.
        """
        with self.selected(setting) as name:
            node = self.require_node(name)
            try:
                node.execute()
            except DRIVER_ERRORS as error:
                raise RefusedError(f"The camera refused {setting}: {driver_message(error)}.") from error

    def execute_and_wait(self, name: str) -> None:
        """Run a command that takes its time: to load a user set keeps some cameras busy for a second.

        Raises:
            RefusedError: There is none of this name, the camera refused, or it did not say that it was done.
        """
        self.execute_command(name)
        node, end = self.require_node(name), time.monotonic() + _COMMAND_S
        while not _is_done(node, name):
            if time.monotonic() >= end:
                raise RefusedError(f"The camera was not done with {name} within {_COMMAND_S:g} s.")
            time.sleep(_COMMAND_LOOK_S)

    def stop_acquisition(self) -> None:
        """Let a camera rest that its last host left running: it would go on sending there, its settings locked."""
        node = self.find_node("AcquisitionStop")
        if node is not None:
            read_or(node.execute, None)

    def require_node(self, name: str) -> Node:
        """The node of an SFNC feature.

        Raises:
            RefusedError: The camera has none.
        """
        node = self.find_node(name)
        if node is None:
            raise RefusedError(f"This camera has no feature {name}.", "Take it out of the recipe's camera settings.")
        return node

    def read_feature(self, name: str) -> CameraFeature:
        """A feature as it is now.

        Raises:
            RefusedError: The camera has none of this name.
        """
        node = self.require_node(name)
        own = node.node.name
        kind = _KINDS.get(node.node.principal_interface_type, FeatureKind.STRING)
        access = access_to(node)
        numbers = kind in NUMBERS and access is not Access.NOT_AVAILABLE
        return CameraFeature(
            name=name,
            own_name=own,
            kind=kind,
            category=self._categories.get(own, ""),
            visibility=Visibility(genapi.EVisibility(node.node.visibility).name),
            access=access,
            value=_value(node),
            unit=read_or(lambda: str(node.unit), "") if numbers else "",
            minimum=read_or(lambda: node.min, None) if numbers else None,
            maximum=read_or(lambda: node.max, None) if numbers else None,
            increment=read_or(lambda: node.inc, None) if numbers else None,
            entries=_entries(node) if kind is FeatureKind.ENUMERATION else (),
            about=node.node.description or node.node.tooltip,
        )


def _walk(category: Node, path: str) -> Iterator[tuple[str, str]]:
    """Names of all features under a category, each with its path."""
    for child in category.features:
        if isinstance(child, genapi.ICategory):
            yield from _walk(child, f"{path}/{child.node.name}".lstrip("/"))
        elif child.node.principal_interface_type in _KINDS and child.get_access_mode() != genapi.EAccessMode.NI:
            yield child.node.name, path


def access_to(node: Node) -> Access:
    """What can be done with a node at this moment."""
    return _ACCESS.get(node.get_access_mode(), Access.NOT_AVAILABLE)


def _is_done(command: Node, name: str) -> bool:
    try:
        return bool(command.is_done())
    except DRIVER_ERRORS as error:
        raise RefusedError(f"The camera does not say whether it has done {name}: {driver_message(error)}.") from error


def _value(node: Node) -> SettingValue | None:
    if isinstance(node, genapi.ICommand) or not access_to(node).readable:
        return None
    value = read_or(lambda: node.value, None)
    return value if isinstance(value, bool | int | float | str) else None


def _entries(node: Node) -> tuple[str, ...]:
    return tuple(str(entry.symbolic) for entry in node.entries if access_to(entry).readable)


def _select(selector: Node, entry: str, setting: str) -> None:
    if selector.value == entry:
        return
    if entry not in _entries(selector):
        entries = ", ".join(_entries(selector))
        raise RefusedError(f"{setting} is not there: {selector.node.name} of this camera has {entries}.")
    try:
        selector.value = entry
    except DRIVER_ERRORS as error:
        raise RefusedError(f"{setting} cannot be reached: {driver_message(error)}.") from error
