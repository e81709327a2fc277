"""From the first start over a failed check to a signed report, by keys and badges: who did what can be proved."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from asn1crypto.x509 import Certificate
from contrast_model import release_plate
from keyboard import CTRL, scan, type_text
from numpy.typing import NDArray
from pdfa_rules import broken_rules
from person import NONE, SHIFT, Person
from plant_certificates import PASSPHRASE, Issuer
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from waiting import SOON_MS

from station.app import Station
from station.domain.alarm import AlarmKind
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.recipe import RecipeState
from station.inference.model_package import ModelPackage
from station.reporting.signature.checking import check_signatures
from station.settings import CameraSettings, ReleaseSettings, ReportSettings, Settings
from ui.pages.challenge.actions import ChallengeAct
from ui.pages.challenge.signed_sheet import SignedSheet
from ui.pages.line.actions import LineAct
from ui.pages.line.recipe_chooser import RecipeChooser
from ui.pages.people.actions import PeopleAct
from ui.pages.people.sheets import AccountSheet
from ui.pages.recipes.actions import RecipesAct
from ui.pages.recipes.change_sheet import ChangeSheet
from ui.pages.review.actions import ReviewAct
from ui.pages.review.reason_sheet import ReasonSheet
from ui.pages.shift_report.actions import ShiftReportAct
from ui.shell.log_in_sheets import FirstAccountSheet, LogInSheet
from ui.shell.main_window import MainWindow

pytestmark = pytest.mark.slow

Key = Qt.Key
SUPERVISOR, ENGINEER = "Ada Berg", "Ben Okoro"
PINS = {SUPERVISOR: "73915264", ENGINEER: "58024617"}
BADGE = "LSB-0042-7719"


@pytest.fixture
def issuer() -> Issuer:
    """Who issued the certificate of the plant."""
    return Issuer.make()


@pytest.fixture
def person(
    tmp_path: Path,
    issuer: Issuer,
    tiny_package: ModelPackage,
    draw_part: Callable[..., NDArray[np.uint8]],
    dressed: None,
    nothing_left_behind: None,
    qtbot: QtBot,
) -> Iterator[Person]:
    """In front of a station with the product "plate" and no accounts; its camera shows a part at each trigger."""
    for number in range(6):
        cv2.imwrite(str(_folder(tmp_path, "parts") / f"{number}.png"), draw_part(number, defective=number % 3 == 1))
    root = tmp_path / "workspace"
    release_plate(root, tiny_package)
    (root / "plant.p12").write_bytes(issuer.issue(since=utc_now() - timedelta(days=1)))
    secret = root / "passphrase"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE)
    settings = Settings(
        camera=CameraSettings(source=f"replay:{tmp_path / 'parts'}?rate=25&loop=1", trigger="software"),
        release=ReleaseSettings(signatures=2),
        report=ReportSettings(certificate="plant.p12", passphrase_file="passphrase"),
    )
    with Station.open(root, settings) as station:
        window = MainWindow(station)
        window.show()
        window.fit_sizes()
        qtbot.waitUntil(window.isActiveWindow, timeout=SOON_MS)
        yield Person(window, station, qtbot)
        window.shut_down()
        window.deleteLater()


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir(exist_ok=True)
    return folder


def test_that_a_shift_is_proved_from_the_first_start_to_the_signed_report(
    person: Person, issuer: Issuer, draw_part: Callable[..., NDArray[np.uint8]]
) -> None:
    dent = draw_part(1, defective=True) == 0
    makes_the_first_account(person)
    adds_an_engineer(person)
    gives_herself_a_badge(person)
    logs_in_by_pin(person, ENGINEER)
    drafts(
        person,
        "new product",
        challenge_parts=f"clean=good; dent=bad@{where(dent)}",
        check_at_shift_start="yes",
        check_after_a_change_of_model_or_limit="yes",
        no_part_without_a_check_that_is_due="yes",
    )
    signs_the_release_with_a_second_person(person, "its plan of checks")
    is_refused_without_a_check(person)
    assert runs_a_check(person, 2).startswith("Passed: 2 of 2")
    inspects(person, 6)
    drafts(person, "overkill", least_area_of_a_mark="60000")
    signs_the_release_with_a_second_person(person, "fewer good parts rejected")
    loads_the_product(person)
    assert runs_a_check(person, 2) == "Failed: dent: PASS, and it must be FAIL."
    logs_in_by_badge(person)
    answers_for_the_suspects(person, 6)
    reviews(person)
    report = saves_the_report(person)
    is_proved(report, issuer)
    everything_is_in_the_trail(person.station)


def where(dent: NDArray[np.bool_]) -> str:
    """Return the rectangle of a mask as people write it: x,y,width,height."""
    rows, columns = np.nonzero(dent)
    return f"{columns.min()},{rows.min()},{np.ptp(columns) + 1},{np.ptp(rows) + 1}"


def makes_the_first_account(person: Person) -> None:
    person.window.log_in.offer_first_account()
    card = person.sheet(FirstAccountSheet)
    type_text(card.name, SUPERVISOR)
    for _ in range(2):
        types_pin(person, card, SUPERVISOR)
    sheet = person.sheet(LogInSheet)
    types_pin(person, sheet, SUPERVISOR)
    is_logged_in(person, SUPERVISOR)


def types_pin(person: Person, sheet: FirstAccountSheet | LogInSheet | AccountSheet | ChangeSheet, name: str) -> None:
    sheet.pad.setFocus()
    type_text(sheet.pad, PINS[name])
    person.press(Key.Key_Return, on=sheet.pad)


def adds_an_engineer(person: Person) -> None:
    page = person.goes_to("people", Key.Key_F11)
    person.may(PeopleAct.ADD)
    person.press(Key.Key_N, CTRL)
    sheet = person.sheet(AccountSheet)
    type_text(sheet.name, ENGINEER)
    box = next(box for role, box in sheet.roles.items() if role == "engineer")
    box.setFocus()
    person.press(Key.Key_Space, on=box)
    sheet.reason.setFocus()
    type_text(sheet.reason, "sets up the line")
    types_pin(person, sheet, ENGINEER)
    person.waits(lambda: page.table.model().rowCount() == 2)


def gives_herself_a_badge(person: Person) -> None:
    page = person.window.page_of("people")
    page.mark(0)
    person.may(PeopleAct.NEW_BADGE)
    person.press(Key.Key_B, CTRL)
    sheet = person.sheet(AccountSheet)
    sheet.reason.setFocus()
    type_text(sheet.reason, "first badge")
    scans_the_badge(sheet)
    person.waits(lambda: page.table.model().words(0)[2] == "PIN and badge")


def scans_the_badge(widget: object) -> None:
    scan(widget, BADGE)


def logs_in_by_pin(person: Person, name: str) -> None:
    person.window.log_in.log_out()
    person.waits(lambda: not person.window.authority.person.name)
    person.press(Key.Key_F12, SHIFT)
    sheet = person.sheet(LogInSheet)
    names = [sheet.names.item(row).text() for row in range(sheet.names.count())]
    sheet.names.setCurrentRow(names.index(name))
    types_pin(person, sheet, name)
    is_logged_in(person, name)


def is_logged_in(person: Person, name: str) -> None:
    person.waits(lambda: person.window.authority.person.name == name)
    person.waits(lambda: person.window.findChild(LogInSheet) is None)


def logs_in_by_badge(person: Person) -> None:
    scans_the_badge(person.window)
    person.waits(lambda: person.window.authority.person.name == SUPERVISOR)


def drafts(person: Person, reason: str, **values: str) -> None:
    """Save the next revision of the product with other values; their names are written with "_" for a space."""
    page = person.goes_to("recipes", Key.Key_F2)
    revision = person.station.recipes.entries()[0].recipe.revision + 1
    person.waits(lambda: page.title.text() == f"plate {revision - 1}" and page.values.texts())
    for name, text in values.items():
        page.values.mark(name.replace("_", " "))
        person.waits(page.editor.entry.text)
        page.editor.entry.setFocus()
        page.editor.entry.selectAll()
        type_text(page.editor.entry, text)
        person.press(Key.Key_Return, on=page.editor.entry)
    person.may(RecipesAct.SAVE_DRAFT)
    person.press(Key.Key_S, CTRL)
    sheet = person.sheet(ChangeSheet)
    type_text(sheet.reason, reason)
    person.press(Key.Key_Return, on=sheet.reason)
    person.waits(lambda: page.title.text() == f"plate {revision}")


def is_refused_without_a_check(person: Person) -> None:
    """No part is inspected before the check that the plan asks for."""
    loads_the_product(person)
    person.press(Key.Key_F5)
    page = person.goes_to("challenge", Key.Key_F8, CTRL)
    person.waits(lambda: page.says.text().startswith("A check is due: "))
    assert person.station.line.counts().triggers == 0


def runs_a_check(person: Person, parts: int) -> str:
    """Put one challenge part after another under the camera, and return what came of it."""
    page = person.goes_to("challenge", Key.Key_F8, CTRL)
    person.may(ChallengeAct.START)
    person.press(Key.Key_R, CTRL)
    for number in range(1, parts + 1):
        person.waits(lambda number=number: page.says.text().startswith(f"{number} of {parts}: Put"))
        person.may(ChallengeAct.TAKE)
        person.press(Key.Key_T, CTRL)
    person.may(ChallengeAct.START)
    check = person.station.challenge.checks()[0]
    assert page.parts.rows.words(parts - 1)[3] != ""
    return check.in_words


def answers_for_the_suspects(person: Person, parts: int) -> None:
    """What was inspected since the last good check is suspect, until the supervisor says what was done with it."""
    page = person.goes_to("challenge", Key.Key_F8, CTRL)
    person.waits(lambda: page.suspects.text().startswith(f"{parts} parts since the last good check"))
    failed = [each for each in person.station.alarms.open if each.kind is AlarmKind.CHALLENGE_FAILED]
    assert "6 parts are suspect" in failed[0].alarm.consequence
    person.may(ChallengeAct.ANSWER)
    person.press(Key.Key_G, CTRL)
    sheet = person.sheet(SignedSheet)
    type_text(sheet.reason, "all six looked at by hand")
    person.press(Key.Key_Return, on=sheet.reason)
    person.waits(lambda: not page.suspects.isVisible())


def signs_the_release_with_a_second_person(person: Person, reason: str) -> None:
    """The engineer signs by PIN, then the supervisor by her badge; before that nothing is released."""
    page = person.window.page_of("recipes")
    draft = person.station.recipes.entries()[0].recipe
    sheet = wants_to_release(person)
    type_text(sheet.reason, reason)
    types_pin(person, sheet, ENGINEER)
    person.waits(lambda: "is signed and waits" in page.said.text())
    assert person.station.recipes.find("plate", draft.revision).state is RecipeState.DRAFT
    sheet = wants_to_release(person)
    type_text(sheet.reason, "checked")
    scans_the_badge(sheet.reason)
    person.waits(lambda: person.station.recipes.find("plate", draft.revision).state is RecipeState.RELEASED)
    words = person.station.recipes.signing(draft).words
    assert words == f"released by {ENGINEER} (engineer), PIN; checked by {SUPERVISOR} (engineer, supervisor), badge"


def wants_to_release(person: Person) -> ChangeSheet:
    person.waits(lambda: person.window.findChild(ChangeSheet) is None)
    person.press(Key.Key_U, CTRL)
    sheet = person.sheet(ChangeSheet)
    sheet.reason.setFocus()
    return sheet


def loads_the_product(person: Person) -> None:
    """Load the released revision on the line."""
    person.goes_to("line", Key.Key_F2, NONE)
    person.press(Key.Key_F8)
    chooser = person.sheet(RecipeChooser)
    person.press(Key.Key_Space, on=chooser.focusWidget())
    released = person.station.recipes.find("plate").recipe
    person.waits(lambda: person.station.line.recipe == released)


def inspects(person: Person, parts: int) -> None:
    """Start the line, trigger it for each part, and stop it."""
    person.goes_to("line", Key.Key_F2, NONE)
    person.press(Key.Key_F5)
    for _ in range(parts):
        before = person.station.line.counts().triggers
        person.may(LineAct.TRIGGER)
        person.press(Key.Key_T, CTRL)
        person.waits(lambda before=before: person.station.line.counts().triggers > before)
    person.stops_the_line()


def reviews(person: Person) -> None:
    """Confirm the first reject of the shift and overrule the second; what the station said stays."""
    page = person.goes_to("review", Key.Key_F7, CTRL)
    person.waits(lambda: page.progress.text().startswith("0 of 2"))
    person.may(ReviewAct.CONFIRM)
    person.press(Key.Key_Return, CTRL)
    person.waits(lambda: page.progress.text().startswith("1 of 2"))
    person.may(ReviewAct.OVERRULE)
    person.press(Key.Key_O, CTRL)
    sheet = person.sheet(ReasonSheet)
    type_text(sheet.words, "dust on the plate")
    person.press(Key.Key_Return, on=sheet.words)
    person.waits(lambda: page.progress.text().startswith("2 of 2"))


def saves_the_report(person: Person) -> Path:
    page = person.goes_to("shift_report", Key.Key_F3, NONE)
    person.may(ShiftReportAct.SAVE_PDF)
    person.press(Key.Key_P, CTRL)
    folder = person.station.workspace.reports
    person.waits(lambda: page.said.text().startswith("Saved"))
    return next(folder.rglob("*.pdf"))


def is_proved(report: Path, issuer: Issuer) -> None:
    """The validator of pyHanko believes it, it keeps PDF/A-2b, and one changed byte is found."""
    content = report.read_bytes()
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    context = ValidationContext(trust_roots=[Certificate.load(issuer.der)], allow_fetching=False)
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    assert validate_pdf_signature(signature, context, key_usage_settings=usage).bottom_line
    assert broken_rules(content) == []
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(report).pages).split())
    for said in (SUPERVISOR, ENGINEER, "dust on the plate", "fewer good parts rejected", "PASS, and it must be FAIL"):
        assert said in words
    at = content.index(b"/Title")
    changed = content[: at + 1] + bytes([content[at + 1] ^ 1]) + content[at + 2 :]
    problems = [problem for check in check_signatures(changed, [issuer.der]) for problem in check.problems]
    assert problems != []


def everything_is_in_the_trail(station: Station) -> None:
    actions = {entry.action for entry in station.audit.entries()}
    assert actions >= {
        AuditAction.ACCOUNT_ADDED,
        AuditAction.LOGGED_IN,
        AuditAction.LOGGED_OUT,
        AuditAction.RECIPE_RELEASED,
        AuditAction.LIMITS_CHANGED,
        AuditAction.LINE_STARTED,
        AuditAction.CHALLENGE_JUDGED,
        AuditAction.SUSPECTS_ANSWERED,
        AuditAction.VERDICT_OVERRULED,
        AuditAction.REPORT_EXPORTED,
    }
    assert station.audit.verify().broken is None
