"""`linesidectl plant` and `doctor`: how far the plant is behind, in words and without a password."""

import json
from pathlib import Path

import pytest
from contrast_model import release_plate
from postgres_server import PASSWORD, PostgresServer

from station.__main__ import main
from station.app import Station
from station.cli import doctor
from station.domain.audit import AuditAction, AuditFilter
from station.storage.engine.database import Database
from station.storage.engine.dialects.postgresql import shown
from station.storage.plant.address import schema_of


def _station_with_plant(root: Path, address: str) -> None:
    root.mkdir()
    (root / "secret").write_text(PASSWORD)
    (root / "secret").chmod(0o600)
    (root / "station.toml").write_text(f'[plant]\ndatabase = "{address}"\npassword_file = "secret"\n')


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    """What a person saw until now; nowhere is the password."""
    printed = "".join(capsys.readouterr())
    assert PASSWORD not in printed
    return printed


def test_that_the_records_are_sent_by_hand_and_counted(
    tmp_path: Path, postgres: PostgresServer, tiny_package, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "workspace"
    _station_with_plant(root, shown(postgres.url()))
    release_plate(root, tiny_package)
    words = ["--workspace", str(root)]
    assert main(["plant", "status", *words]) == 1
    assert "the first copy of all records is not complete; nothing was sent yet" in _printed(capsys)
    assert main(["plant", "send", *words]) == 0
    assert main(["plant", "status", *words, "--json", "-"]) == 0
    status = json.loads(_printed(capsys).splitlines()[-1])
    assert (status["changes"], status["parts"], status["up_to_date"]) == (0, 0, True)
    assert main(["plant", "resend", "--reason", "a new disk", *words]) == 0
    printed = _printed(capsys)
    assert f"is kept there as schema {status['schema']}_until_" in printed
    with Station.open(root) as station:
        (remark,) = doctor._plant(station)
        assert (remark.state, remark.text.startswith("everything was sent; last sent ")) == (doctor.State.OK, True)
        (entry,) = station.audit.entries(AuditFilter(action=AuditAction.PLANT_SENT_AGAIN))
        assert (entry.reason, PASSWORD in entry.subject) == ("a new disk", False)


def test_that_a_plant_with_newer_tables_is_named_and_left_alone(
    tmp_path: Path, postgres: PostgresServer, tiny_package, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "workspace"
    _station_with_plant(root, shown(postgres.url()))
    release_plate(root, tiny_package)
    schema = schema_of(root)
    Database.on_server(postgres.url(), schema, tmp_path / "plant").close()
    with postgres.connect() as plain:
        plain.execute(f"UPDATE {schema}.alembic_version SET version_num = '0942'".encode())
    assert main(["plant", "send", "--workspace", str(root)]) == 2
    printed = _printed(capsys)
    assert "The plant cannot take the records: " in printed
    assert "tables of version 0942" in printed


def test_that_a_plant_that_is_away_is_named_with_what_to_do(
    tmp_path: Path, tiny_package, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "workspace"
    _station_with_plant(root, "postgresql://lineside@127.0.0.1:1/plant")
    release_plate(root, tiny_package)
    assert main(["plant", "send", "--workspace", str(root)]) == 3
    printed = _printed(capsys)
    assert "127.0.0.1:1/plant cannot be used: " in printed
    assert "The station tries again by itself." in printed


def test_that_a_station_without_a_plant_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Station.open(tmp_path).close()
    assert main(["plant", "status", "--workspace", str(tmp_path)]) == 2
    assert "name no plant. Write its address into station.toml" in _printed(capsys)
