"""Whose recipe files a station believes: who is unknown is asked about, and never silently accepted."""

import zipfile

import pytest

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError, StorageError
from station.domain.permissions import Role
from station.domain.signer import UnknownSignerError
from station.people.signing_key import KEY_FILE, SigningKeyError
from station.storage.backup.making import MadeFrom, make_backup


@pytest.fixture
def sent(station: Station, tmp_path):
    return station.exchange.export("plate", 1, tmp_path / "plate.lineside")


@pytest.fixture
def other(tmp_path):
    with Station.open(tmp_path / "other") as opened:
        yield opened


def entries(station: Station, action: AuditAction):
    return station.audit.entries(AuditFilter(action=action))


def test_that_an_unknown_signer_is_asked_about_and_known_from_then_on(sent, other: Station) -> None:
    with pytest.raises(UnknownSignerError, match="unknown here") as asked:
        other.exchange.import_(sent.path)
    with pytest.raises(UnknownSignerError):
        other.exchange.import_(sent.path, "0000 " * 8, "Ada")
    assert other.recipes.entries() == ()
    assert asked.value.signer == sent.signer
    for trust in (sent.signer.fingerprint, ""):
        other.exchange.import_(sent.path, trust, "Ada")
    (known,) = other.exchange.signers()
    assert (known.signer, known.person, known.own) == (sent.signer, "Ada", False)
    assert sent.signer.public_key in entries(other, AuditAction.SIGNER_CHANGED)[0].new
    imported = entries(other, AuditAction.RECIPE_IMPORTED)
    assert [f"fingerprint {sent.signer.fingerprint}" in each.new for each in imported] == [True, True]


def test_that_a_signer_who_was_removed_is_asked_about_again(sent, other: Station) -> None:
    other.exchange.import_(sent.path, sent.signer.fingerprint, "Ada")
    other.exchange.remove(sent.signer.fingerprint.replace(" ", ""), "left the plant", "Bo")
    assert other.exchange.signers() == ()
    with pytest.raises(UnknownSignerError):
        other.exchange.import_(sent.path)
    with pytest.raises(BadInputError, match="cannot be removed"):
        other.exchange.remove(sent.signer.fingerprint, "once more", "Bo")


def test_that_a_file_without_a_signature_is_asked_about_each_time(sent, other: Station) -> None:
    with zipfile.ZipFile(sent.path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()[:4]]
    with zipfile.ZipFile(sent.path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    for _ in range(2):
        with pytest.raises(UnknownSignerError, match="is not signed") as asked:
            other.exchange.import_(sent.path)
        other.exchange.import_(sent.path, asked.value.signer.fingerprint, "Ada")
    assert other.exchange.signers() == ()
    assert "not signed, believed by a person" in entries(other, AuditAction.RECIPE_IMPORTED)[0].new


def test_that_the_own_files_of_a_station_are_not_asked_about(station: Station, sent) -> None:
    assert station.exchange.import_(sent.path).recipe.label == "plate@2"
    assert [each.own for each in station.exchange.signers()] == [True]
    with pytest.raises(BadInputError, match="own key cannot be removed"):
        station.exchange.remove(sent.signer.fingerprint, "why", "Ada")
    assert f"fingerprint {sent.signer.fingerprint}" in entries(station, AuditAction.RECIPE_EXPORTED)[0].new


def test_that_who_may_not_trust_a_station_cannot_import_its_file(sent, other: Station, monkeypatch) -> None:
    acting = other.acting_as(Role.ENGINEER)
    monkeypatch.setattr("station.domain.permissions.PERMISSIONS", {Role.ENGINEER: frozenset({"edit a recipe"})})
    with pytest.raises(BadInputError, match="may not trust the key of another station"):
        acting.exchange.import_(sent.path, sent.signer.fingerprint, "Ada")
    assert other.exchange.signers() == ()


def test_that_a_lost_key_is_said_and_a_new_one_is_made_on_wish(station: Station, sent, tmp_path) -> None:
    (station.workspace.root / KEY_FILE).unlink()
    with pytest.raises(SigningKeyError, match=r"signing\.key is missing"):
        station.exchange.export("plate", 1, tmp_path / "again")
    renewed = station.exchange.renew("the disk was replaced", "Ada")
    assert renewed.public_key != sent.signer.public_key
    assert station.exchange.export("plate", 1, tmp_path / "again").signer == renewed
    assert station.exchange.own_signer() == renewed
    assert [each.signer for each in station.exchange.signers()] == [renewed]
    with pytest.raises(UnknownSignerError, match="unknown here"):
        station.exchange.import_(sent.path)  # who has stolen the old key could have signed it


def test_that_a_key_of_another_station_in_its_place_is_refused(station: Station, sent, other, tmp_path) -> None:
    other.exchange.own_signer()
    (station.workspace.root / KEY_FILE).write_bytes((other.workspace.root / KEY_FILE).read_bytes())
    with pytest.raises(SigningKeyError, match="not the key that this station signed with before"):
        station.exchange.export("plate", 1, tmp_path / "again")


def test_that_a_disk_that_refuses_the_first_key_leaves_the_file_unsigned_and_says_so(
    station: Station, tmp_path, monkeypatch
) -> None:
    def refuse(_key) -> None:
        raise StorageError("signing.key cannot be written: the disk is full.")

    monkeypatch.setattr("station.people.signing_key.SigningKey.make", refuse)
    written = station.exchange.export("plate", 1, tmp_path / "plate.lineside")
    assert (written.signer, written.unsigned) == (
        None, "The file is not signed: signing.key cannot be written: the disk is full.",
    )  # fmt: skip
    with pytest.raises(UnknownSignerError, match="is not signed"):
        station.exchange.import_(written.path)


def test_that_the_private_key_is_in_no_backup(station: Station, sent, tmp_path) -> None:
    station.exchange.renew("for the test", "Ada")  # the old key is kept aside
    source = MadeFrom(station.workspace, station._core.database, "Press 4", "0.1")
    backup = make_backup(source, tmp_path / "backups", station.exchange.signers()[0].at)
    private = [file.read_bytes() for file in station.workspace.root.glob(f"{KEY_FILE}*")]
    assert len(private) == 2
    kept = [file.read_bytes() for file in backup.folder.rglob("*") if file.is_file()]
    assert not any(secret[:32] in content for secret in private for content in kept)
