"""What is left of a part that no disk can take as it is: its verdict, scores and limits."""

from dataclasses import replace

from station.domain.inspection import Inspection, ViewInspection

BARE = "recorded without pictures and numbers"


def bare(inspection: Inspection) -> Inspection:
    """Return the same verdict with its scores and limits, and without any other value of a camera or a model."""
    views = tuple(_bare_view(view) for view in inspection.views)
    serial, lot, order = (_encodable(text) for text in (inspection.serial, inspection.lot, inspection.order))
    return replace(inspection, views=views, serial=serial, lot=lot, order=order)


def _bare_view(view: ViewInspection) -> ViewInspection:
    return replace(
        view,
        reason=_encodable(f"{view.reason} ({BARE})".lstrip()),
        origin=_encodable(view.origin),
        elapsed_ms=0.0,
        raw_score=None,
        regions=(),
        frame_id=None,
        camera_timestamp_ns=None,
        code=None,
        width=0,
        height=0,
    )


def _encodable(text: str) -> str:
    """Replace bytes of a file's name that are not text."""
    return text.encode(errors="replace").decode()
