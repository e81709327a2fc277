"""What went wrong in a plug-in, in words for people."""

from dataclasses import dataclass
from typing import Self

from station.domain.errors import FaultError, StationError
from station.domain.messages import FaultReported

_FOR_OPERATOR = "A device at the line is not informed about parts. Take bad parts off by hand and call the engineer."
_NEWS_FOR_OPERATOR = "A connection to another system does not work. Parts are inspected as before. Call the engineer."


@dataclass(frozen=True, slots=True)
class PluginFailure:
    """A plug-in whose hook raised or did not return in time."""

    plugin: str
    error: StationError

    @classmethod
    def of(cls, plugin: str, error: BaseException) -> Self:
        """Return the failure of a reject hook."""
        return cls(plugin, _station_error(plugin, error, _FOR_OPERATOR))

    @classmethod
    def of_news(cls, plugin: str, error: BaseException) -> Self:
        """Return the failure of a news hook: parts are still rejected."""
        return cls(plugin, _station_error(plugin, error, _NEWS_FOR_OPERATOR))

    @property
    def fault(self) -> FaultReported:
        """The failure as a message."""
        return FaultReported.of(self.plugin, self.error)


def hanging(plugin: str) -> FaultError:
    """Return the error of a reject hook that did not return in time."""
    sentence = f"The plug-in {plugin} did not answer in time."
    advice = "It is not called until it answers. Check its device; start the station again if it never answers."
    return FaultError(sentence, advice, for_operator=_FOR_OPERATOR)


def _station_error(plugin: str, error: BaseException, for_operator: str) -> StationError:
    if isinstance(error, StationError):
        return error
    sentence = f"The plug-in {plugin} failed: {type(error).__name__}: {error}."
    failure = FaultError(sentence, "Check the plug-in.", for_operator=for_operator)
    failure.__cause__ = error
    return failure
