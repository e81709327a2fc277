"""A clock behind the records is said at the start, on the line, and in the report, in days and years."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import pytest
from contrast_model import release_plate

from station.__main__ import main
from station.app import Station
from station.domain.alarm import AlarmKind, AlarmState
from station.review.alarm_list import AlarmList
from station.review.clock_watch import ClockWatch

NEWEST = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (NEWEST + timedelta(days=1), ""),
        (NEWEST, ""),
        (NEWEST - timedelta(minutes=59), ""),
        (NEWEST - timedelta(minutes=90), "1 hour"),
        (NEWEST - timedelta(hours=30), "30 hours"),
        (NEWEST - timedelta(days=20), "20 days"),
        (datetime(1970, 1, 1, tzinfo=UTC), "56 years"),
    ],
)
def test_that_a_clock_is_compared_with_the_newest_record(now: datetime, said: str) -> None:
    alarms = AlarmList(lambda _: None)
    watch = ClockWatch(alarms, lambda: NEWEST, "UTC", lambda: now)
    watch.check()
    assert (said.replace(" ", "\N{NO-BREAK SPACE}") in watch.sentence, bool(watch.sentence)) == (True, bool(said))
    assert [entry.kind for entry in alarms.open] == [AlarmKind.CLOCK_BEHIND] * bool(said)


def test_that_a_station_without_records_has_a_right_clock_and_a_corrected_one_ends_the_alarm() -> None:
    alarms, moments = AlarmList(lambda _: None), [NEWEST - timedelta(days=3), NEWEST]
    ClockWatch(alarms, lambda: None, "UTC", lambda: moments[0]).check()
    assert alarms.open == ()
    watch = ClockWatch(alarms, lambda: NEWEST, "UTC", lambda: moments.pop(0))
    watch.check()
    watch.check()
    assert (watch.sentence, alarms.open[0].state) == ("", AlarmState.RETURNED)


@pytest.fixture
def ahead(tmp_path: Path, tiny_package, draw_part: Callable[..., object], capsys) -> Path:
    """A workspace whose last run lies 40 days in the future: the clock was set back since."""
    root = tmp_path / "station"
    release_plate(root, tiny_package)
    (tmp_path / "parts").mkdir()
    for number in range(2):
        cv2.imwrite(str(tmp_path / "parts" / f"{number}.png"), draw_part(number))
    words = ["inspect", str(tmp_path / "parts"), "--recipe", "plate", "--kind", "production", "--workspace", str(root)]
    assert main(words) == 0
    later = 40 * 86_400_000_000
    with closing(sqlite3.connect(root / "station.db")) as connection, connection:
        connection.execute(f"UPDATE run SET started_at = started_at + {later}, ended_at = ended_at + {later}")
        connection.execute(f"UPDATE part SET triggered_at = triggered_at + {later}")
    capsys.readouterr()
    return root


def test_that_it_is_said_on_stderr_on_the_line_and_in_the_report(ahead: Path, tmp_path: Path, capsys) -> None:
    words = ["inspect", str(tmp_path / "parts"), "--recipe", "plate", "--kind", "production", "--workspace", str(ahead)]
    assert main(words) == 0
    assert "The clock is 39 days behind the newest record." in capsys.readouterr().err.replace("\xa0", " ")
    with Station.open(ahead) as station:
        assert [entry.kind for entry in station.alarms.open] == [AlarmKind.CLOCK_BEHIND]
        now = datetime.now(UTC)
        window = station.records.free_window(now - timedelta(hours=1), now + timedelta(hours=1))
        records, summary = station.records.shift(window)
    assert len(records.parts) == 2
    assert summary.clock_behind is not None
    assert summary.clock_behind.days == 39


def test_that_the_doctor_says_it_in_days(ahead: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.cli.doctor._machine", list)
    assert main(["doctor", "--workspace", str(ahead)]) == 1
    assert "clock: The clock is 39 days behind the newest record." in capsys.readouterr().out
