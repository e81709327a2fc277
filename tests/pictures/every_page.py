"""Every registered page as pictures: light and dark, on screens of four sizes.

    PYTHONPATH=.:tests/doubles python tests/pictures/every_page.py FOLDER

The demo line inspects parts first, so that each page has something to show. Drawn without a screen.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))

import promoted
from compared import comparison
from everybody import EVERYBODY
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from station.app import Station
from station.domain.candidate import Gate, GateCheck
from station.domain.clock import utc_now
from station.domain.dataset import Label
from station.domain.feedback import Disposition
from station.domain.guide import GuideStep
from station.domain.messages import LineState
from station.domain.permissions import Role
from station.domain.person import KnownBy, Person
from station.domain.recipe import StateChange
from station.domain.signature import Meaning, Signature, Signing
from station.domain.study.study import Answer, StudyPlan
from station.domain.synthetic import DrawnLook, DrawnSize, SyntheticKind
from station.domain.training import VersionSummary
from station.domain.verdict import Verdict
from station.learning.runs.offers import methods_for
from ui.pages.challenge.actions import ChallengeAct
from ui.pages.challenge.part_sheet import PartSheet
from ui.pages.limits.score_histogram import LimitLine
from ui.pages.line.filmstrip import Strip
from ui.pages.line.filmstrip_model import StripModel
from ui.pages.models.drawn_sheet import DrawnSheet
from ui.pages.recipes.compare_sheet import CompareSheet
from ui.pages.study.actions import StudyAct
from ui.pages.training.comparison_sheet import ComparisonSheet
from ui.pages.training.methods_sheet import MethodsSheet
from ui.pages.training.training_view import Choice, ProgressView, RunRow, teach_view
from ui.shell.application import make_application
from ui.shell.keys_page import KeysPage
from ui.shell.main_window import MainWindow
from ui.shell.page_registry import PAGES
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.release_dialog import ReleaseDialog, look_before_release

SIZES = ((1280, 800), (1024, 640), (960, 500), (1920, 1080))
"""The usual panel, the least one, a full-HD screen at 200 %, and a full-HD screen."""
PARTS = 14
SOON_S = 90.0
FROZEN = VersionSummary("flange", "729a34ec91", utc_now(), 311, 115, {"crack": 40, "dent": 22}, 40)
OFFERS = methods_for(FROZEN, Path("no folder of networks"))
SETTLED_S = 1.5


def until(application: QApplication, condition: Callable[[], object]) -> None:
    """Let the window live until the condition holds.

    Raises:
        TimeoutError: It did not hold in time.
    """
    deadline = time.monotonic() + SOON_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the window does not show what the picture needs")
        application.processEvents()
        time.sleep(0.01)


def settle(application: QApplication, seconds: float = SETTLED_S) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    until(application, lambda: time.monotonic() > end)


def take_pictures(application: QApplication, window: MainWindow, name: str, folder: Path) -> None:
    """Save a picture of the window for each size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            settle(application, 0.6)
            window.grab().save(str(folder / f"{name}-{theme}-{width}.png"))


def show_reject(window: MainWindow) -> None:
    """Choose the newest FAIL in the strip of parts."""
    strip = window.page_of(PAGES[0].name).findChild(Strip)
    model = strip.model()
    assert isinstance(model, StripModel)
    rows = (model.part(row) for row in range(model.rowCount()))
    strip.choose(next(part for part in rows if part.verdict is Verdict.FAIL).key)


