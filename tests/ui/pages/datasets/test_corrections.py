"""Corrections on the page of datasets, in the real window: offered, taught by one key, and followed to the draft."""

from pathlib import Path

import pytest
from corrected import PRODUCT, finish_training, mark_defects, release_disc
from drafts import run_line
from keyboard import CTRL, SHIFT, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from waiting import SOON_MS

from station.app import Station
from station.domain.corrections import Corrections, LearningState
from station.domain.feedback import Disposition
from station.domain.inspection import PartKey
from station.domain.tried_corrections import BeforeAndAfter, TriedCorrections
from station.domain.verdict import Verdict
from station.learning.runs import starting
from ui.pages.datasets.corrections_notice import NextStep, notice_of
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme

ENOUGH = Corrections("disc@1", marked=5)
KEY = PartKey(1, 7)


def test_that_nothing_is_offered_before_enough_has_come_together() -> None:
    assert notice_of(LearningState()) is None
    assert notice_of(LearningState(Corrections("disc@1", marked=4))) is None


@pytest.mark.parametrize(
    ("state", "step", "says"),
    [
        (LearningState(ENOUGH), NextStep.TEACH, "New since disc@1: 5 marked defects."),
        (LearningState(Corrections("disc@1", disputed=(KEY,))), NextStep.BRING, "1 disputed part is not in the"),
        (LearningState(Corrections("disc@2"), None, ("disc", 2)), NextStep.TRY, "disc@2 is taught and decides nothing"),
        (LearningState(ENOUGH, None, ("disc", 2)), NextStep.TEACH, "5 marked defects"),
        (LearningState(None, None, ("disc", 2), "The same verdict on 3 of 4 parts."), NextStep.TRY, "3 of 4 parts"),
    ],
)
def test_that_the_notice_offers_the_next_step(state: LearningState, step: NextStep, says: str) -> None:
    notice = notice_of(state)
    assert notice is not None
    assert notice.step is step
    assert says in notice.sentence


@pytest.fixture
def corrected(window, tmp_path: Path):
    """Five defects were marked since disc@1 was released."""
    station: Station = window._station
    release_disc(station, tmp_path)
    mark_defects(station, tmp_path, 5)
    yield station
    for run in station.training.runs():
        if not run.state.ended:
            station.training.cancel(run.number)
    for runner in starting._started:
        runner.wait(60)


@pytest.fixture
def page(window, corrected, qtbot):
    window.open_page("datasets", (PRODUCT, ""))
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    return window.page_of("datasets")


def step_of(page) -> str:
    return page.next_step.text() if page.notice.isVisible() else ""


def test_that_enough_corrections_are_offered_and_too_few_are_not(window, page, corrected, qtbot) -> None:
    qtbot.waitUntil(lambda: step_of(page) == NextStep.TEACH)
    assert page.noticed.text() == "New since disc@1: 5 marked defects."
    corrected.datasets.import_folder(corrected.workspace.datasets / "disc/items/pictures", "other")
    window.presenter_of("datasets").show_place(("other", ""))
    qtbot.waitUntil(lambda: step_of(page) == "")
    press(window, Qt.Key.Key_R, CTRL)
    assert corrected.training.runs() == ()


def test_that_the_models_page_leads_to_enough_corrections_by_keys_alone(window, corrected, qtbot) -> None:
    qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
    press(window, Qt.Key.Key_F7, SHIFT)
    models = window.page_of("models")
    qtbot.waitUntil(models.learn.isVisible, timeout=SOON_MS)
    assert models.corrected.text() == "disc: New since disc@1: 5 marked defects."
    press(window, Qt.Key.Key_R, CTRL)
    datasets = window.page_of("datasets")
    qtbot.waitUntil(lambda: step_of(datasets) == NextStep.TEACH, timeout=SOON_MS)
    press(window, Qt.Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: window._pages.current.name == "training", timeout=SOON_MS)
    assert corrected.training.runs()[0].order.with_defects
    press(window, Qt.Key.Key_F7, SHIFT)
    qtbot.waitUntil(lambda: not models.learn.isVisible(), timeout=SOON_MS)


