"""Pictures on their way to the screen."""

import pytest
from PySide6.QtCore import QObject

from ui.darkroom import Darkroom


@pytest.fixture
def darkroom():
    owner = QObject()
    made = Darkroom(owner)
    yield made
    made.close()


def test_that_a_slow_screen_gets_the_newest_picture_and_no_queue(darkroom, make_live, make_inspection, qtbot) -> None:
    seen = []
    darkroom.developed.connect(seen.append)
    lives = [make_live(make_inspection(part)) for part in range(1, 60)]
    for live in lives:
        darkroom.put(live)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].inspection is lives[-1].inspection)
    assert len(seen) < len(lives)
    parts = [picture.inspection.key.part for picture in seen]
    assert parts == sorted(parts)


def test_that_nothing_comes_after_closing(make_live, make_inspection, qapp) -> None:
    darkroom = Darkroom(qapp)
    seen = []
    darkroom.close()
    darkroom.developed.connect(seen.append)
    darkroom.put(make_live(make_inspection()))
    qapp.processEvents()
    assert seen == []
