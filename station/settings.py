"""The settings of this machine: one typed declaration each, with unit, range and meaning."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from station.domain.errors import BadInputError
from station.domain.recipe import checked_name
from station.domain.source_uri import normalised_uri, source_kind


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _checked(name: str, what: str) -> str:
    try:
        return checked_name(name, what)
    except BadInputError as error:
        raise ValueError(error.sentence.rstrip(".")) from error


class Shift(_Section):
    """A named part of the working day; one that ends before it starts runs over midnight.

    Its name is written on the command line as DATE/NAME, and becomes a part of a report's file name.
    """

    name: str = Field(min_length=1, max_length=40)
    start: time
    end: time

    @field_validator("name")
    @classmethod
    def _safe_as_a_file_name(cls, value: str) -> str:
        return _checked(value, "shift")


class StationSettings(_Section):
    """Name and place of this station, for screens and reports."""

    name: str = Field("Station 1", description="Name of this station")
    plant: str = Field("", description="Plant, for the report's head")
    line: str = Field("", description="Line, for the report's head")
    time_zone: str = Field("UTC", description="IANA time zone in which shifts begin and end")
    shifts: tuple[Shift, ...] = Field(
        (
            Shift(name="Early", start=time(6), end=time(14)),
            Shift(name="Late", start=time(14), end=time(22)),
            Shift(name="Night", start=time(22), end=time(6)),
        ),
        description="Shifts of a day, in order",
    )

    resume: Literal["ask", "product", "run"] = Field(
        "product",
        description="When the window opens: ask for the product, load the product of last time, or run: load it and "
        "start the line, if nobody has changed its recipe meanwhile",
    )

    @field_validator("shifts")
    @classmethod
    def _names_differ(cls, value: tuple[Shift, ...]) -> tuple[Shift, ...]:
        if len({shift.name.casefold() for shift in value}) < len(value):
            raise ValueError("two shifts have the same name; give each its own name")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"'{value}' is not an IANA time zone such as Europe/Berlin") from error
        return value


def views_of_one_camera(sources: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the first two views that have the same source; None if each has its own."""
    first: dict[tuple[str, ...], str] = {}
    for view, source in sources.items():
        other = first.setdefault(normalised_uri(source), view)
        if other != view:
            return other, view
    return None


def live_views(sources: Mapping[str, str]) -> tuple[str, ...]:
    """Return the views with a live camera. Pictures of a folder are not live: they wait to be fetched."""
    kinds = {view: source_kind(source) for view, source in sources.items()}
    return tuple(view for view, kind in kinds.items() if kind and kind.is_live)