def take_line(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The line while it runs, and a past reject after it has stopped."""
    take_pictures(application, window, "line-running", folder)
    window._station.line.stop()
    until(application, lambda: window._station.line.state is LineState.STOPPED)
    show_reject(window)
    settle(application)
    take_pictures(application, window, "line-past", folder)


def show_draft(application: QApplication, window: MainWindow, station: Station) -> None:
    """Recipes: a draft of the product on the line, which passes every mark."""
    draft = station.recipes.set_value("flange", 1, "limits.min_area_px", "1000000", "C. Meyer", "dust is not a defect")
    window.open_page("recipes", (draft.recipe.name, draft.recipe.revision))
    page = window.page_of("recipes")
    until(application, lambda: page.title.text() == "flange 2")
    page.values.mark("fail limit")
    page.editor.entry.setText("0.4375")
    page.editor.set_value()


def take_comparison(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The comparison of two revisions, in each size and theme."""
    page = window.page_of("recipes")
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            window.action_table["compare revisions"].trigger()
            until(application, lambda: page.findChild(CompareSheet) is not None)
            sheet = page.findChild(CompareSheet)
            settle(application, 2.0)
            sheet.grab().save(str(folder / f"recipes-compare-{theme}-{width}.png"))
            sheet.reject()
            settle(application, 0.3)


def take_release(application: QApplication, window: MainWindow, station: Station, folder: Path) -> None:
    """The sheet by which the second of two people signs a release, in each size and theme."""
    page, draft = window.page_of("recipes"), station.recipes.find("flange", 2).recipe
    first = Signature("flange", 2, draft.sha256, Meaning.RELEASED, "Anna Berg", "engineer", "PIN", "trial", utc_now())
    signing = Signing(True, 2, (first,), (first,), "flange@2 was not validated.")
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            sheet = ReleaseDialog(page, draft, look_before_release(station, draft).differences)
            sheet.sign_with(Person("C. Meyer", frozenset(Role), KnownBy.PIN), signing)
            sheet.show()
            settle(application)
            sheet.grab().save(str(folder / f"recipes-release-{theme}-{width}.png"))
            sheet.reject()
            settle(application, 0.3)


def try_draft(application: QApplication, window: MainWindow, _station: Station) -> None:
    """Shadow: the draft has judged the stored parts, and one part is marked."""
    page = window.page_of("shadow")
    window.action_table["try on stored parts"].trigger()
    until(application, page.parts.count)
    page.parts.setCurrentRow(0)
    window.action_table["check gate"].trigger()
    until(application, lambda: "promoted" in page.verdict_of_gate.text())


def promote(station: Station) -> None:
    """Record a promotion as its gate would have let it through."""
    checks = (
        GateCheck("Parts of the line", passed=True, sentence="The same verdict on 118 of 120 parts."),
        GateCheck("Labelled pictures", passed=True, sentence="62 of 62 defects found, 0 of 115 good parts rejected"),
    )
    change = StateChange("C. Meyer", "finds the missing bolt", utc_now())
    promoted.promote(station._core.database, ("flange", 2), Gate("flange@2", "flange@1", checks), change)


def show_runs(application: QApplication, window: MainWindow, _station: Station) -> None:
    """Training: a run in progress, and the runs before it."""
    page = window.page_of("training")
    window.presenter_of("training").leave()  # it would show the empty list of the demo
    settle(application)
    steps = (
        ("Reading the pictures", "311 of 311, 4 s"),
        ("Looking at the good parts", "311 of 311, 21 s"),
        ("Choosing what stays in memory", "12 s"),
        ("Calibrating the limits on good parts that were left out", "88 of 150, 9 s"),
    )
    points = tuple((float(at), at % 12 / 11) for at in range(47))
    page.progress.show_run(
        ProgressView("Run 7: flange, balanced", "Calibrating the limits 58 %, about 22 s left.", 0.58, steps, points)
    )
    cells = ("flange", "729a34ec", "balanced", "done", "0.998", "1 of 62", "0 of 115", "19.5", "0 of 240")
    page.show_choice(teach_view(Choice(FROZEN), OFFERS, ""))
    page.runs.show_runs([RunRow(number, (str(number), *cells, "28 Nov 09:41 C. Meyer")) for number in range(7, 0, -1)])


def take_drawn(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The sheet of drawn defects."""
    page = window.page_of("models")
    found = ((4, 0), (8, 2), (16, 4), (32, 5), (64, 5))
    sizes = tuple(DrawnSize(kind, size, 5, seen, seen, 0) for kind in SyntheticKind for size, seen in found)

    def sheet() -> QDialog:
        made = DrawnSheet(page, "flange@1")
        made.show_look(DrawnLook(20, 1, True, 20, sizes))
        return made

    take_new_sheets(application, window, sheet, "models-drawn", folder)


def take_new_sheets(
    application: QApplication, window: MainWindow, make: Callable[[], QDialog], name: str, folder: Path
) -> None:
    """Save a picture of a sheet that is made in the size of the window, for each size and theme."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            sheet = make()
            sheet.open()
            settle(application, 0.3)
            sheet.grab().save(str(folder / f"{name}-{theme}-{width}.png"))
            sheet.reject()


def take_training(application: QApplication, window: MainWindow, folder: Path) -> None:
    """Training by gradients with the curve of its loss, and the sheet of all methods."""
    page = window.page_of("training")
    losses = tuple((5.0 + at, 0.9 * 0.97**at + 0.05 * (at % 3)) for at in range(90))
    said = "Training 45 %, 84 s left of this step."
    steps = (("Reading pictures", "311 of 311, 4 s"), ("Training", "360 of 800, 69 s"))
    page.progress.show_run(ProgressView("Run 8: flange, autoencoder", said, 0.45, steps, (), losses))
    take_pictures(application, window, "training-loss", folder)
    for make, name in (
        (lambda: MethodsSheet(page, OFFERS, "balanced"), "methods"),
        (lambda: ComparisonSheet(page, "Methods compared by run 9", comparison()), "compared"),
    ):
        take_new_sheets(application, window, make, f"training-{name}", folder)


def show_camera(application: QApplication, _window: MainWindow, station: Station) -> None:
    """Cameras: look through one."""
    station.cameras.connect("simulated:flange?rate=10")
    settle(application, 3.0)


def collect(application: QApplication, window: MainWindow, station: Station) -> None:
    """Datasets: some parts of the line, one of them labelled."""
    added = station.datasets.collect_parts([part.key for part in station.records.recent()])
    station.datasets.label(added.item_ids[:1], Label.DEFECT, "missing component")
    window.show_page("datasets")
    settle(application, 2.0)


def move_limit(_application: QApplication, window: MainWindow, _station: Station) -> None:
    """Limits: the fail limit is dragged."""
    window.page_of("limits").histogram.moved.emit(LimitLine.FAIL, 0.97)


def annotate(application: QApplication, window: MainWindow, station: Station) -> None:
    """Annotator: the rejected parts."""
    collected = station.datasets.collect_parts([part.key for part in station.records.recent()])
    rejected = [item for item in station.datasets.items("flange") if item.verdict is Verdict.FAIL]
    window.open_page("annotator", [item.item_id for item in rejected] or collected.item_ids)
    settle(application, 3.0)


def review(application: QApplication, window: MainWindow, station: Station) -> None:
    """Review: one part is reviewed, one is on hold, and an operator spoke of both."""
    first, second, *_ = (each.key for each in station.shift_review.parts(station.records.shifts()[0]))
    station.review.give_feedback(first, Disposition.GOOD_PART, "reflection", "Katharina von Hohenstein")
    station.review.give_feedback(second, Disposition.CONFIRMED, "", "Ben")
    station.shift_review.overrule(first, "only a reflection of the lamp on the flange", "C. Meyer")
    station.holds.hold([second], "complaint 4711 of the customer", "C. Meyer")
    window.open_page("review", second)
    settle(application, 2.0)


SHOWN = {
    "annotator": annotate,
    "cameras": show_camera,
    "datasets": collect,
    "limits": move_limit,
    "recipes": show_draft,
    "review": review,
    "shadow": try_draft,
    "training": show_runs,
}


def take_others(application: QApplication, window: MainWindow, station: Station, folder: Path) -> None:
    """Every other page: at rest, and while the line runs. Challenge parts come last: they release another revision."""
    for page in sorted(PAGES[1:], key=lambda page: page.name == "challenge"):
        window.show_page(page.name)
        settle(application)
        if page.name in SHOWN:
            SHOWN[page.name](application, window, station)
            settle(application)
        if page.name == "challenge":
            take_challenge(application, window, station, folder)
        if page.name == "study":
            take_study(application, window, station, folder)
        take_pictures(application, window, page.name, folder)
        if page.name == "recipes":
            take_comparison(application, window, folder)
            take_release(application, window, station, folder)
        if page.name == "shadow":
            promote(station)
            settle(application, 3.0)
            take_pictures(application, window, "shadow-promoted", folder)
        if page.name == "models":
            take_drawn(application, window, folder)
        if page.name == "training":
            take_training(application, window, folder)
        if page.name == "guide":
            take_guide(application, window, folder)
    window.show_page(PAGES[1].name)
    station.line.start()
    until(application, lambda: window.live_strip.words[0] in {verdict.word for verdict in Verdict})
    take_pictures(application, window, f"{PAGES[1].name}-line-runs", folder)


def take_guide(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The steps of the set-up page on which a camera is chosen, a region drawn and a picture taken."""
    guide = window.page_of("guide")
    guide.product_named.emit("another product")
    settle(application)
    for step in (GuideStep.CAMERA, GuideStep.REGION, GuideStep.PICTURES):
        guide.step_marked.emit((step, ""))
        settle(application, 2.0)
        take_pictures(application, window, f"guide-{step.name.lower()}", folder)


def take_sheet(application: QApplication, window: MainWindow, sheet: QWidget, name: str, folder: Path) -> None:
    """Save a picture of a sheet for each size and theme of the window."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            settle(application, 0.3)
            sheet.grab().save(str(folder / f"{name}-{theme}-{width}.png"))


def take_challenge(application: QApplication, window: MainWindow, station: Station, folder: Path) -> None:
    """The sheet of a new part, a check that asks for a part, and a failed check with its suspects."""
    take_pictures(application, window, "challenge-at-rest", folder)
    window.action_table[ChallengeAct.ADD].trigger()
    until(application, lambda: window.findChild(PartSheet) is not None)
    sheet = window.findChild(PartSheet)
    sheet.name.setText("Kratzer 1")
    sheet.place.setText("200,120,80,60")
    take_sheet(application, window, sheet, "challenge-sheet", folder)
    sheet.reject()
    recipe = station.recipes.find("flange").recipe
    parts = [replace(each, place=each.place and replace(each.place, x=0, y=0)) for each in recipe.challenge.parts]
    plan = replace(recipe.challenge, shift_start=True, parts=tuple(parts))
    station.recipes.add(replace(recipe, revision=90, challenge=plan))
    station.recipes.release("flange", 90, "C. Meyer", "places moved")
    station.line.load_recipe("flange")
    take = window.action_table[ChallengeAct.TAKE]
    until(application, window.action_table[ChallengeAct.START].isEnabled)
    window.action_table[ChallengeAct.START].trigger()
    for part in parts:
        until(application, take.isEnabled)
        if part is parts[-1]:
            settle(application, 0.5)
            take_pictures(application, window, "challenge-asks", folder)
        take.trigger()
        until(application, lambda: not take.isEnabled())
    until(application, lambda: station.challenge.progress is None)
    settle(application)


def take_study(application: QApplication, window: MainWindow, station: Station, folder: Path) -> None:
    """A study that is closed and its blind task; what is shown afterwards is its result."""
    for verdict, label in ((Verdict.PASS, Label.GOOD), (Verdict.FAIL, Label.DEFECT)):
        items = [item.item_id for item in station.datasets.items("flange") if item.verdict is verdict]
        station.datasets.label(items, label)
    study = station.studies.create(StudyPlan("flange", "", 1, 1, ("Katharina von Hohenstein", "Ben")), "sam")
    window.open_page("study", study.number)
    settle(application)
    take_pictures(application, window, "study-closed", folder)
    window.action_table[StudyAct.JUDGE].trigger()
    settle(application)
    take_pictures(application, window, "study-task", folder)
    window.action_table[StudyAct.LEAVE].trigger()
    for appraiser in study.appraisers:
        task = station.studies.task(study.number, appraiser.name)
        while task is not None:
            task = station.studies.answer(task, Answer.GOOD)
    window.open_page("study", study.number)
    settle(application)
    window.page_of("study").board.wrong.setCurrentRow(0)
    settle(application)


def take_keys(application: QApplication, window: MainWindow, folder: Path) -> None:
    """The page of keys."""
    for width, height in SIZES:
        window.resize(width, height)
        window.fit_sizes()
        for theme, colours in THEMES.items():
            apply_theme(Theme(colours, current_theme().sizes))
            keys = KeysPage(window, PAGES)
            keys.show()
            settle(application, 0.3)
            keys.grab().save(str(folder / f"keys-{theme}-{width}.png"))
            keys.accept()


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with Station.open_demo() as station:
        station.people.session.begin(EVERYBODY)
        window = MainWindow(station)
        window.show()
        station.line.start()
        until(application, lambda: station.line.counts().triggers >= PARTS and station.line.counts().failed)
        take_line(application, window, folder)
        take_others(application, window, station, folder)
        take_keys(application, window, folder)
        window.shut_down()
        window.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
