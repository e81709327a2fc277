"""A value for a camera that is looked through; pictures pause where it demands that, and go on after it."""

from contextlib import suppress

from station.camera.connection import CameraLink
from station.camera.feature_description import HasFeatureTree
from station.camera.source import FrameSource
from station.camera_setup.feature_cache import KnownFeatures
from station.domain.camera import feature_of
from station.domain.errors import CameraError
from station.domain.recipe import SettingValue


def write_feature(link: CameraLink, features: KnownFeatures, name: str, value: SettingValue) -> None:
    """Set one feature, for the thread that fetches.

    Raises:
        CameraError: It cannot be set, or no pictures come with it.
    """
    _require_free_running(name, value)
    try:
        link.source.apply({name: value})
    except CameraError:
        if not features.waits_for_rest(link.source, name):
            raise
        _write_at_rest(link, features, name, value)
    else:
        link.expect_anew()


def _require_free_running(name: str, value: SettingValue) -> None:
    """With a trigger nothing would be seen, and silence would look like a loss."""
    if feature_of(name) == "TriggerMode" and value == "On":
        raise CameraError(
            f"{name} stays Off while the camera is looked through: it would wait for a trigger and show nothing.",
            "How the line triggers it is said by 'trigger' of the camera in the settings.",
        )


def _write_at_rest(link: CameraLink, features: KnownFeatures, name: str, value: SettingValue) -> None:
    former = _value(link.source, name)
    link.rest()
    try:
        link.source.apply({name: value})
        features.read_at_rest(link.source)
    finally:
        _wake(link, features, name, former)


def _wake(link: CameraLink, features: KnownFeatures, name: str, former: SettingValue | None) -> None:
    """A value that the camera takes and gives no pictures with, or none that fit, is not left in it."""
    try:
        link.wake()
    except CameraError:
        if former is not None:
            _undo(link, features, name, former)
        raise


def _undo(link: CameraLink, features: KnownFeatures, name: str, former: SettingValue) -> None:
    """Where that fails too the camera is lost, and comes back with the former value, which it was told last."""
    with suppress(CameraError):
        link.source.apply({name: former})
        link.wake()
        features.read(link.source)


def _value(source: FrameSource, name: str) -> SettingValue | None:
    told = source.features_beside(name) if isinstance(source, HasFeatureTree) else ()
    return next((each.value for each in told if each.name == name), None)
