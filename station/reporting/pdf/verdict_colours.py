"""The colours of the verdicts as reportlab takes them."""

from reportlab.lib.colors import Color, HexColor

from station.domain.verdict import Verdict
from station.domain.verdict_colours import LIGHT

FILL: dict[Verdict, Color] = {verdict: HexColor(colours.fill) for verdict, colours in LIGHT.items()}
"""Of bars. Too light for print and for an edge on white: a bar has an edge in the colour of the print."""

PRINT: dict[Verdict, Color] = {verdict: HexColor(colours.text) for verdict, colours in LIGHT.items()}
"""Of words, figures and outlines."""
