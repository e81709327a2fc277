"""Pictures on their way to the screen."""

import pytest
from PySide6.QtCore import QObject

from station.domain.verdict import Verdict
from ui.background.part_renderer import PartRenderer


@pytest.fixture
def renderer():
    owner = QObject()
    made = PartRenderer(owner)
    yield made
    made.close()


def test_that_a_slow_screen_gets_the_newest_part_and_no_queue(renderer, make_live, make_inspection, qtbot) -> None:
    seen = []
    renderer.rendered.connect(seen.append)
    lives = [make_live(make_inspection(part)) for part in range(1, 60)]
    for live in lives:
        renderer.put(live)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].inspection is lives[-1].inspection)
    assert len(seen) < len(lives)
    parts = [part.inspection.key.part for part in seen]
    assert parts == sorted(parts)


def test_that_all_views_of_a_part_come_at_once(renderer, make_live, make_inspection, qtbot) -> None:
    seen = []
    renderer.rendered.connect(seen.append)
    live = make_live(make_inspection(1, Verdict.PASS, Verdict.FAIL))
    renderer.put(live)
    qtbot.waitUntil(lambda: bool(seen))
    assert [picture.source for picture in seen[0].views] == list(live.views)


def test_that_nothing_comes_after_closing(make_live, make_inspection, qapp) -> None:
    renderer = PartRenderer(qapp)
    seen = []
    renderer.close()
    renderer.rendered.connect(seen.append)
    renderer.put(make_live(make_inspection()))
    qapp.processEvents()
    assert seen == []
