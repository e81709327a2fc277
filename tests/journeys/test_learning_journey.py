"""From an empty workspace to a promoted model and back, through the real window by keys; every step is recorded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from drawn_discs import DARK, draw_disc, faint, write
from everybody import EVERYBODY
from keyboard import CTRL, type_text
from person import NONE, SHIFT, Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from waiting import SOON_MS

from station.app import Station
from station.domain.dataset import Label
from station.domain.feedback import Disposition
from station.domain.geometry import RegionOfInterest
from station.domain.guide import WANTED_GOOD
from station.domain.inspection import Inspection
from station.domain.recipe import RecipeState
from station.domain.training import RunState
from station.domain.verdict import Verdict
from ui.pages.datasets.collection_sheet import CollectionSheet
from ui.pages.limits.draft_dialog import DraftDialog
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.shell.main_window import MainWindow
from ui.widgets.release_dialog import ReleaseDialog

pytestmark = pytest.mark.slow

Key = Qt.Key
TAUGHT_MS = 300_000
ENGINEER, LEAD = "Ada", "Grace"


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Good discs to learn from, and what the line sees: good ones, some with a dark spot, some with a faint one."""
    for number in range(60):
        write(tmp_path / f"good/{number:02}.png", draw_disc(number))
    for number in range(40):
        kind = {3: "dark", 6: "faint"}.get(number % 8, "good")
        colour = DARK if kind == "dark" else faint(2 + number // 16)
        spot = None if kind == "good" else (52 + number // 2, 40 + number // 2)
        write(tmp_path / f"line/{number:02} {kind}.png", draw_disc(300 + number, spot, colour))
    return tmp_path


@pytest.fixture
def person(tmp_path: Path, dressed: None, nothing_left_behind: None, qtbot: QtBot) -> Iterator[Person]:
    """In front of the window of an empty workspace."""
    root = tmp_path / "workspace"
    root.mkdir()
    with Station.open(root) as station:
        station.people.session.begin(EVERYBODY)
        window = MainWindow(station)
        window.show()
        window.fit_sizes()
        qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
        yield Person(window, station, qtbot)
        window.shut_down()
        window.deleteLater()


def test_that_a_station_learns_from_a_dispute_and_every_step_is_in_its_records(person: Person, parts: Path) -> None:
    sets_up_the_first_recipe(person, f"replay:{parts / 'good'}?rate=25&loop=1")
    page = person.goes_to("guide", Key.Key_F1)
    uses_camera(person, page, f"replay:{parts / 'line'}?rate=5&loop=1")
    runs_the_line(person, 40)
    disputed = disputes_an_escape(person)
    collects_and_annotates(person, disputed)
    version = freezes(person)
    teaches_from(person, version)
    sees_the_evaluation(person)
    saves_another_limit(person)
    lets_it_judge_beside_the_line(person)
    promotes_and_rolls_back(person)
    every_step_is_recorded(person.station, disputed, version)


def sets_up_the_first_recipe(person: Person, camera: str) -> None:
    """Camera, region, good parts, teaching, five parts on trial, release: on the page that leads through it."""
    page = person.goes_to("guide", Key.Key_F1)
    uses_camera(person, page, camera)
    page.products.lineEdit().setFocus()
    type_text(page.products.lineEdit(), "disc")
    person.press(Key.Key_Return, on=page.products.lineEdit())
    draws_the_region(person, page)
    person.waits(lambda: page.heading.text() == "Good parts" and bool(page.live._levels))
    while len(person.station.datasets.items("disc")) < WANTED_GOOD:
        person.press(Key.Key_T, CTRL)
        person.qtbot.wait(100)
    person.waits(lambda: page.sentence.text().startswith(f"{len(person.station.datasets.items('disc'))} pictures"))
    go_to_step(person, page, "Teach")
    person.may("teach product")
    person.press(Key.Key_H, CTRL)
    person.waits(lambda: page.sentence.text() == "disc@1 was taught.", TAUGHT_MS)
    go_to_step(person, page, "Try")
    person.may("try parts")
    person.press(Key.Key_Y, CTRL)
    person.waits(lambda: page.said.text().startswith("5 parts: "))
    go_to_step(person, page, "Release")
    person.may("release product")
    person.press(Key.Key_E, CTRL)
    person.signs(ReleaseDialog, ENGINEER, "first recipe")
    person.waits(lambda: page.said.text() == "disc@1 is released.")


def uses_camera(person: Person, page: QWidget, address: str) -> None:
    """Type the address of a camera that cannot be found by itself; it is used once it has shown a picture."""
    go_to_step(person, page, "Camera")
    entry = page.choice.entry
    entry.setFocus()
    entry.selectAll()
    type_text(entry, address)
    person.press(Key.Key_U, CTRL)
    person.waits(lambda: page.said.text() == f"The line looks through {address} from now on.")


def draws_the_region(person: Person, page: QWidget) -> None:
    """Leave a little out on the right."""
    person.waits(lambda: page.sentence.text().startswith("Draw a rectangle") and page.region.has_picture)
    page.region.setFocus()
    person.press(Key.Key_Left, SHIFT, on=page.region)
    person.may("next step of set-up")
    person.press(Key.Key_N, CTRL)


def go_to_step(person: Person, page: QWidget, heading: str) -> None:
    person.waits(page.heading.text)
    page.steps.setFocus()
    person.press(Key.Key_Home, on=page.steps)
    for _ in range(page.steps.count()):
        if page.heading.text() != heading:
            person.press(Key.Key_Down, on=page.steps)
    assert page.heading.text() == heading


def runs_the_line(person: Person, parts: int) -> None:
    """Choose the product, start, and stop when some parts were judged."""
    person.goes_to("line", Key.Key_F2, NONE)
    person.press(Key.Key_F8)
    chooser = person.sheet(RecipeChooser)
    person.press(Key.Key_Space, on=chooser.focusWidget())
    person.waits(lambda: person.window.header.product.text() == "disc")
    before = person.station.line.counts().triggers
    person.press(Key.Key_F5)
    person.waits(lambda: person.station.line.counts().triggers - before >= parts)
    person.stops_the_line()


def disputes_an_escape(person: Person) -> Inspection:
    """Go back through the strip to a part that passed with a faint spot, and say that its defect was missed."""
    window = person.window
    presenter = window.presenter_of("line")
    person.goes_to("line", Key.Key_F2, NONE)

    def shown() -> Inspection | None:
        return presenter.displayed_part.past and presenter.displayed_part.past.inspection

    while (part := shown()) is None or not is_an_escape(part):
        person.press(Key.Key_PageDown)
        person.waits(lambda before=part: shown() is not None and shown() != before)
    person.press(Key.Key_E, CTRL)
    person.waits(lambda: part.key.label in window.page_of("line").reasons.question)
    person.press(Key.Key_4, CTRL)
    person.waits(lambda: person.station.review.feedback_on(part.key))
    return part


def is_an_escape(part: Inspection) -> bool:
    """Whether a defect passed."""
    return part.verdict is Verdict.PASS and "faint" in part.views[0].origin


def collects_and_annotates(person: Person, disputed: Inspection) -> None:
    """Collect disputed parts from the records, and mark the defect where the anomaly map says that it is."""
    page = person.goes_to("datasets", Key.Key_F3)
    person.waits(lambda: page.gallery.items.rowCount() >= WANTED_GOOD)
    before = page.gallery.items.rowCount()
    person.may("set the collection policy")
    person.press(Key.Key_L, CTRL)
    sheet = person.sheet(CollectionSheet)
    for key in (sheet.disputed, sheet.stored):
        key.setFocus()
        person.press(Key.Key_Space, on=key)
    person.waits(lambda: page.gallery.items.rowCount() == before + 1)
    annotates(person, page, disputed)


def annotates(person: Person, page: QWidget, disputed: Inspection) -> None:
    """Mark what is proposed on the newest picture."""
    page.gallery.setFocus()
    while [item.part for item in page.gallery.marked_items()] != [disputed.key]:
        person.press(Key.Key_End, on=page.gallery)
        person.qtbot.wait(50)
    person.press(Key.Key_M, CTRL)
    annotator = person.window.page_of("annotator")
    person.may("accept the proposal")
    person.press(Key.Key_A, CTRL)
    person.waits(lambda: annotator.saved.text() == "saved")
    person.press(Key.Key_Escape, on=annotator.canvas)
    person.waits(page.isVisible)


def freezes(person: Person) -> str:
    page = person.window.page_of("datasets")
    person.waits(lambda: page.shown.counts.defect == 1)
    person.press(Key.Key_F, CTRL)
    person.agrees()
    person.waits(lambda: "is frozen: " in page.said.text())
    return person.station.datasets.versions("disc")[0].version


def teaches_from(person: Person, version: str) -> None:
    """Teach from the frozen version and its marked defect."""
    person.press(Key.Key_T, CTRL)
    page = person.window.page_of("training")
    person.waits(lambda: (chosen := page.version.currentData()) is not None and chosen.version == version)
    person.may("learn from defects")
    person.press(Key.Key_D, CTRL)
    person.may("teach from a version")
    person.press(Key.Key_T, CTRL)
    person.waits(lambda: len(person.station.training.runs()) == 2)
    person.waits(lambda: person.station.training.run(2).state.ended, TAUGHT_MS)
    assert person.station.training.run(2).sentence == ""


def sees_the_evaluation(person: Person) -> None:
    """The figures of the run, on the page where models are compared."""
    page = person.window.page_of("training")
    person.waits(lambda: page.runs.model().index(0, 4).data() == "disc@2")
    page.runs.setFocus()
    for key in (Key.Key_Home, Key.Key_Space):
        person.press(key, on=page.runs)
    person.may("open marked runs")
    person.press(Key.Key_E, CTRL)
    models = person.window.page_of("models")
    person.waits(lambda: models._shown is not None and models._shown.headings == ("", "disc@2"))
    assert any("escapes" in row[0].lower() for row in models._shown.figures)


def saves_another_limit(person: Person) -> None:
    """See what another limit turns, and keep it as a draft."""
    page = person.goes_to("limits", Key.Key_F6)
    choose(person, page.recipes, "disc@2, draft")
    person.waits(lambda: "wait to be scored" in page.rests_on.text())
    person.may("score labelled pictures")
    person.press(Key.Key_L, CTRL)
    person.waits(lambda: page.entries.fail.text() and "wait to be scored" not in page.rests_on.text(), TAUGHT_MS)
    page.histogram.setFocus()
    person.press(Key.Key_Left, on=page.histogram)
    person.may("save limits as draft")
    person.press(Key.Key_S, CTRL)
    person.signs(DraftDialog, ENGINEER, "a faint spot passed")
    person.waits(lambda: "disc@3 is a draft" in page.said.text())


def choose(person: Person, chooser: QWidget, words: str) -> None:
    """Choose an entry by keys."""
    person.waits(lambda: chooser.findText(words) >= 0)
    chooser.setFocus()
    for _ in range(chooser.count()):
        person.press(Key.Key_Up, on=chooser)
    while chooser.currentText() != words:
        person.press(Key.Key_Down, on=chooser)


def lets_it_judge_beside_the_line(person: Person) -> None:
    """The draft judges 100 parts of the running line."""
    page = person.goes_to("shadow", Key.Key_F8)
    person.waits(lambda: page.state.text() == "disc@3 does not judge now.")
    person.press(Key.Key_B, CTRL)
    person.waits(lambda: page.state.text().startswith("disc@3 judges beside the line."))
    person.press(Key.Key_F5)
    person.waits(lambda: int(page.numbers[0][0].text() or 0) >= 100, TAUGHT_MS)
    person.stops_the_line()


def promotes_and_rolls_back(person: Person) -> None:
    """Look at the gate, promote with name and reason, and return to the model before in one step."""
    page, station = person.window.page_of("shadow"), person.station
    person.press(Key.Key_K, CTRL)
    person.waits(lambda: page.verdict_of_gate.text() != "Not checked yet.", TAUGHT_MS)
    why = [words.text() for words in page.findChildren(QLabel)]
    assert page.verdict_of_gate.text() == "disc@3 may be promoted.", why
    person.press(Key.Key_R, CTRL)
    person.signs(ReleaseDialog, LEAD, "finds faint spots")
    person.waits(lambda: page.state.text() == "disc@2 does not judge now.")
    assert station.recipes.find("disc").recipe.revision == 3
    person.may("roll back")
    person.press(Key.Key_L, CTRL)
    person.signs(ReleaseDialog, LEAD, "waits for the customer")
    person.waits(lambda: station.recipes.find("disc").recipe.revision == 4)


def every_step_is_recorded(station: Station, disputed: Inspection, version: str) -> None:
    """What was done, by whom and why, is in the records of the station."""
    said = station.review.feedback_on(disputed.key)[-1]
    assert (said.claim, said.reason) == (Disposition.MISSED_DEFECT, "stain")
    assert station.records.part(disputed.key).inspection.verdict is Verdict.PASS
    (item,) = [each for each in station.datasets.items("disc") if each.part == disputed.key]
    assert (item.label, bool(item.mask_sha256), item.disagrees) == (Label.DEFECT, True, True)
    assert [each.label for each in station.datasets.history(item.item_id)][-1] is Label.DEFECT
    frozen = station.datasets.versions("disc")[0]
    assert (frozen.version, frozen.defects) == (version, 1)
    runs = {run.number: run for run in station.training.runs()}
    assert [(run.state, run.revision) for _, run in sorted(runs.items())] == [(RunState.DONE, 1), (RunState.DONE, 2)]
    assert (runs[2].order.dataset_version, runs[2].order.with_defects) == (version, True)
    entries = {each.recipe.revision: each for each in station.recipes.entries()}
    assert {number: entry.state for number, entry in entries.items()} == {
        1: RecipeState.RETIRED,
        2: RecipeState.DRAFT,
        3: RecipeState.RETIRED,
        4: RecipeState.RELEASED,
    }
    height, width = station.datasets.picture(item.item_id).shape[:2]
    assert {entry.recipe.views[0].roi for entry in entries.values()} == {RegionOfInterest(0, 0, width - 8, height)}
    assert (entries[3].recipe.author, entries[3].recipe.reason) == (ENGINEER, "a faint spot passed")
    assert entries[4].recipe.views == entries[1].recipe.views
    assert (entries[4].change.person, entries[4].change.reason) == (LEAD, "as disc@1: waits for the customer")
    judged = rows_of(station, "SELECT count(*) FROM candidate_part WHERE revision = 3 AND outcome = 'judged'")
    assert judged[0] >= (100,)
    assert rows_of(station, "SELECT revision, step_kind FROM shadow_step") == [(3, "started"), (3, "stopped")]
    promotions = rows_of(station, "SELECT revision, champion_revision, person, reason FROM promotion")
    assert promotions == [(3, 1, LEAD, "finds faint spots")]


def rows_of(station: Station, question: str) -> list[tuple[object, ...]]:
    """Read the database of the station as it lies on the disk."""
    with closing(sqlite3.connect(station.workspace.root / "station.db")) as database:
        return database.execute(question).fetchall()
