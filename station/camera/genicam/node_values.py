"""Reads single GenApi nodes as they are now, and lets GenApi forget. Runs in a camera process only."""

import time

from genicam import genapi

from station.camera.genicam.driver import Node, read_or
from station.domain.camera import Access, CameraFeature, FeatureKind, Visibility
from station.domain.recipe import SettingValue

KINDS = {
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
_PAST_MEMORY = (False, True)
"""Arguments of `get_value`: without a check, and read from the camera instead of GenApi's memory."""


class Memory:
    """What GenApi remembers of a camera.

    A value that was read once is not read again: a temperature would stay as it was for ever. `value_of` therefore
    reads past this memory. Limits, entries and access come from it, and have to be forgotten in time.

    Args:
        node_map: The camera's GenApi node map.
    """

    def __init__(self, node_map: Node) -> None:
        self._map = node_map
        self._polled_s = time.monotonic()

    def forget_old(self) -> None:
        """Forget what the camera's description says to ask for again after a time (PollingTime)."""
        now_s = time.monotonic()
        elapsed_ms = int(1000 * (now_s - self._polled_s))
        if elapsed_ms:
            self._map.poll(elapsed_ms)
            self._polled_s += elapsed_ms / 1000

    def forget_all(self) -> None:
        """Forget everything: a user set that was loaded has changed values, limits and access."""
        for node in self._map.nodes:
            node.node.invalidate_node()


def mode_of(node: Node) -> int:
    """Return GenApi's access mode; not available if the formula for it fails."""
    return read_or(lambda: int(node.get_access_mode()), int(genapi.EAccessMode.NA))


def access_to(node: Node) -> Access:
    """Return how a node can be accessed now."""
    return _ACCESS.get(mode_of(node), Access.NOT_AVAILABLE)


def value_of(node: Node) -> SettingValue | None:
    """Return the value as the camera has it now; None for a command, and if it cannot be read."""
    if isinstance(node, genapi.ICommand) or not access_to(node).readable:
        return None
    value = read_or(lambda: node.get_value(*_PAST_MEMORY), None)
    return value if isinstance(value, bool | int | float | str) else None


def entries_of(node: Node) -> tuple[str, ...]:
    """Return the names that an enumeration can be set to now."""
    return tuple(str(entry.symbolic) for entry in node.entries if access_to(entry).readable)


def unreadable(name: str, category: str, about: str) -> CameraFeature:
    """Return a feature whose description fails; `about` says why."""
    return CameraFeature(
        name=name,
        own_name=name,
        kind=FeatureKind.STRING,
        category=category,
        visibility=Visibility.BEGINNER,
        access=Access.NOT_AVAILABLE,
        about=about,
    )