class CameraSettings(_Section):
    """Which camera, and how long to wait for it."""

    source: str = Field(
        "", description="genicam:SERIAL, webcam:NUMBER, replay:FOLDER, or simulated: for drawn parts; empty: no camera"
    )
    views: dict[str, str] = Field(
        default_factory=dict,
        description="Several cameras, instead of `source`: a source for each view of the part, by the view's name",
    )
    trigger: Literal["free", "software", "hardware"] = Field("free", description="What opens an inspection")
    picture_timeout_s: float = Field(
        2.0, gt=0, description="A part is NOT INSPECTED if its picture has not come after this time, seconds"
    )
    views_within_s: float = Field(
        0.15,
        gt=0,
        description="Several cameras, triggered together: the pictures of one part come within this time, seconds",
    )
    later_s: dict[str, Annotated[float, Field(ge=0, le=60)]] = Field(
        default_factory=dict,
        description="Several cameras along the line: a view sees each part this many seconds after the first camera",
    )
    lost_after_s: float = Field(
        1.0, gt=0, description="A free-running camera without a picture for this time, seconds, is lost"
    )
    producers: tuple[Path, ...] = Field((), description="GenTL producers (.cti), absolute paths")
    ring_slots: int = Field(8, ge=2, le=64, description="Frames that wait for inspection before one is given up")
    ring_memory_mb: int = Field(512, ge=1, description="Most memory for a camera's waiting frames, MB")

    @field_validator("views")
    @classmethod
    def _views_are_apart(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            _checked(name, "view")
        if len({name.casefold() for name in value}) < len(value):
            raise ValueError("two views have the same name")
        if twice := views_of_one_camera(value):
            raise ValueError(f"the views '{twice[0]}' and '{twice[1]}' have the same camera")
        return value

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if self.views and "source" in self.model_fields_set:
            raise ValueError("'source' and 'camera.views' both say which camera there is; keep one of them")
        return self

    @model_validator(mode="after")
    def _later_views_are_triggered_by_others(self) -> Self:
        if unknown := sorted(set(self.later_s) - set(self.views)):
            raise ValueError(f"'camera.later_s' names '{unknown[0]}', and 'camera.views' has no such view")
        if self.later_s and self.trigger == "software":
            raise ValueError(
                "the station triggers all cameras at once; with 'camera.later_s' keep trigger = 'hardware'"
            )
        return self

    @property
    def is_set(self) -> bool:
        """Return whether the settings name a camera at all."""
        return bool(self.views or self.source.strip())

    @property
    def sources(self) -> dict[str, str]:
        """The source of each view; a single camera has the view name "". Empty if no camera is set."""
        return self.views or ({"": self.source} if self.is_set else {})


class RecordingSettings(_Section):
    """Which pictures are kept. FAIL, REVIEW and NOT INSPECTED always are."""

    keep_pass_every: int = Field(10, ge=0, description="Keep every n-th PASS picture; 0 keeps none, 1 keeps all")
    recent_passed: int = Field(
        300,
        ge=0,
        le=100_000,
        description="The newest of the other PASS pictures wait for a dispute: how many; 0 none",
    )
    pass_days: int = Field(0, ge=0, description="PASS pictures are given up after this many days; 0: only for space")
    pictures_gb: float = Field(
        0.0,
        ge=0,
        description="PASS pictures are given up, oldest first, while all pictures are over this, GB; 0: never",
    )
    least_free_gb: float = Field(
        2.0, ge=0, description="PASS pictures are given up, oldest first, while less than this is free on the disk, GB"
    )
    reserve_mb: int = Field(
        256,
        ge=0,
        description="Disk that is held free while the line runs, for the records of a day without pictures, MB",
    )
    recent_passed_gb: float = Field(4.0, gt=0, description="Most disk for PASS pictures that wait for a dispute, GB")


class BackupSettings(_Section):
    """Backups by the clock while the line runs. `linesidectl backup` makes one at any time."""

    folder: str = Field(
        "", description="Folder of the backups, absolute, best on another disk; empty: none is made by the clock"
    )
    every_hours: float = Field(24.0, gt=0, description="From one backup to the next, hours")
    keep: int = Field(7, ge=1, description="The newest backups stay in the folder: how many")

    @field_validator("folder")
    @classmethod
    def _folder_is_absolute(cls, value: str) -> str:
        if value and not Path(value).is_absolute():
            raise ValueError("the folder of the backups must be absolute, such as /mnt/backups")
        return value


class ProcessorSettings(_Section):
    """How this machine computes."""

    threads: int = Field(
        0, ge=0, description="CPU threads for the models; 0 takes every core but the one that the window draws on"
    )


class ScannerSettings(_Section):
    """A scanner for barcodes that types as a keyboard."""

    gap_ms: int = Field(
        50,
        ge=20,
        le=200,
        description="Keys within this time of each other, milliseconds, are a scan; a single key waits as long",
    )
    serial_prefix: str = Field(
        "", max_length=40, description="A code that begins so is the serial of the next part; empty: no code is"
    )
    serial_min_length: int = Field(4, ge=1, le=200, description="Least length of a serial, with its prefix, characters")
    lot_prefix: str = Field(
        "",
        max_length=40,
        description="A code that begins so is the lot from the next part on; empty: none is",
    )
    order_prefix: str = Field(
        "",
        max_length=40,
        description="A code that begins so is the order from the next part on; empty: none is",
    )
    serial_valid_s: float = Field(
        30.0, gt=0, le=3600, description="A serial waits for its part at most this time, seconds"
    )


class ScreenSettings(_Section):
    """The window."""

    theme: Literal["light", "dark"] = Field("light", description="Light or dark")
    review_time_limit_s: float = Field(
        30.0, gt=0, description="A REVIEW that is not answered within this time, seconds, counts as FAIL"
    )
    pause_reason_after_s: float = Field(
        60.0, ge=0, description="Whoever resumes after a longer pause, seconds, is asked for its reason; 0 never asks"
    )
    fails_in_a_row_alarm: int = Field(3, ge=0, description="Alarm after this many FAILs in a row; 0 never")
    not_inspected_in_a_row_alarm: int = Field(
        3, ge=0, description="Alarm after this many parts in a row that were NOT INSPECTED; 0 never"
    )
    reject_rate_alarm: float = Field(
        0.4, ge=0, lt=1, description="Alarm if more than this share of the last 50 judged parts failed; 0 never"
    )


class PeopleSettings(_Section):
    """Who is logged in at the window."""

    return_after_s: float = Field(
        600.0,
        ge=30,
        description="Who may more than an operator is logged out after this time without a touch, seconds",
    )
    operator_return_after_s: float = Field(
        3600.0, ge=30, description="An operator who is logged in is logged out after this time without a touch, seconds"
    )


class ReleaseSettings(_Section):
    """How a revision of a recipe gets to the line."""

    signatures: int = Field(
        1,
        ge=1,
        le=2,
        description="Different people who must sign a release with PIN or badge, on a station with accounts",
    )
    needs_validation: bool = Field(
        False,
        description="A release needs a validation of this very revision on a frozen dataset version with defects of "
        "which none passed, or a reason to do without",
    )


class ReportSettings(_Section):
    """Files of the shift report."""

    csv: str = Field(
        "",
        pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)?$",
        description="Language of the spreadsheet that opens the CSV, such as de: semicolon and decimal comma where it "
        "has them; empty for comma and decimal point",
    )
    certificate: str = Field(
        "",
        description="Certificate of the plant with its key, PKCS#12 (.p12), that signs the shift reports: a file, "
        "absolute or in the workspace; empty: they are not signed",
    )
    passphrase_file: str = Field(
        "",
        description="File with the passphrase of the certificate, readable by its owner only (rights 0600); empty: the "
        "environment variable LINESIDE_CERTIFICATE_PASSPHRASE has it",
    )
    trusted: str = Field(
        "",
        description="Certificates whose signatures 'linesidectl verify' believes, PEM or DER: a file, absolute or in "
        "the workspace; empty: those that came with 'certificate'",
    )

    @property
    def private_files(self) -> tuple[str, ...]:
        """The files by which somebody could sign as the plant, absolute or in the workspace."""
        return tuple(filter(None, (self.certificate, self.passphrase_file)))


