"""A camera's GenApi nodes, read and written under SFNC names. Runs in a camera process and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence

from genicam import genapi

from station.camera.genicam.driver import DRIVER_ERRORS, Node, RefusedError, plain, told
from station.camera.genicam.features import RECIPE_FEATURES, own_names, same_value, sfnc_name, writing_order
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
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
_HELD_BY_AUTO = {"ExposureTime": "ExposureAuto", "Gain": "GainAuto", "BalanceRatio": "BalanceWhiteAuto"}
_OFFSETS = {"Width": "OffsetX", "Height": "OffsetY"}
_NUMBERS = (FeatureKind.INTEGER, FeatureKind.FLOAT)


class Nodes:
    """The features of one open camera.

    Args:
        node_map: The camera's GenApi node map.
    """

    def __init__(self, node_map: Node) -> None:
        self._map = node_map
        self._categories = dict(_walk(node_map.Root, ""))
        self._own_names = {sfnc_name(own, self._categories.keys()): own for own in self._categories}

    def names(self) -> tuple[str, ...]:
        """SFNC names of all features, in the order of the camera's own tree."""
        return tuple(self._own_names)

    def find(self, name: str) -> Node | None:
        """The node of an SFNC feature, under whatever name the camera has it; None where it has none."""
        for own in own_names(name):
            if self._map.has_node(own):
                node = self._map.get_node(own)
                return None if node.get_access_mode() == genapi.EAccessMode.NI else node
        return None

    def value(self, name: str) -> SettingValue | None:
        """The value of a feature, None where it has none to read."""
        node = self.find(name)
        return None if node is None else _value(node)

    def number(self, name: str) -> float | None:
        """The value of a feature that holds a number; None where it has none."""
        value = self.value(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def pixel_format_number(self) -> int:
        """PFNC number of the pixel format that the camera is set to."""
        return int(self._map.PixelFormat.get_int_value())

    def recipe_values(self) -> dict[str, SettingValue]:
        """What a recipe can hold of this camera, as it is now."""
        values = {name: self.value(name) for name in RECIPE_FEATURES}
        return {name: value for name, value in values.items() if value is not None}

    def features(self, names: Sequence[str] = ()) -> Iterator[CameraFeature]:
        """These features, or the whole tree, one by one: each may take the camera some milliseconds."""
        return map(self._feature, (name for name in names or self._own_names if name in self._own_names))

    def write(self, values: Mapping[str, SettingValue]) -> None:
        """Write values in an order that honours what depends on what, then read every one back.

        Raises:
            RefusedError: The first that cannot be set, or was not taken, and the limit that stands in the way.
        """
        for name, value in writing_order(values):
            self._make_room(name, value)
            self._write_one(name, value)
        for name, value in values.items():
            self._check_taken(name, value)

    def execute(self, name: str) -> None:
        """Run a command.

        Raises:
            RefusedError: There is none of this name, or the camera refused.
        """
        node = self._known(name)
        try:
            node.execute()
        except DRIVER_ERRORS as error:
            raise RefusedError(f"The camera refused {name}: {plain(error)}.") from error

    def stop_acquisition(self) -> None:
        """Let a camera rest that its last host left running: it would go on sending to that host, its settings locked."""
        node = self.find("AcquisitionStop")
        if node is not None:
            told(node.execute, None)

    def _known(self, name: str) -> Node:
        node = self.find(name)
        if node is None:
            raise RefusedError(f"This camera has no feature {name}.", "Take it out of the recipe's camera settings.")
        return node

    def _make_room(self, size: str, value: SettingValue) -> None:
        """The offset of a region narrows how wide it can be; where that is in the way, it goes to its minimum."""
        node, offset = self.find(size), self.find(_OFFSETS.get(size, ""))
        if node is not None and offset is not None and _access(offset).writable and _above(value, node.max):
            offset.value = offset.min

    def _write_one(self, name: str, value: SettingValue) -> None:
        node = self._known(name)
        feature = self._feature(name)
        if feature.kind is FeatureKind.COMMAND:
            if value is True:
                self.execute(name)
            return
        self._check_settable(feature, value)
        try:
            node.value = _as_kind(value, feature.kind)
        except (*DRIVER_ERRORS, TypeError, ValueError) as error:
            raise _not_set(feature, value, plain(error)) from error

    def _check_settable(self, feature: CameraFeature, value: SettingValue) -> None:
        if not feature.access.writable:
            if same_value(value, feature.value, feature.increment):
                return
            raise _not_set(feature, value, self._why_locked(feature))
        if feature.entries and str(value) not in feature.entries:
            raise _not_set(feature, value, f"it must be {feature.limits}")
        if feature.kind in _NUMBERS and not _in_range(feature, value):
            raise _not_set(feature, value, f"it must be {feature.limits}")

    def _why_locked(self, feature: CameraFeature) -> str:
        auto = _HELD_BY_AUTO.get(feature.name, "")
        if self.value(auto) not in (None, "Off"):
            return f"{auto} is {self.value(auto)}; set {auto} to Off"
        if self.value("TLParamsLocked"):
            return "the camera locks it while frames come; stop the line first"
        return f"it is {feature.access} at present"

    def _check_taken(self, name: str, wanted: SettingValue) -> None:
        feature = self._feature(name)
        if feature.kind is FeatureKind.COMMAND or not feature.access.readable:
            return
        if not same_value(wanted, feature.value, feature.increment):
            raise RefusedError(
                f"{name} was set to {wanted}, but the camera reports {feature.value} {feature.unit}".rstrip() + ".",
                "Put the value that the camera reports into the recipe.",
            )

    def _feature(self, name: str) -> CameraFeature:
        node = self._known(name)
        own = node.node.name
        kind = _KINDS.get(node.node.principal_interface_type, FeatureKind.STRING)
        access = _access(node)
        numbers = kind in _NUMBERS and access is not Access.NOT_AVAILABLE
        return CameraFeature(
            name=name,
            own_name=own,
            kind=kind,
            category=self._categories.get(own, ""),
            visibility=Visibility(genapi.EVisibility(node.node.visibility).name),
            access=access,
            value=_value(node),
            unit=told(lambda: str(node.unit), "") if numbers else "",
            minimum=told(lambda: node.min, None) if numbers else None,
            maximum=told(lambda: node.max, None) if numbers else None,
            increment=told(lambda: node.inc, None) if numbers else None,
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


def _access(node: Node) -> Access:
    return _ACCESS.get(node.get_access_mode(), Access.NOT_AVAILABLE)


def _value(node: Node) -> SettingValue | None:
    if isinstance(node, genapi.ICommand) or not _access(node).readable:
        return None
    value = told(lambda: node.value, None)
    return value if isinstance(value, bool | int | float | str) else None


def _entries(node: Node) -> tuple[str, ...]:
    return tuple(str(entry.symbolic) for entry in node.entries if _access(entry).readable)


def _as_kind(value: SettingValue, kind: FeatureKind) -> SettingValue:
    match kind:
        case FeatureKind.INTEGER:
            return int(value)
        case FeatureKind.FLOAT:
            return float(value)
        case FeatureKind.BOOLEAN:
            return bool(value)
        case _:
            return str(value)


def _in_range(feature: CameraFeature, value: SettingValue) -> bool:
    if isinstance(value, str | bool) or feature.minimum is None or feature.maximum is None:
        return False
    if not feature.minimum <= value <= feature.maximum:
        return False
    return feature.kind is FeatureKind.FLOAT or (value - feature.minimum) % (feature.increment or 1) == 0


def _above(value: SettingValue, maximum: float) -> bool:
    return isinstance(value, int | float) and value > maximum


def _not_set(feature: CameraFeature, value: SettingValue, why: str) -> RefusedError:
    called = feature.name if feature.name == feature.own_name else f"{feature.name} ({feature.own_name} on this camera)"
    return RefusedError(f"{called} cannot be set to {value}: {why}.", "Change the recipe's camera settings.")
