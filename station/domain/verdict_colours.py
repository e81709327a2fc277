"""The colours of the verdicts, in one table: "#RRGGBB". Paper has those of the light theme.

People who see no red or no green tell them apart, and text has a contrast of at least 4.5:1 (both proved by a test).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class VerdictColours:
    """How one verdict looks.

    Attributes:
        fill: Its field.
        frame: The frame around the field.
        on_fill: Text on the field.
        text: Text in the verdict's colour, on a panel or on white.
    """

    fill: str
    frame: str
    on_fill: str
    text: str


LIGHT: Mapping[Verdict, VerdictColours] = {
    Verdict.PASS: VerdictColours("#2F6F73", "#2F6F73", "#FFFFFF", "#235B5F"),
    Verdict.REVIEW: VerdictColours("#D99A0B", "#6B4700", "#15181B", "#744C00"),
    Verdict.FAIL: VerdictColours("#C8390F", "#7A1F04", "#FFFFFF", "#A82E0A"),
    Verdict.NOT_INSPECTED: VerdictColours("#A3AAB1", "#626B73", "#15181B", "#4F5860"),
}
DARK: Mapping[Verdict, VerdictColours] = {
    Verdict.PASS: VerdictColours("#35787C", "#35787C", "#FFFFFF", "#6FC0C4"),
    Verdict.REVIEW: VerdictColours("#E3A52A", "#FFD98F", "#15181B", "#E5AC45"),
    Verdict.FAIL: VerdictColours("#D43F12", "#FFB59E", "#FFFFFF", "#FF8A66"),
    Verdict.NOT_INSPECTED: VerdictColours("#949CA4", "#C3CAD0", "#15181B", "#B4BCC3"),
}