def _is_port(address: SplitResult) -> bool:
    """Return whether the port can be one, or the address names none."""
    try:
        return address.port != 0
    except ValueError:
        return False


class PlantSettings(_Section):
    """The database of a plant with many stations."""

    database: str = Field(
        "",
        description="Where the records are sent on to, such as postgresql://lineside@server/plant, without a password; "
        "empty: the station keeps them alone",
    )
    password_file: str = Field(
        "",
        description="File with the password of that user, absolute or in the workspace, readable by its owner only "
        "(rights 0600); empty: the environment variable LINESIDE_PLANT_PASSWORD or ~/.pgpass has it",
    )

    @field_validator("database")
    @classmethod
    def _without_password(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("postgresql", "postgresql+psycopg") or not parts.hostname or parts.path in ("", "/"):
            raise ValueError("it is not an address such as postgresql://lineside@server/plant")
        if parts.password is not None or "@" in parts.path or "password" in unquote(parts.query):
            raise ValueError("a password lies in the address; write it into the file that plant.password_file names")
        if not _is_port(parts):
            raise ValueError("it is not an address such as postgresql://lineside@server:5432/plant: the port is wrong")
        return value

    @property
    def private_files(self) -> tuple[str, ...]:
        """The files by which somebody could write into the plant's database, absolute or in the workspace."""
        return (self.password_file,) if self.password_file else ()


class Settings(_Section):
    """Everything in `station.toml`."""

    station: StationSettings = StationSettings()
    camera: CameraSettings = CameraSettings()
    recording: RecordingSettings = RecordingSettings()
    backup: BackupSettings = BackupSettings()
    inference: ProcessorSettings = ProcessorSettings()
    screen: ScreenSettings = ScreenSettings()
    release: ReleaseSettings = ReleaseSettings()
    report: ReportSettings = ReportSettings()
    plant: PlantSettings = PlantSettings()
    scanner: ScannerSettings = ScannerSettings()
    people: PeopleSettings = PeopleSettings()
    plugins: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="One table for each plug-in, by its name; the plug-in declares its settings"
    )

    @property
    def private_files(self) -> tuple[str, ...]:
        """The files that no backup has, absolute or in the workspace."""
        return (*self.report.private_files, *self.plant.private_files)
