"""Every word fits its place, in both themes, on a small screen and a large one."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from compared import comparison
from discovered import DEVICE, PRODUCER
from evaluated import evaluation
from plant import BADGE, PIN
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from scores import bench_of, of_line, of_set
from studied import answers_of, study_of

from station.commands.cameras import CameraCommands
from station.domain.alarm import Alarm
from station.domain.audit import AuditAction
from station.domain.camera import (
    Access,
    CameraFeature,
    DiscoveryResult,
    FeatureKind,
    Visibility,
)
from station.domain.challenge import ChallengeResult, Check, CheckProgress, Due, Outcome, Why
from station.domain.challenge_plan import ChallengePart, ChallengePlan, ExpectedPlace
from station.domain.challenge_plan import Known as KnownAs
from station.domain.corrections import CorrectedView, Corrections
from station.domain.dataset import DefectKind
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.geometry import RegionOfInterest
from station.domain.guide import GuideFacts, ViewFacts, steps_of
from station.domain.hold import Hold
from station.domain.inspected_place import InspectedPlace
from station.domain.inspection import Counts, PartKey
from station.domain.limit_bench.curves import labelled_curves
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD
from station.domain.lot_order import LotOrder
from station.domain.messages import LineState
from station.domain.part_code import ReadCode
from station.domain.permissions import Role
from station.domain.person import KnownBy, Person
from station.domain.preview import Exposure, PreviewState, PreviewStatus
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.secret import Secret
from station.domain.shift_review import PartHistory
from station.domain.signature import Meaning, Signature, Signing
from station.domain.study.study import StudyTask
from station.domain.suspects import SuspectSummary
from station.domain.synthetic import DrawnLook, DrawnSize, SyntheticKind
from station.domain.training import MethodOffer
from station.domain.verdict import Limits, Verdict
from station.reporting.study_statistics import figures_of
from ui.background.rendered_part import render_part
from ui.pages.challenge.shown_challenge import Known as KnownChallenge
from ui.pages.challenge.shown_challenge import resolve as resolve_challenge
from ui.pages.limits.flip_pictures import tile_words
from ui.pages.limits.shown_limits import resolve, scored_in_words
from ui.pages.line.alarm_banner import Entry, Kind
from ui.pages.models.drawn_sheet import DrawnSheet
from ui.pages.models.models_view import Offer, Subject, models_view
from ui.pages.people.sheets import AccountSheet
from ui.pages.people.shown_people import shown_name
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.review.hold_sheet import HoldSheet, Scope
from ui.pages.review.reason_sheet import ReasonSheet
from ui.pages.review.shift_parts import Filter, ShiftParts
from ui.pages.review.shown_review import Known as KnownReview
from ui.pages.review.shown_review import question
from ui.pages.review.shown_review import resolve as resolve_review
from ui.pages.study.study_view import NO_STUDY, Known
from ui.pages.study.study_view import resolve as resolve_study
from ui.pages.training.comparison_sheet import ComparisonSheet
from ui.pages.training.methods_sheet import MethodsSheet
from ui.pages.training.training_view import ProgressView
from ui.shell.log_in_sheets import FirstAccountSheet, LogInSheet, PersonSheet
from ui.shell.lot import LotSheet
from ui.theme.theme import THEMES, Theme, apply_theme, current_theme
from ui.widgets.reasons import DEFECTS
from ui.widgets.release_dialog import ReleaseDialog
from ui.widgets.text.fitted_notice import FittedNotice
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence
from ui.widgets.text.fitted_word import FittedWord

SEEN = DiscoveryResult(
    (PRODUCER,),
    (replace(DEVICE, test_camera=True),),
    (f"{PRODUCER.path} works but finds no camera; check power and cable.",),
)
WARM = tuple(
    CameraFeature(name, name, FeatureKind.FLOAT, "DeviceControl", Visibility.BEGINNER, Access.READ_ONLY, value, unit)
    for name, value, unit in (
        ("DeviceTemperature", 41.5, "C"),
        ("DeviceLinkSpeed", 125_000_000, "Bps"),
        ("DeviceLinkThroughputLimit", 112_500_000, "Bps"),
    )
)
EXPOSURE = Exposure(np.ones((3, 256), np.int64), under_share=0.123, over_share=0.998, sharpness=1.0)
FITTING = (FittedWord, FittedSentence, ElidedLine, FittedNotice)

ALARM = Alarm(
    "5 parts failed in a row.",
    "Always side: upper left.",
    "Every part may be rejected until this is solved.",
    "Check the fixture, the lens and the light there.",
)
LONG_CODE = ReadCode("01040123456789012117261231" * 3, "SN", "Data Matrix", 0.71, 4, "it does not begin with SN-2611-")
LONG_NAME = "oat-cookie-with-a-very-long-name-of-the-customer-and-of-the-line-and-the-oven-and-pan-left"
LONG_ALARM = Alarm(
    f"Revision 12 of {LONG_NAME} was released by Katharina von Hohenstein-Waldenburg.",
    "Reason: the new lamp is brighter, and the old limit rejects every second good part since Tuesday.",
    "The line judges by another revision than the released one.",
    "The camera settings differ. The line still runs revision 11. Stop and start it to use revision 12.",
)


@pytest.fixture(params=[(960, 500), (1024, 640), (1280, 800), (1920, 1080), (1080, 1920)])
def sized(window, request):
    window.resize(*request.param)
    window.fit_sizes()
    assert (window.width(), window.height()) == request.param, "the window asks for more room than there is"
    return window


def settled(window, qtbot) -> None:
    """Everything fits once the layout has found its places."""

    def check() -> None:
        assert clipped(window) == []

    qtbot.waitUntil(check, timeout=5_000)


def clipped(root: QWidget) -> list[str]:
    shown = [each for each in root.findChildren(QWidget) if each.isVisible()]
    words = [each for each in shown if isinstance(each, (QLabel, QPushButton)) and not isinstance(each, FITTING)]
    outside = [each for each in shown if not _inside(each)]
    cut = [each for each in shown if isinstance(each, FittedNotice) and not each.whole]
    return (
        [f"cut: {each.text()}" for each in cut]
        + [f"{each.metaObject().className()} '{each.text()}'" for each in words if not _fits(each)]
        + [f"{each.metaObject().className()} {each.objectName()} {each.geometry()}" for each in outside]
    )


def _fits(words: QLabel | QPushButton) -> bool:
    room = words.contentsRect()
    if isinstance(words, QLabel) and words.wordWrap():
        return words.heightForWidth(words.width()) <= words.height() + 1
    needed = words.fontMetrics().boundingRect(QRect(), int(Qt.AlignmentFlag.AlignLeft), words.text())
    return needed.width() <= room.width() + 1 and needed.height() <= room.height() + 1


def _inside(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    scrolls = parent is not None and parent.objectName().startswith("qt_")
    return scrolls or parent is None or widget.isWindow() or parent.rect().contains(widget.geometry())


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_operators_page(sized, theme: str, make_inspection, qtbot) -> None:
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page, displayed_part = sized.page_of("line"), sized.presenter_of("line").displayed_part
    page.counters.show_counts(Counts(123_456, 1_234, 12_345, 987, 12))
    page.banner.tell(
        Entry(Kind.ALARM, "3 parts failed in a row.", "Always upper left: check the fixture and the light.")
    )
    for state in LineState:
        displayed_part.enter_state(
            state, "The camera does not answer. Check its cable and its power; it reconnects by itself."
        )
        page.line_keys.show_state(state)
        for part, verdict in enumerate(Verdict, start=1):
            displayed_part.show_verdict(make_inspection(part, verdict, reason="a long reason " * 6, code=LONG_CODE))
            settled(sized, qtbot)


def test_that_the_plate_shows_a_long_alarm_whole_and_becomes_as_narrow_as_before(sized, qtbot) -> None:
    page = sized.page_of("line")
    page.banner.tell(Entry.of_alarm(ALARM))
    settled(sized, qtbot)
    narrow = page.banner.width()
    page.banner.tell(Entry.of_alarm(LONG_ALARM))
    settled(sized, qtbot)
    assert page.banner.width() < page.pictures.width(), "the picture stays the larger thing"
    for _ in range(2):
        page.banner.acknowledge()
    page.banner.tell(Entry.of_alarm(ALARM))
    settled(sized, qtbot)
    assert page.banner.width() == narrow


@pytest.mark.parametrize("views", [2, 4, 9])
def test_that_nothing_is_cut_off_with_several_cameras(
    sized, views: int, make_inspection, make_live, make_past, qtbot
) -> None:
    displayed_part, pictures = sized.presenter_of("line").displayed_part, sized.page_of("line").pictures
    names = [f"camera {i}" for i in range(views)]
    live = make_live(make_inspection(1, *[Verdict.NOT_INSPECTED] * views, views=names), missing=names[:1])
    displayed_part.enter_state(LineState.INSPECTING, "")
    displayed_part.show_rendered(render_part(live))
    settled(sized, qtbot)
    sized.page_of("line").banner.tell(Entry.of_alarm(ALARM))
    displayed_part.show_past(render_part(make_past(live)))
    settled(sized, qtbot)
    pictures.step()
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_in_a_review_or_a_dispute(sized, station, make_inspection, qtbot) -> None:
    page, feedback = sized.page_of("line"), sized.presenter_of("line").feedback
    sized.presenter_of("line").displayed_part.enter_state(LineState.INSPECTING, "")
    for part in (1, 2):
        station.review._reviews.open_review(make_inspection(part, Verdict.REVIEW))
    feedback.refresh_tasks()
    assert page.review.isVisible()
    assert "Part 0001" in page.review.title
    settled(sized, qtbot)
    page.reasons.ask(make_inspection(1).key, "missed defect", DEFECTS)
    page.show_task(page.reasons)
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_beside_a_past_part_while_another_waits_for_a_review(
    sized, station, make_inspection, make_live, make_past, qtbot
) -> None:
    page, displayed_part, feedback = (
        sized.page_of("line"),
        sized.presenter_of("line").displayed_part,
        sized.presenter_of("line").feedback,
    )
    page.counters.show_counts(Counts(123_456, 1_234, 12_345, 987, 12))
    station.review._reviews.open_review(make_inspection(2, Verdict.REVIEW))
    displayed_part.show_past(render_part(make_past(make_live(make_inspection(1, Verdict.FAIL)))))
    feedback.refresh_tasks()
    assert page.pictures.caption.review_waits.isVisible()
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_shift_page(sized, qtbot) -> None:
    sized.show_page("shift_report")
    qtbot.waitUntil(lambda: "No part" in sized.page_of("shift_report").said.text(), timeout=10_000)
    settled(sized, qtbot)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_cameras_page(sized, station, theme: str, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(CameraCommands, "discover", lambda _self: SEEN)
    sized.show_page("cameras")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("cameras")
    for state in PreviewState:
        page.state.setText(state.value)
        page.name.setText("acA2440-20gm 22334455, Basler")
        page.say("genicam:22334455 is gone. Check the camera's cable and power. The station reconnects by itself.")
        page.figures.show_status(
            PreviewStatus(state, "genicam:1", "", "", 1234.5, None, 12_345_678, 12_345, 678, 90, WARM)
        )
        page.features.show_features(WARM)
        page.features.choose("DeviceTemperature")
        page.sharpness.show_sharpness(12_345.6)
        page.histogram.show_exposure(EXPOSURE)
        page.show_live(state is PreviewState.LIVE)
        settled(sized, qtbot)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_limits_page(sized, theme: str, qtbot) -> None:
    sized.show_page("limits")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("limits")
    qtbot.waitUntil(lambda: page.histogram.empty_text != "", timeout=10_000)
    settled(sized, qtbot)
    rng = np.random.default_rng(0)
    many = of_line(rng.beta(2, 8, 5000).tolist())
    bench = bench_of(of_set([0.1, 0.2, 0.55] * 999, [GOOD, DEFECT, DEFECT] * 999), many)
    page.rests_on.setText(scored_in_words(bench))
    page.histogram.show_bench(bench)
    page.curve.show_curves(labelled_curves(bench, 0))
    shown = resolve(bench, Limits(0.1234, 0.0987, 0.5, 123_456))
    page.show_shown(shown)
    page.tiles.show_flips([tile_words(flip) for flip in shown.flips.first])
    page.say("Die Grenze beruht auf Gutteilpr\u00fcfungen der Wareneingangskontrolle. " * 3)
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_audit_page(sized, station, qtbot) -> None:
    station._core.audit.record(AuditAction.LIMITS_CHANGED, f"{LONG_NAME}@12", "0,5", "0,6", "Glanzstelle links oben")
    sized.show_page("audit")
    page = sized.page_of("audit")
    qtbot.waitUntil(lambda: page.entries.rowCount() == station.audit.count(), timeout=10_000)
    broken = "Broken: Entry 123456 was changed: it does not have its hash. Verified up to entry 123455 on 2026-11-28."
    page.show_state(broken, "1 234 567 entries")
    page.say("Saved /var/lib/lineside/Produktionslinie 4/reports/audit 2026-11-28 175500.csv.")
    settled(sized, qtbot)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_training_page(sized, theme: str, qtbot) -> None:
    sized.show_page("training")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("training")
    qtbot.waitUntil(lambda: page.why.text() != "", timeout=10_000)
    sized.presenter_of("training").leave()
    page.say("Das Trainingsverfahren kann nicht verwendet werden: zu wenige Gutteilaufnahmen in der Datensatzversion.")
    stages = tuple((f"Gutteilaufnahmenvergleich {n}", "1 234 of 5 678, 1 234 s") for n in range(6))
    page.progress.show_run(
        ProgressView(f"Run 1234: {LONG_NAME}", "Ausgelassene Gutteile geprüft: 62 %. " * 3, 0.6, stages, ((0, 0),))
    )
    page.show_log(("2026-11-28 13:52:02 " + "Zwischenspeicherbereinigung " * 12,) * 40)
    page.show_method("umgekehrte-destillation-mit-wide-resnet")
    settled(sized, qtbot)
    view = ProgressView("Run 5", "Training 62 %.", 0.6, stages, (), ((0.0, 12345.678), (1e5, -0.000123)))
    page.progress.show_run(view)
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_sheets_of_methods(sized, qtbot) -> None:
    sized.show_page("training")
    page = sized.page_of("training")
    qtbot.waitUntil(lambda: page.why.text() != "", timeout=10_000)
    long = MethodOffer("umgekehrte-destillation", "Vergleicht Gutteilaufnahmen " * 4, "es fehlt das Netz", "Minuten")
    for sheet in (
        MethodsSheet(page, [long, *(replace(long, name=f"verfahren-{n}", refusal="") for n in range(20))], long.name),
        ComparisonSheet(page, "Methods compared by run 1234", comparison("umgekehrte-destillation", "verfahren-mit")),
    ):
        sheet.show()
        settled(sheet, qtbot)
        assert sheet.width() <= sized.width()
        sheet.reject()


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_models_page(sized, theme: str, qtbot) -> None:
    sized.show_page("models")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("models")
    qtbot.waitUntil(lambda: page._shown is not None, timeout=10_000)
    subjects = [Subject(LONG_NAME, 12), Subject(LONG_NAME, 13), Subject(LONG_NAME, 14)]
    known = [evaluation(12, recipe=LONG_NAME), evaluation(13, 5, recipe=LONG_NAME), None]
    page.offer([Offer(each, f"{each.label}  champion, released") for each in subjects], subjects)
    page.show_view(models_view(subjects, known))
    page.say("Gespeichert als evaluation-geschwindigkeitsbegrenzerplatine-12-13.pdf im Ordner der Berichte.")
    corrected = Corrections(f"{LONG_NAME}@12", 11, 12, 13, 14, traced=False)
    page.show_corrections(CorrectedView(LONG_NAME, "Seitenansicht", corrected).sentence)
    settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_sheet_of_drawn_defects(sized, qtbot) -> None:
    sized.show_page("models")
    sheet = DrawnSheet(sized.page_of("models"), f"{LONG_NAME}@1234, Seitenansicht")
    sheet.show()
    settled(sheet, qtbot)
    sheet.say("Keine von 20 Gutteilaufnahmen besteht die Pr\u00fcfung der Wareneingangskontrolle. " * 3)
    settled(sheet, qtbot)
    sizes = tuple(DrawnSize(kind, size, 1234, 1000, 999, 3) for kind in SyntheticKind for size in (4, 8, 16, 32, 640))
    sheet.show_look(DrawnLook(20, 3, True, 18, sizes))
    settled(sheet, qtbot)
    assert sheet.width() <= sized.width()
    sheet.reject()


def test_that_the_words_of_the_moment_do_not_decide_how_small_the_window_may_be(window, make_inspection, qtbot) -> None:
    limits = set()
    for part, verdict in enumerate(Verdict, start=1):
        window.presenter_of("line").displayed_part.enter_state(LineState.DISK_BEHIND, "a long reason " * 20)
        window.presenter_of("line").displayed_part.enter_state(LineState.INSPECTING, "")
        window.presenter_of("line").displayed_part.show_verdict(make_inspection(part, verdict))
        settled(window, qtbot)
        limits.add((window.minimumWidth(), window.minimumHeight()))
    assert limits == {(800, 480)}


def test_that_everything_that_takes_the_focus_has_a_name(window, qtbot) -> None:
    window.show_page("shift_report")
    window.show_page("line")
    focusable = [each for each in window.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    focusable = [each for each in focusable if each.window() is window]
    nameless = [
        each.metaObject().className()
        for each in focusable
        if not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert nameless == []
    assert len(focusable) > 15


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_recipes_page(sized, station, theme: str, qtbot) -> None:
    """A recipe with a long name, and a change of every kind that is not saved yet."""
    plate = station.recipes.find("plate").recipe
    station.recipes.add(replace(plate, name=LONG_NAME[:80].strip("-"), reason="the new lamp is brighter " * 4))
    sized.show_page("recipes")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    sized.fit_sizes()
    page, presenter = sized.page_of("recipes"), sized.presenter_of("recipes")
    presenter.show_subject((LONG_NAME[:80].strip("-"), 1))
    qtbot.waitUntil(lambda: page.title.text().startswith("oat-cookie"), timeout=10_000)
    settled(sized, qtbot)
    page.canvas.region_drawn.emit(RegionOfInterest(8, 8, 64, 64))
    page.values.mark("equal pictures that mean a frozen camera")
    page.editor.entry.setText("7")
    page.editor.set_value()
    settled(sized, qtbot)
    page.editor.entry.setText("many")
    page.editor.set_value()
    settled(sized, qtbot)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_annotators_page(sized, theme: str, qtbot) -> None:
    sized.show_page("annotator")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("annotator")
    settled(sized, qtbot)
    kinds = ("Kratzer", "Oberfl\u00e4chenverunreinigung am \u00e4u\u00dferen Rand", "Bruch", "Delle")
    page.palette_of_kinds.show_kinds([DefectKind(number, name) for number, name in enumerate(kinds, start=1)], 2)
    page.show_state(LONG_NAME, "123 of 456, defect: Oberfl\u00e4chenverunreinigung, by Katharina von Hohenstein")
    page.saved.setText("NOT SAVED")
    page.proposal.setText("Gibt es an dieser Stelle eine Oberfl\u00e4chenverunreinigung? Ablehnen zeigt eine andere.")
    page.say("The disk is full. " * 4)
    settled(sized, qtbot)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_set_up_page(sized, theme: str, qtbot) -> None:
    """Each step of two cameras with long names, under a long sentence."""
    sized.show_page("guide")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    page = sized.page_of("guide")
    sized.presenter_of("guide")._asking.stop()
    sized.presenter_of("guide")._watching.stop()
    settled(sized, qtbot)
    place = InspectedPlace(RegionOfInterest(1200, 1200, 2048, 2048))
    views = (ViewFacts(LONG_NAME, f"genicam:{LONG_NAME}", place, 8), ViewFacts("Oberfl\u00e4chenkamera"))
    steps = steps_of(GuideFacts(LONG_NAME, views))
    for step in steps[:4] + steps[-3:]:
        page.show_steps(steps, step.key)
        page.say("There is no camera of this address in the network. Check its cable and its power. " * 2)
        settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_challenge_page(sized, qtbot) -> None:
    sized.show_page("challenge")
    page = sized.page_of("challenge")
    settled(sized, qtbot)
    bad = ChallengePart(LONG_NAME[:60].strip(), KnownAs.BAD, ExpectedPlace("", 1200, 1200, 2048, 2048))
    plan = ChallengePlan(True, True, True, 4.5, True, parts=(bad, ChallengePart("Gutteil", KnownAs.GOOD)))
    view = View(ModelReference("m", "0" * 64))
    recipe = Recipe(LONG_NAME, 12, LONG_NAME, (view,), challenge=plan)
    missed = ChallengeResult(
        bad, PartKey(4, 2), Verdict.PASS, False, None, "NOT INSPECTED, and it must be FAIL or REVIEW"
    )
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    check = Check(4, LONG_NAME, 12, at, LONG_NAME, Outcome.FAILED, at, (missed,), 2)
    left = SuspectSummary(LONG_NAME, 123_456, 123_000, PartKey(3, 1), PartKey(3, 7), at)
    asks = CheckProgress(recipe.label, plan, (missed,), bad, "picture does not fit the recipe", waits=False)
    due = Due(LONG_NAME, tuple(Why)[:3], blocks=True)
    challenge = KnownChallenge(recipe, recipe, due, check, left)
    for each in (challenge, replace(challenge, progress=asks, state=LineState.WAITING)):
        page.show_view(resolve_challenge(each, "UTC"))
        settled(sized, qtbot)


def test_that_nothing_is_cut_off_on_the_study_page(sized, qtbot) -> None:
    sized.show_page("study")
    page = sized.page_of("study")
    qtbot.waitUntil(lambda: page.board.state.text() == NO_STUDY)
    settled(sized, qtbot)
    study = study_of("gd" * 3, (f"Katharina {LONG_NAME}", "Jürgen"), 2, (f"{LONG_NAME}@12",))
    said = {1: ["gdgdgd", "gdgdgd"], 2: ["dgdgdg", "gdgdgd"], 3: ["gdgdgd", "gd-dgd"]}
    figures = figures_of(study, answers_of(said))
    for known in (
        Known((study,), study, tuple((each, 1) for each in study.appraisers), closed="Study 1 is not over. " * 4),
        Known((study,), study, tuple((each, 12) for each in study.appraisers), figures),
    ):
        page.board.offer(known.studies, known.chosen)
        page.board.show_view(resolve_study(known), "")
        settled(sized, qtbot)
    page.show_task()
    task = StudyTask(1, study.appraisers[0], 1, 1, 119, 120, 101)
    page.task.show_task(task, (QImage(640, 480, QImage.Format.Format_Grayscale8),))
    page.task.say("A picture of a dataset was changed after it came in. Put a copy of the file back.")
    settled(sized, qtbot)
    page.show_board()


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_on_the_review_page_and_its_sheets(sized, theme: str, make_inspection, qtbot) -> None:
    sized.show_page("review")
    page = sized.page_of("review")
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    settled(sized, qtbot)
    part = make_inspection(12, Verdict.REVIEW)
    claims = (Disposition.REVIEW_TIMED_OUT, False), (Disposition.GOOD_PART, True), (Disposition.CONFIRMED, True)
    said = tuple(
        OperatorFeedback(part.key, claim, "Beleuchtungsreflexion", LONG_NAME, part.triggered_at, review)
        for claim, review in claims
    )
    history = PartHistory(part.key, part.triggered_at, Verdict.REVIEW, said, "LG-20815-0012")
    hold = Hold(part.key, "Kundenreklamation 4711, Untersuchung der Oberfläche", LONG_NAME, part.triggered_at)
    shown = KnownReview(ShiftParts([history]), {part.key: hold}, Filter.ALL, None, part.key, part)
    for known in (KnownReview(), shown):
        page.show_view(resolve_review(known))
        page.say("The records cannot be read: the disk is full. Call the engineer: make room on the disk.")
        settled(sized, qtbot)
        assert clipped(page) == []
    sheets = (
        ReasonSheet(page, "Overrule", question(history), "Overrule", DEFECTS),
        HoldSheet(page, 12, [Scope(f"Lot {LONG_NAME}, 1 240 parts", ())], release=False),
        HoldSheet(page, 12, release=True),
    )
    for sheet in sheets:
        sheet.open()
        settled(sized, qtbot)
        assert clipped(sheet) == []
        sheet.reject()


def test_that_nothing_is_cut_off_of_a_long_lot_and_its_sheet(sized, qtbot) -> None:
    made = LotOrder("Wareneingangskontrolle-2611-0342", "Fertigungsauftragsnummer-0815-4711")
    sized.header.show_lot(made)
    settled(sized, qtbot)
    sheet = LotSheet(sized, made)
    sheet.show()
    sheet.refuse("Die Datenbank kann nicht geschrieben werden. Machen Sie Platz auf dem Datentr\u00e4ger.")
    settled(sheet, qtbot)
    sheet.reject()


def test_that_nothing_is_cut_off_on_the_people_page_and_its_sheets(sized, station, qtbot) -> None:
    name = "Katharina von Hohenstein-Waldenburg-Wareneingangskontrolle"
    station.people.add(name, set(Role), Secret(PIN), Secret(BADGE))
    station.people.log_in(name, Secret(PIN))
    sized.log_in.follow()
    sized.show_page("people")
    page = sized.page_of("people")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1, timeout=10_000)
    page.mark(0)
    page.say("Nach dieser \u00c4nderung k\u00f6nnte niemand mehr die Personen dieser Station bearbeiten. " * 2)
    settled(sized, qtbot)
    account = station.people.accounts()[0]
    for sheet in (
        LogInSheet(sized, [account] * 12),
        FirstAccountSheet(sized),
        PersonSheet(sized, station.people.session.person, "engineer, supervisor, administrator"),
        AccountSheet(page, "Add a person", "Add", (), "name pin"),
        AccountSheet(page, f"Badge for {shown_name(account)}", "Give it", asks="badge"),
    ):
        sheet.show()
        settled(sheet, qtbot)
        assert sheet.width() <= sized.width()
        assert sheet.height() <= sized.height()
        sheet.reject()


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_that_nothing_is_cut_off_in_the_sheets_that_are_signed(sized, station, theme: str, qtbot) -> None:
    """Two people sign, the second one now, and the settings ask for a validation that is not there."""
    apply_theme(Theme(THEMES[theme], current_theme().sizes))
    sized.fit_sizes()
    recipe = replace(station.recipes.find("plate").recipe, name="Bremssattel links")
    name = "Katharina von Hohenstein-Waldenburg-Wareneingangskontrolle"
    at = datetime(2026, 11, 28, 6, tzinfo=UTC)
    signed = Signature(recipe.name, 1, recipe.sha256, Meaning.RELEASED, name, "engineer, supervisor", "PIN", "go", at)
    why_not = f"{recipe.label} wurde auf einem Ordner validiert, der sich \u00e4ndern kann, nicht auf einem Datensatz."
    signing = Signing(True, 2, (signed,), (signed,), why_not)
    person = Person(name, frozenset(Role), KnownBy.PIN)
    lines = [f"Grenze f\u00fcr FAIL in der Ansicht von oben {number} \u2192 {number + 1}" for number in range(30)]
    sized.show_page("recipes")
    page = sized.page_of("recipes")
    sheets = (
        ChangeSheet(page, f"Release {recipe.label}", lines, "The line uses it.", "Release", asks_when=True),
        ReleaseDialog(page, recipe, lines),
    )
    for sheet in sheets:
        sheet.sign_with(person, signing)
        sheet.show()
        settled(sheet, qtbot)
        assert (sheet.width() <= sized.width(), sheet.height() <= sized.height()) == (True, True), sheet.size()
        sheet.reject()
