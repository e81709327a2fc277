"""The run that is followed, with its curve."""

import pytest

from ui.pages.training.progress_panel import ProgressPanel
from ui.pages.training.training_view import ProgressView

SHARES = ((0.0, 0.0), (2.0, 1.0), (3.0, 0.0), (4.0, 0.5))
LOSSES = ((3.0, 0.9), (3.5, 0.4), (4.0, 0.25))


@pytest.fixture
def panel(window) -> ProgressPanel:
    window.show_page("training")
    window.presenter_of("training").leave()
    return window.page_of("training").progress


def test_that_a_training_by_gradients_shows_its_loss_with_the_time_left(panel: ProgressPanel) -> None:
    panel.show_run(ProgressView("Run 7", "Training 50 %, 9 s left.", 0.5, (), SHARES, LOSSES))
    at, losses = panel._curve.getData()
    assert list(zip(at, losses, strict=True)) == list(LOSSES)
    assert panel.caption.text() == "Loss, now 0.25; across: seconds"
    assert (panel.said.text(), panel.bar.value()) == ("Training 50 %, 9 s left.", 500)


def test_that_a_method_without_a_loss_shows_its_progress_alone(panel: ProgressPanel) -> None:
    panel.show_run(ProgressView("Run 7", "Training", 0.5, (), SHARES, LOSSES))
    panel.show_run(ProgressView("Run 8", "Looking 50 %.", 0.5, (), SHARES))
    assert list(panel._curve.getData()[1]) == [share for _, share in SHARES]
    assert panel.caption.text() == "Progress of each step; across: seconds"


def test_that_a_loss_that_does_not_change_is_drawn(panel: ProgressPanel) -> None:
    panel.show_run(ProgressView("Run 7", "Training", 0.5, (), (), ((1.0, 0.5), (2.0, 0.5))))
    low, high = panel._plot.getViewBox().viewRange()[1]
    assert low < 0.5 < high
