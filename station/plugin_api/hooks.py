"""The hooks of a plug-in. A plug-in is a package with an entry point in the group `lineside`; see docs/plugins.md."""

from collections.abc import Callable, Sequence
from typing import Any

import pluggy

from station.domain.errors import BadInputError
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import ReceivedMessage
from station.domain.plugin_model import ModelData, PluginModel
from station.plugin_api.teaching import TeachingMethod

hookspec = pluggy.HookspecMarker("lineside")
hookimpl = pluggy.HookimplMarker("lineside")


class StationHooks:
    """The hooks that a plug-in may implement. All are optional. A hook may leave out arguments that it does not need.

    Each plug-in has two threads of its own:

        reject thread   station_started, inspection_judged (every part), station_stopped      the line waits, briefly
        news thread     news_started, message_received (every message), news_stopped          nothing waits

    The hooks of one thread are called one after the other. Protect what the hooks of both threads use with a lock.
    A plug-in that raises or hangs in one thread does not disturb its other thread, another plug-in, or the records.
    """

    @hookspec
    def settings_model(self) -> type[Any]:  # type: ignore[empty-body]
        """Return the class of the plug-in's settings, a subclass of `PluginSettings`.

        The table [plugins.NAME] of station.toml is checked against it when the station is opened; all errors are shown
        at once, with their lines. NAME is the name of the entry point. Called on any thread.
        """

    @hookspec
    def teaching_methods(self) -> Sequence[TeachingMethod]:  # type: ignore[empty-body]
        """Return the methods that this plug-in can teach, with names that no other method has.

        They are offered beside those of the station, and each is taught in a process of its own, at low priority. What
        they learn is a model package of this plug-in's kind, so `open_model` is needed too. Called on any thread.
        """

    @hookspec
    def open_model(self, data: ModelData) -> PluginModel:  # type: ignore[empty-body]
        """Return the model that this data describes, ready to judge pictures.

        Called for each model package whose kind is the NAME of this plug-in, in every program that judges: the line,
        an evaluation, `linesidectl verify`. Use nothing but the data; the plug-in's settings may differ there.
        If the model raises, gives no answer within 10 s, or a place that is not a number, the part is NOT INSPECTED.

        Args:
            data: As the learned model returned it: arrays, and values that JSON holds. The station writes and reads it,
                without pickle.
        """

    @hookspec
    def station_started(self, settings: Any, trigger: Callable[[], PartKey]) -> None:  # noqa: ANN401
        """Prepare for parts: the line starts. Called before the first part of each run; at most 10 s.

        Raise a StationError if parts cannot be rejected: the line then does not start, and the window shows the error.

        Args:
            settings: The plug-in's settings, an instance of its model. Without a model, the table as a mapping.
            trigger: Opens a part if `camera.trigger` is "software", for a light barrier or a PLC. Callable from any
                thread; raises a StationError while the line takes no part.
        """

    @hookspec
    def inspection_judged(self, inspection: Inspection) -> None:
        """Drive a reject output: a part has its verdict. Called for every part, before screen and disk.

        The next part waits for this hook, at most 0.25 s. After that the plug-in is reported as failed, and this hook
        is not called again until it returns. NOT_INSPECTED parts come, too; they are not PASS. Each part comes once: a
        REVIEW comes at its verdict and not again when it ends; the message `ReviewEnded` says how it ended.
        """

    @hookspec
    def station_stopped(self) -> None:
        """Release what `station_started` opened. Called after the last part, and after a start that failed."""

    @hookspec
    def news_started(self, settings: Any) -> None:  # noqa: ANN401
        """Prepare for messages, for example connect to a broker. Called once, before the first message.

        Messages begin when this program loads a recipe or starts the line. If this hook raises, the error is reported
        and the messages still come: connect again at the next one.

        Args:
            settings: As in `station_started`.
        """

    @hookspec
    def message_received(self, message: ReceivedMessage) -> None:
        """Handle a message: line state, recipe, result, lost camera, fault. They come in order, also between runs.

        See `station.domain.messages` for all classes. Take as long as you need: the line never waits for this hook.
        If more than 4096 messages wait, the oldest are dropped, and a `MessagesMissed` says how many.
        """

    @hookspec
    def news_stopped(self) -> None:
        """Release what `news_started` opened. Called once, after the last message, when the station is closed."""


def installed_plugins() -> pluggy.PluginManager:
    """Return all installed plug-ins, checked against the hooks.

    Raises:
        BadInputError: A plug-in cannot be imported, or has a hook that does not exist.
    """
    manager = pluggy.PluginManager("lineside")
    manager.add_hookspecs(StationHooks)
    try:
        manager.load_setuptools_entrypoints("lineside")
        manager.check_pending()
    except (ImportError, AttributeError, pluggy.PluginValidationError) as error:
        raise BadInputError(f"A plug-in cannot be loaded: {error}.", "Correct or uninstall the plug-in.") from error
    return manager
