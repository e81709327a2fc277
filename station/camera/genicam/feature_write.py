"""Settings into a camera, and the limit that stands in the way of one. Runs in a camera process and nowhere else."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from station.camera.genicam.driver import DRIVER_ERRORS, Node, RefusedError, driver_message
from station.camera.genicam.features import same_value, writing_order
from station.camera.genicam.node_map import NUMBERS, NodeMap, access_to
from station.domain.camera import CameraFeature, FeatureKind
from station.domain.recipe import SettingValue

_SAVE = "UserSetSave"
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
    """A value cannot be set as the camera stands; with others of its settings changed it may."""


def write(nodes: NodeMap, values: Mapping[str, SettingValue]) -> None:
    """Write settings in an order that honours what depends on what, then read every one back.

    "BalanceRatio[Red]" is BalanceRatio with its selector at Red; the selector stands afterwards as it stood before.
    What another setting stands in the way of is tried again after the others: a longer exposure may need the lower
    frame rate first, and a higher frame rate the shorter exposure. A user set is saved when all else was taken.

    Raises:
        RefusedError: One cannot be set, or was not taken, and the limit that stands in the way.
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
        node, feature = nodes.require_node(name), _called(nodes.read_feature(name), setting)
        if feature.kind is FeatureKind.COMMAND:
            if value is True:
                nodes.execute_and_wait(name)
            return
        _check_settable(nodes, feature, value)
        try:
            node.value = _as_kind(value, feature.kind)
        except (*DRIVER_ERRORS, TypeError, ValueError) as error:
            raise RefusedError(*_not_set(feature, value, driver_message(error))) from error


def _called(feature: CameraFeature, setting: str) -> CameraFeature:
    entry = setting.removeprefix(feature.name)
    return replace(feature, name=setting, own_name=feature.own_name + entry)


@contextlib.contextmanager
def _room_made(nodes: NodeMap, size: str, value: SettingValue) -> Iterator[None]:
    """The offset of a region narrows how wide it can be; where that is in the way, it goes to its minimum.

    Where it does not, the size's own limit says the rest; where the size is refused, the offset goes back.
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
    elif _is_other_word(feature, value):
        raise NotNowError(*_not_set(feature, value, f"it must be {feature.limits}"))
    elif feature.kind in NUMBERS and not _in_range(feature, value):
        raise NotNowError(*_not_set(feature, value, f"it must be {_range(nodes, feature, value)}"))


def _is_other_word(feature: CameraFeature, value: SettingValue) -> bool:
    """A word that the feature does not have; every word, also "False", would switch a boolean on."""
    if feature.kind is FeatureKind.BOOLEAN:
        return isinstance(value, str)
    return bool(feature.entries) and str(value) not in feature.entries


def _why_locked(nodes: NodeMap, feature: CameraFeature) -> str:
    if holder := nodes.blocking_feature(feature.name):
        return f"{holder.name} is {holder.value}; set {holder.name} to {holder.releases}"
    if nodes.read_value("TLParamsLocked"):
        return "the camera locks it while frames come; stop the line first"
    return f"it is {feature.access} at present"


def _range(nodes: NodeMap, feature: CameraFeature, value: SettingValue) -> str:
    if feature.kind is FeatureKind.INTEGER and not _is_whole(value):
        return f"a whole number from {feature.limits}"
    too_much = feature.maximum is not None and _above(value, feature.maximum)
    return f"{feature.limits}{_while(nodes, feature.name) if too_much else ''}"


def _is_whole(value: SettingValue) -> bool:
    return isinstance(value, int | float) and value % 1 == 0


def _while(nodes: NodeMap, name: str) -> str:
    """The setting that most often lowers this one's maximum, as it stands."""
    other = _LIMITED_BY.get(name, "")
    stands_at = "" if nodes.find_node(other) is None else nodes.read_feature(other).text
    return f" while {other} is {stands_at}" if stands_at else ""


def _check_taken(nodes: NodeMap, setting: str, wanted: SettingValue) -> None:
    with nodes.selected(setting) as name:
        feature = nodes.read_feature(name)
    if feature.kind is FeatureKind.COMMAND or not feature.access.readable:
        return
    if not same_value(wanted, feature.value, feature.increment):
        raise RefusedError(
            f"{setting} was set to {wanted}, but the camera reports {feature.value} {feature.unit}".rstrip() + ".",
            "Put the value that the camera reports into the recipe.",
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
    called = feature.name if feature.name == feature.own_name else f"{feature.name} ({feature.own_name} on this camera)"
    return f"{called} cannot be set to {value}: {why}.", "Change the recipe's camera settings."
