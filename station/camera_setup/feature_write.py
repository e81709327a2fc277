"""Writes one feature of a camera in preview; acquisition is stopped and restarted if the camera requires that."""

from contextlib import suppress

from station.camera.connection import CameraConnection
from station.camera.source import FrameSource
from station.camera_setup.feature_cache import FeatureCache
from station.domain.camera import feature_of
from station.domain.errors import CameraError
from station.domain.recipe import SettingValue


def write_feature(connection: CameraConnection, features: FeatureCache, name: str, value: SettingValue) -> None:
    """Write one feature. For the thread that fetches.

    Raises:
        CameraError: It cannot be set, or the camera delivers no pictures with this value.
    """
    _require_free_running(name, value)
    try:
        connection.source.apply({name: value})
    except CameraError:
        if not features.needs_stop(connection.source, name):
            raise
        _write_while_stopped(connection, features, name, value)
    else:
        connection.update_expected_interval()


def _require_free_running(name: str, value: SettingValue) -> None:
    """Refuse to switch the trigger on: the preview would show nothing, and its silence would look like a loss."""
    if feature_of(name) == "TriggerMode" and value == "On":
        raise CameraError(
            f"{name} stays Off during the preview: the camera would wait for a trigger and show nothing.",
            "Set how the line triggers the camera with 'trigger' under [camera] in the settings.",
        )


def _write_while_stopped(connection: CameraConnection, features: FeatureCache, name: str, value: SettingValue) -> None:
    former = _current_value(connection.source, name)
    connection.stop_acquisition()
    try:
        connection.source.apply({name: value})
        features.read_when_stopped(connection.source)
    finally:
        _restart(connection, features, name, former)


def _restart(connection: CameraConnection, features: FeatureCache, name: str, former: SettingValue | None) -> None:
    """Start acquisition again. If the camera does not start with the new value, restore the former one."""
    try:
        connection.start_acquisition()
    except CameraError:
        if former is not None:
            _restore(connection, features, name, former)
        raise


def _restore(connection: CameraConnection, features: FeatureCache, name: str, former: SettingValue) -> None:
    """Write the former value. If that fails too, the camera is lost; each reconnect then writes the former value."""
    with suppress(CameraError):
        connection.source.apply({name: former})
        connection.start_acquisition()
        features.read(connection.source)


def _current_value(source: FrameSource, name: str) -> SettingValue | None:
    live = source.live_features
    features = live.read_live(name) if live else ()
    return next((each.value for each in features if each.name == name), None)
