"""The shift as a strip of bars, one for each hour, with the stops under them. Vectors only."""

from collections.abc import Iterator
from datetime import datetime
from math import ceil, floor, log10

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, white
from reportlab.pdfbase.pdfmetrics import stringWidth

from station.domain.formatting import number
from station.domain.shift_summary import HourSummary, ShiftSummary, Stoppage
from station.domain.verdict import Verdict
from station.reporting.pdf.typeface import INK, MUTED, REGULAR, RULE
from station.reporting.pdf.verdict_colours import FILL, PRINT
from station.reporting.wording import bin_label

_LEFT, _RIGHT, _BOTTOM = 34, 12, 30
_PLOT_HEIGHT, _STOPS_HEIGHT, _TEXT = 84, 7, 7
_ORDER = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.NOT_INSPECTED)


def hour_chart(summary: ShiftSummary, width: float) -> Drawing:
    """Parts by hour (or day) and verdict, stacked, from zero; stops as dark bars on the line under them.

    Args:
        summary: The shift.
        width: Points.
    """
    top = _rounded_up(max(hour.counts.triggers for hour in summary.hours))
    drawing = Drawing(width, _BOTTOM + _PLOT_HEIGHT + 20)
    plot = _Plot(summary, width - _LEFT - _RIGHT, top)
    for shape in (*_grid(plot), *_bars(plot), *_hours(plot), *_stops(plot), *_legend(plot)):
        drawing.add(shape)
    return drawing


def chart_in_words(summary: ShiftSummary) -> str:
    """Return what the chart shows, for whoever cannot see it: "06:00: PASS 120, FAIL 3; 07:00: none"."""
    hours = "; ".join(f"{bin_label(hour.start, summary.window)}: {_in_words(hour)}" for hour in summary.hours)
    return f"Chart of the parts by verdict. {hours}. Stops and faults: {len(summary.stoppages)}."


def _in_words(hour: HourSummary) -> str:
    counts = [(verdict.word, hour.counts.of(verdict)) for verdict in _ORDER]
    return ", ".join(f"{word} {number(count)}" for word, count in counts if count) or "none"


class _Plot:
    """Where things lie: time to the right, parts upwards, points."""

    def __init__(self, summary: ShiftSummary, width: float, top: int) -> None:
        self.summary = summary
        self.width = width
        self.top = top

    def x(self, moment: datetime) -> float:
        window = self.summary.window
        inside = min(max(moment, window.start), window.end)
        return _LEFT + self.width * ((inside - window.start) / (window.end - window.start))

    def y(self, parts: float) -> float:
        return _BOTTOM + _PLOT_HEIGHT * parts / self.top


def _rounded_up(most: int) -> int:
    """The first of 4, 8, 20, 40, 80, 200 ... that is high enough: four equal steps of whole numbers."""
    scale = int(10 ** max(0, floor(log10(max(most, 1) / 4))))
    return next(4 * step * scale for step in (1, 2, 5, 10) if 4 * step * scale >= most)


def _grid(plot: _Plot) -> Iterator[Line | String]:
    for quarter in range(5):
        parts = plot.top * quarter // 4
        y = plot.y(parts)
        yield Line(_LEFT, y, _LEFT + plot.width, y, strokeColor=INK if quarter == 0 else RULE, strokeWidth=0.5)
        yield _text(_LEFT - 4, y - 2.4, number(parts), MUTED, anchor="end")


def _bars(plot: _Plot) -> Iterator[Rect]:
    for hour in plot.summary.hours:
        yield from _bar(plot, hour)


def _bar(plot: _Plot, hour: HourSummary) -> Iterator[Rect]:
    left, right = plot.x(hour.start), plot.x(hour.end)
    gap = min(2.0, (right - left) / 8)
    below = 0
    for verdict in _ORDER:
        parts = hour.counts.of(verdict)
        if parts:
            height = plot.y(below + parts) - plot.y(below)
            yield _piece(left + gap, plot.y(below), right - left - 2 * gap, height, verdict)
        below += parts


def _hours(plot: _Plot) -> Iterator[Line | String]:
    """The local time at the edges between the steps; every n-th where they would touch."""
    window = plot.summary.window
    edges = [hour.start for hour in plot.summary.hours] + [window.end]
    every = ceil(len(edges) * 34 / plot.width)
    for edge in edges[::every]:
        yield Line(plot.x(edge), _BOTTOM, plot.x(edge), _BOTTOM - 3, strokeColor=INK, strokeWidth=0.5)
        yield _text(plot.x(edge), _BOTTOM - 11, bin_label(edge, window), MUTED)


def _stops(plot: _Plot) -> Iterator[Rect | String | Line]:
    y = _BOTTOM - 24
    yield _text(_LEFT - 4, y + 1, "stops", MUTED, anchor="end")
    yield _box(_LEFT, y, plot.width, _STOPS_HEIGHT, RULE)
    for span in plot.summary.unknown:
        yield from _hatched(plot.x(span.start), y, plot.x(span.end) - plot.x(span.start))
    for stoppage in plot.summary.stoppages:
        left, right = plot.x(stoppage.start), plot.x(_shown_end(plot, stoppage))
        yield _box(left, y, max(right - left, 1.2), _STOPS_HEIGHT, INK)


def _hatched(left: float, bottom: float, width: float) -> Iterator[Rect | Line]:
    """White with slanting lines: nobody knows, or it is still to come."""
    yield _box(left, bottom, width, _STOPS_HEIGHT, white)
    step = _STOPS_HEIGHT / 2
    for place in range(ceil(width / step)):
        x = left + place * step
        rise = min(_STOPS_HEIGHT, left + width - x)
        yield Line(x, bottom, x + rise, bottom + rise, strokeColor=MUTED, strokeWidth=0.4)


def _shown_end(plot: _Plot, stoppage: Stoppage) -> datetime:
    """Return its end; what has not ended lasts until the shift was counted."""
    return max(stoppage.start, stoppage.end or plot.summary.as_of or plot.summary.window.end)


def _legend(plot: _Plot) -> Iterator[Rect | String | Line]:
    x, y = float(_LEFT), _BOTTOM + _PLOT_HEIGHT + 10
    for verdict in _ORDER:
        yield _piece(x, y, 7, 7, verdict)
        yield _text(x + 10, y + 0.6, verdict.word, INK, anchor="start")
        x += 24 + stringWidth(verdict.word, REGULAR, _TEXT)
    yield _box(x, y, 7, 7, INK)
    stopped = "stopped, paused, camera lost or fault"
    yield _text(x + 10, y + 0.6, stopped, INK, anchor="start")
    if plot.summary.unknown:
        x += 24 + stringWidth(stopped, REGULAR, _TEXT)
        yield from _hatched(x, y, 7)
        yield _text(x + 10, y + 0.6, "not known, or still to come", INK, anchor="start")


def _piece(x: float, y: float, width: float, height: float, verdict: Verdict) -> Rect:
    edge = 0.5
    inside = max(height - edge, 0.1)
    return Rect(
        x + edge / 2, y + edge / 2, width - edge, inside,
        fillColor=FILL[verdict], strokeColor=PRINT[verdict], strokeWidth=edge,
    )  # fmt: skip


def _box(x: float, y: float, width: float, height: float, colour: Color) -> Rect:
    return Rect(x, y, width, height, fillColor=colour, strokeColor=None)


def _text(x: float, y: float, text: str, colour: Color, anchor: str = "middle") -> String:
    return String(x, y, text, fontName=REGULAR, fontSize=_TEXT, fillColor=colour, textAnchor=anchor)
