"""Writes settings into a camera, or explains which limit prevents it. Runs in a camera process only."""

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from station.camera.genicam.driver import DRIVER_ERRORS, Node, RefusedError, driver_message
from station.camera.genicam.features import SINGLE_PRECISION, same_value, writing_order
from station.camera.genicam.node_map import NodeMap
from station.camera.genicam.node_values import NUMBERS, access_to, value_of
from station.domain.camera import CameraFeature, FeatureKind
from station.domain.recipe import SettingValue

_SAVE = "UserSetSave"
_SETTLES_S, _LOOK_AGAIN_S = 0.2, 0.02
_OFFSETS = {"Width": "OffsetX", "Height": "OffsetY"}
_LIMITED_BY = {
    "ExposureTime": "AcquisitionFrameRate",
    "AcquisitionFrameRate": "ExposureTime",
    "OffsetX": "Width",
    "OffsetY": "Height",
    "Width": "BinningHorizontal",
    "Height": "BinningVertical",
}


class NotNowError(RefusedError):
    """A value cannot be set now; it may be possible after other settings have changed."""


def write(nodes: NodeMap, values: Mapping[str, SettingValue]) -> None:
    """Write settings in the order of their dependencies, then read every one back.

    "BalanceRatio[Red]" is BalanceRatio with its selector at Red; the selector is restored afterwards.

    Settings that are refused are tried again after the others, as long as each pass writes at least one more.
    Example, with the camera at 50 Hz (20000 us) and the wish for 30000 us at 10 Hz: ExposureTime = 30000 is refused in
    the first pass, because 50 Hz allows at most 20000 us; AcquisitionFrameRate = 10 is written. In the second pass
    ExposureTime = 30000 is accepted. If a pass writes nothing, the first refusal is raised.

    A user set is saved last, after all other values were accepted.

    Raises:
        RefusedError: A value cannot be set, or the camera reports another one; the sentence names the limit.
    """
    waiting = [item for item in writing_order(values) if item[0] != _SAVE]
    while waiting:
        refused = _refused(nodes, waiting)
        if len(refused) == len(waiting):
            raise next(iter(refused.values()))
        waiting = [item for item in waiting if item[0] in refused]
    for setting, value in values.items():
        _check_taken(nodes, setting, value)
    if values.get(_SAVE) is True:
        nodes.execute_and_wait(_SAVE)


def _refused(nodes: NodeMap, values: list[tuple[str, SettingValue]]) -> dict[str, NotNowError]:
    refused = {}
    for setting, value in values:
        try:
            _write_one(nodes, setting, value)
        except NotNowError as error:
            refused[setting] = error
    return refused


def _write_one(nodes: NodeMap, setting: str, value: SettingValue) -> None:
    with nodes.selected(setting) as name, _room_made(nodes, name, value):
        node, feature = nodes.require_node(name), _under_setting_name(nodes.read_feature(name), setting)
        if feature.kind is FeatureKind.COMMAND:
            if value is True:
                nodes.execute_and_wait(name)
            return
        _check_settable(nodes, feature, value)
        try:
            _set_if_other(node, _as_kind(value, feature.kind))
        except (*DRIVER_ERRORS, TypeError, ValueError) as error:
            raise RefusedError(*_not_set(feature, value, driver_message(error))) from error


def _set_if_other(node: Node, value: SettingValue) -> None:
    """Write a value that the camera does not have yet: each register written costs the driver's binding 32 bytes."""
    present = value_of(node)
    if isinstance(value, float) and isinstance(present, float):
        if math.isclose(value, present, rel_tol=SINGLE_PRECISION):
            return
    elif value == present:
        return
    node.value = value


def _under_setting_name(feature: CameraFeature, setting: str) -> CameraFeature:
    entry = setting.removeprefix(feature.name)
    return replace(feature, name=setting, own_name=feature.own_name + entry)


