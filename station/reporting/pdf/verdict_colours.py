"""The colours of the verdicts on paper: the screen's hues, dark enough for small print on white.

Eyes that see no red or no green tell them apart.
"""

from reportlab.lib.colors import Color, HexColor

from station.domain.verdict import Verdict

COLOURS: dict[Verdict, Color] = {
    Verdict.PASS: HexColor(0x2E6F73),
    Verdict.REVIEW: HexColor(0x9A6500),
    Verdict.FAIL: HexColor(0xC4380D),
    Verdict.NOT_INSPECTED: HexColor(0x6B7279),
}
