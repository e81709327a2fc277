"""An alarm: something at the line that needs the action of a person now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, in sentences for the person at the line.

    Attributes:
        event: What happened: "3 parts failed in a row."
        cause: The likely cause: "Always lower right."
        consequence: What happens if nobody acts: "Good parts may be rejected."
        action: What to do: "Check the fixture, the lens and the light there."
    """

    event: str
    cause: str
    consequence: str
    action: str
