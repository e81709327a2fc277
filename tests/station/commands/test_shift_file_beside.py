"""A file of a shift by a process of its own: it is the same file, refused in the same words, or there is none."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from station.app import Station
from station.commands import shift_file_beside
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError, FaultError, GivenUpError
from station.domain.permissions import Authority, Person, Role
from station.domain.shift import ShiftWindow
from station.domain.shift_file import ShiftFile
from station.settings import ReportSettings, Settings, StationSettings

pytestmark = pytest.mark.slow  # each starts a line and a program


@pytest.fixture
def window(station: Station) -> ShiftWindow:
    station.line.load_recipe("plate")
    station.line.start(count=3)
    assert station.line.wait_stopped(30)
    return station.records.shift_of(station.records.recent()[0].triggered_at)


def _with(station: Station, settings: Settings) -> Station:
    """The same station as if it had been opened with other settings."""
    changed = station.acting_as(Role.SUPERVISOR, signature="Ada")
    changed.settings = settings
    return changed


@pytest.mark.parametrize("form", [ShiftFile.CSV, ShiftFile.XLSX])
def test_that_the_process_writes_what_this_one_writes(station: Station, window: ShiftWindow, form: ShiftFile) -> None:
    here = {ShiftFile.CSV: station.records.write_csv, ShiftFile.XLSX: station.records.write_xlsx}[form](window)
    beside = station.records.write_beside(form, window)
    assert beside.parent == station.workspace.reports
    assert beside != here
    if form is ShiftFile.CSV:
        assert beside.read_bytes() == here.read_bytes()
    assert beside.suffix == here.suffix


def test_that_the_report_has_the_names_of_the_open_station_and_is_noted_under_the_person(
    station: Station, window: ShiftWindow
) -> None:
    acting = _with(station, Settings(station=StationSettings(plant="Northfield")))
    path = acting.records.write_beside(ShiftFile.PDF, window)
    assert "Northfield" in PdfReader(path).pages[0].extract_text()
    noted = list(station._audit.find(AuditFilter(action=AuditAction.REPORT_EXPORTED)))
    assert [(entry.person, path.name in entry.new) for entry in noted] == [("Ada", True)]


def test_that_the_report_is_noted_under_who_asked_for_it_though_another_person_has_logged_in_since(
    station: Station, window: ShiftWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_window = [Person("Ada", frozenset({Role.SUPERVISOR}))]
    written = station.workspace.reports / "shift.pdf"

    def write_slowly(*_: object) -> Path:
        at_window[0] = Person("Ben", frozenset({Role.OPERATOR}))
        written.parent.mkdir(exist_ok=True)
        written.write_bytes(b"%PDF")
        return written

    monkeypatch.setattr(shift_file_beside, "write_shift_file_beside", write_slowly)
    acting = station._for(Authority(lambda: at_window[0]))
    assert acting.records.write_beside(ShiftFile.PDF, window) == written
    noted = station._audit.find(AuditFilter(action=AuditAction.REPORT_EXPORTED))
    assert [entry.person for entry in noted] == ["Ada"]


def test_that_what_cannot_be_signed_is_refused_in_the_same_words(station: Station, window: ShiftWindow) -> None:
    acting = _with(station, Settings(report=ReportSettings(certificate="gone.p12")))
    with pytest.raises(BadInputError) as here:
        acting.records.write_pdf(window)
    with pytest.raises(BadInputError) as beside:
        acting.records.write_beside(ShiftFile.PDF, window)
    assert "gone.p12" in here.value.sentence
    words = [(each.value.sentence, each.value.advice, each.value.for_operator) for each in (here, beside)]
    assert words[0] == words[1]
    assert list(station.workspace.reports.iterdir()) == []


def test_that_a_report_that_is_given_up_leaves_nothing_and_is_not_noted(station: Station, window: ShiftWindow) -> None:
    with pytest.raises(GivenUpError, match="PDF"):
        station.records.write_beside(ShiftFile.PDF, window, stop=lambda: True)
    assert list(station.workspace.reports.iterdir()) == []
    assert list(station._audit.find(AuditFilter(action=AuditAction.REPORT_EXPORTED))) == []


def test_that_a_process_that_ends_by_itself_is_a_fault_with_its_log(
    station: Station, window: ShiftWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift_file_beside, "MODULE", "station.not_there")
    with pytest.raises(FaultError, match="ended by itself") as fault:
        station.records.write_beside(ShiftFile.PDF, window)
    log = station.workspace.logs / "report.log"
    assert str(log) in fault.value.advice
    assert "not_there" in log.read_text()
