"""The methods of all plug-ins that are installed."""

from collections.abc import Callable, Sequence

from station.domain.errors import BadInputError
from station.plugin_api.hooks import installed_plugins
from station.plugin_api.teaching import TeachingMethod


def installed_methods() -> dict[str, tuple[str, TeachingMethod]]:
    """Return each method by its name, with the name of its plug-in. The first of two with one name counts.

    Raises:
        BadInputError: A plug-in cannot be loaded, or does not say its methods.
    """
    found: dict[str, tuple[str, TeachingMethod]] = {}
    for implementation in installed_plugins().hook.teaching_methods.get_hookimpls():
        for method in _methods_of(implementation.plugin_name, implementation.function):
            found.setdefault(method.name, (implementation.plugin_name, method))
    return found


def _methods_of(plugin: str, hook: Callable[[], object]) -> Sequence[TeachingMethod]:
    try:
        return [_checked(method) for method in hook()]  # type: ignore[attr-defined]
    except Exception as error:
        raise BadInputError(
            f"The plug-in {plugin} does not say what it can teach: {type(error).__name__}: {error}.",
            "Correct or uninstall the plug-in.",
        ) from error


def _checked(method: object) -> TeachingMethod:
    if not isinstance(method, TeachingMethod):
        raise TypeError(f"{method!r} is not a TeachingMethod")
    return method