@contextlib.contextmanager
def _room_made(nodes: NodeMap, size: str, value: SettingValue) -> Iterator[None]:
    """Move the region's offset to its minimum if it prevents the wanted size; restore it if the size is refused.

    Example: on a sensor 1024 px wide, OffsetX = 200 limits Width to 824; for Width = 1024, OffsetX becomes 0 first.
    If the offset cannot be moved, the size is refused with its own limit.
    """
    node, offset = nodes.find_node(size), nodes.find_node(_OFFSETS.get(size, ""))
    if node is None or offset is None or not access_to(offset).writable or not _above(value, node.max):
        yield
        return
    before = offset.value
    _move(offset, offset.min)
    try:
        yield
    except RefusedError:
        _move(offset, before)
        raise


def _move(offset: Node, value: int) -> None:
    with contextlib.suppress(*DRIVER_ERRORS):
        offset.value = value


def _check_settable(nodes: NodeMap, feature: CameraFeature, value: SettingValue) -> None:
    if not feature.access.writable:
        if not same_value(value, feature.value, feature.increment):
            raise NotNowError(*_not_set(feature, value, _why_locked(nodes, feature)))
    elif _is_unknown_entry(feature, value):
        raise NotNowError(*_not_set(feature, value, f"it must be {feature.limits}"))
    elif feature.kind in NUMBERS and not _in_range(feature, value):
        raise NotNowError(*_not_set(feature, value, f"it must be {_range(nodes, feature, value)}"))


def _is_unknown_entry(feature: CameraFeature, value: SettingValue) -> bool:
    """Return whether the value is not an entry of the feature; for a boolean, no text is: "False" would mean True."""
    if feature.kind is FeatureKind.BOOLEAN:
        return isinstance(value, str)
    return bool(feature.entries) and str(value) not in feature.entries


def _why_locked(nodes: NodeMap, feature: CameraFeature) -> str:
    if holder := nodes.blocking_feature(feature.name):
        return f"{holder.name} is {holder.value}; set {holder.name} to {holder.releases}"
    if nodes.read_value("TLParamsLocked"):
        return "the camera locks it during acquisition; stop the line first"
    return f"it is {feature.access} now"


def _range(nodes: NodeMap, feature: CameraFeature, value: SettingValue) -> str:
    if feature.kind is FeatureKind.INTEGER and not _is_whole(value):
        return f"a whole number from {feature.limits}"
    too_much = feature.maximum is not None and _above(value, feature.maximum)
    return f"{feature.limits}{_limited_by(nodes, feature.name) if too_much else ''}"


def _is_whole(value: SettingValue) -> bool:
    return isinstance(value, int | float) and value % 1 == 0


def _limited_by(nodes: NodeMap, name: str) -> str:
    """Return " while NAME is VALUE" for the setting that usually lowers this one's maximum; empty if there is none."""
    other = _LIMITED_BY.get(name, "")
    current = "" if nodes.find_node(other) is None else nodes.read_feature(other).text
    return f" while {other} is {current}" if current else ""


def _check_taken(nodes: NodeMap, setting: str, wanted: SettingValue) -> None:
    with nodes.selected(setting) as name:
        feature = nodes.read_feature(name)
        if feature.kind is FeatureKind.COMMAND or not feature.access.readable:
            return
        settled = time.monotonic() + _SETTLES_S
        while not same_value(wanted, feature.value, feature.increment) and time.monotonic() < settled:
            time.sleep(_LOOK_AGAIN_S)  # some cameras report a new value only with their next picture
            feature = nodes.read_feature(name)
    if not same_value(wanted, feature.value, feature.increment):
        raise RefusedError(
            f"{setting} was set to {wanted}, but the camera reports {feature.value} {feature.unit}".rstrip() + ".",
            "Write the value that the camera reports into the recipe.",
        )


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


def _not_set(feature: CameraFeature, value: SettingValue, why: str) -> tuple[str, str]:
    name = feature.name if feature.name == feature.own_name else f"{feature.name} ({feature.own_name} on this camera)"
    return f"{name} cannot be set to {value}: {why}.", "Change the recipe's camera settings."
