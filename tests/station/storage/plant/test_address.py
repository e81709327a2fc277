"""Where the plant is: the password comes from elsewhere, and nothing that a person reads shows it."""

from pathlib import Path

import pytest

from station.domain.errors import BadInputError
from station.settings import PlantSettings
from station.settings_file import checked_settings
from station.storage.plant.address import PASSWORD_VARIABLE, plant_url

PLANT = PlantSettings(database="postgresql://lineside@server/plant", password_file="secret")


def _secret(folder: Path, rights: int) -> Path:
    path = folder / "secret"
    path.write_text("pass word/@:\n")
    path.chmod(rights)
    return path


def test_that_the_password_comes_from_its_file(tmp_path: Path) -> None:
    _secret(tmp_path, 0o600)
    url = plant_url(PLANT, tmp_path, {PASSWORD_VARIABLE: "another"})
    assert (url.drivername, url.password, url.host) == ("postgresql+psycopg", "pass word/@:", "server")


def test_that_without_a_file_it_comes_from_the_environment_or_from_the_driver(tmp_path: Path) -> None:
    settings = PlantSettings(database=PLANT.database)
    assert plant_url(settings, tmp_path, {PASSWORD_VARIABLE: "given"}).password == "given"
    assert plant_url(settings, tmp_path, {}).password is None


def test_that_a_file_that_others_may_read_or_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        plant_url(PLANT, tmp_path)
    _secret(tmp_path, 0o644)
    with pytest.raises(BadInputError, match="chmod 600"):
        plant_url(PLANT, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://lineside:hidden@server/plant",
        "postgresql://lineside:hid/hidden@server/plant",
        "postgresql://lineside@server/plant?password=hidden",
        "postgresql://lineside@server/plant?passw%6Frd=hidden",
    ],
)
def test_that_a_password_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(BadInputError, match="a password lies in the address") as refusal:
        checked_settings(Path("station.toml"), f'[plant]\ndatabase = "{address}"\n')
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize("address", ["server/plant", "mysql://server/plant", "postgresql://server", "postgresql:///x"])
def test_that_an_address_of_something_else_is_refused(address: str) -> None:
    with pytest.raises(BadInputError, match="not an address such as"):
        checked_settings(Path("station.toml"), f'[plant]\ndatabase = "{address}"\n')


@pytest.mark.parametrize("port", ["x9", "99999", "0"])
def test_that_a_wrong_port_is_refused_in_a_sentence(port: str) -> None:
    with pytest.raises(BadInputError, match="the port is wrong"):
        checked_settings(Path("station.toml"), f'[plant]\ndatabase = "postgresql://lineside@server:{port}/plant"\n')