def test_that_disputed_parts_are_brought_in_by_the_same_key(window, page, corrected, qtbot) -> None:
    corrected.datasets.freeze(PRODUCT)
    run_line(corrected, PRODUCT, 6)
    for item in corrected.datasets.items(PRODUCT):
        if item.mask_sha256:
            corrected.datasets.label([item.item_id], item.label.UNLABELLED)
    rejected = next(part for part in corrected.records.recent() if part.verdict is Verdict.FAIL)
    corrected.review.give_feedback(rejected.key, Disposition.GOOD_PART, "dust", "Ben")
    window.presenter_of("datasets").show_place((PRODUCT, ""))
    qtbot.waitUntil(lambda: step_of(page) == NextStep.BRING)
    press(window, Qt.Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: page.gallery.items.rowCount() == 18)
    qtbot.waitUntil(lambda: step_of(page) == "")


def test_that_one_key_freezes_and_queues_a_training_with_defects(window, page, corrected, qtbot) -> None:
    qtbot.waitUntil(lambda: step_of(page) == NextStep.TEACH)
    press(window, Qt.Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: window._pages.current.name == "training", timeout=10_000)
    (run,) = corrected.training.runs()
    assert (run.order.with_defects, run.person) == (True, "engineer, Datasets page")
    assert run.order.dataset_version == corrected.datasets.versions(PRODUCT)[0].version
    window.open_page("datasets", (PRODUCT, ""))
    qtbot.waitUntil(lambda: step_of(page) == NextStep.FOLLOW)
    corrected.training.cancel(run.number)
    qtbot.waitUntil(lambda: step_of(page) == NextStep.TEACH, timeout=15_000)


def test_that_the_draft_of_the_training_is_offered_to_be_tried_on_stored_parts(window, page, corrected, qtbot) -> None:
    run_line(corrected, PRODUCT, 6)
    finish_training(corrected)
    window.presenter_of("datasets").show_place((PRODUCT, ""))
    qtbot.waitUntil(lambda: step_of(page) == NextStep.TRY)
    assert "disc@2 is taught and decides nothing" in page.noticed.text()
    press(window, Qt.Key.Key_R, CTRL)
    qtbot.waitUntil(lambda: window._pages.current.name == "shadow", timeout=10_000)
    press(window, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: corrected.candidates.figures(PRODUCT, 2).judged > 0, timeout=15_000)
    window.open_page("datasets", (PRODUCT, ""))
    qtbot.waitUntil(lambda: "The same verdict on" in page.noticed.text())
    assert corrected.recipes.find(PRODUCT).recipe.revision == 1, "nothing goes live by itself"


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("size", [(1024, 640), (1280, 800), (1920, 1080)])
def test_that_the_whole_notice_is_there(window, page, theme: str, size: tuple[int, int], qtbot) -> None:
    window.resize(*size)
    window.fit_sizes()
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    qtbot.waitUntil(lambda: step_of(page) == NextStep.TEACH)
    long = Corrections("Oberflaechenbeschichtung@12", 11, 12, 13, 14, (KEY,), traced=False)
    labels = ("Oberflaechenbeschichtung@12", "Oberflaechenbeschichtung@13")
    seen = BeforeAndAfter(1234, 12, 1222)
    tried = TriedCorrections(
        *labels, seen, seen, 77, BeforeAndAfter(98765, 432, 321), BeforeAndAfter(55, 55, 44), 3, 4, 5
    )
    notices = [notice_of(LearningState(long)), notice_of(LearningState(None, None, (labels[1], 13), tried.brief))]

    def whole() -> None:
        for said in (page.noticed, page.counts, page.about):
            assert said.fitted_text() == said.text()
        key = page.next_step
        assert key.fontMetrics().horizontalAdvance(key.text()) <= key.contentsRect().width() + 1
        assert page.gallery.viewport().height() >= page.gallery.tile.height()
        assert (window.width(), window.height()) == size
        for each in page.findChildren(QPushButton):
            assert each.accessibleName() or each.text()

    for notice in notices:
        page.show_notice(notice)
        qtbot.waitUntil(whole, timeout=5_000)
