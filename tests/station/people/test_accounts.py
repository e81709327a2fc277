"""Accounts: who may change them, what is refused, what is kept."""

import stat
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plant import BADGE, PIN, Plant

from station.domain.errors import BadInputError
from station.domain.permissions import Authority, PermissionRefusedError, Role
from station.domain.person import AccountStep, folded_name, person_name
from station.domain.secret import Secret
from station.people.log_in import LogInRefusedError
from station.people.pin_rules import require_good_pin

HOSTILE = [
    "../../x", "=cmd|' /C calc'!A0", "<b>Anna</b>", "\u202eanna", "a" * 500, "Anna 'B' \"C\"; DROP TABLE account; --",
    "An\0na", "%s{0}", "\ud800x", "Müller-Lüdenscheidt", "安娜",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_that_any_name_is_kept_as_text_and_logs_in(plant: Plant, name: str) -> None:
    files = set(plant.root.rglob("*"))
    added = plant.people.add(name, {Role.OPERATOR}, Secret("482915"), None, f"reason {name}")
    assert plant.people.log_in(name, Secret("482915")).name == added.name
    assert plant.accounts.find(name) == added
    assert set(plant.root.rglob("*")) == files
    assert plant.root.parent.joinpath("x").exists() is False


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u202e", "a" * 501])
def test_that_a_name_without_letters_or_without_end_is_refused(plant: Plant, name: str) -> None:
    with pytest.raises(BadInputError, match="name of the person"):
        plant.people.add(name, {Role.OPERATOR}, Secret("482915"))


@pytest.mark.parametrize("name", ["anna berg", "ANNA  BERG ", "Anna\u200b Berg", "\uff21nna Berg"])
def test_that_a_name_that_people_would_confuse_is_taken(plant: Plant, name: str) -> None:
    with pytest.raises(BadInputError, match="There is an account 'Anna Berg' already"):
        plant.people.add(name, {Role.OPERATOR}, Secret("482915"))


@given(st.text(max_size=60))
def test_that_a_stored_name_is_found_by_what_was_typed(text: str) -> None:
    try:
        name = person_name(text)
    except BadInputError:
        assert not folded_name(text)
        return
    assert folded_name(name) == folded_name(text.replace("\0", "\u2400"))


@pytest.mark.parametrize("pin", ["", "123", "1111", "1234", "987654", "12a4", "4-82915", "1" * 13, "٤٨٢٩١"])
def test_that_a_pin_that_is_none_or_too_easy_is_refused(pin: str) -> None:
    with pytest.raises(BadInputError):
        require_good_pin(Secret(pin))


def test_that_digits_of_a_wide_keyboard_are_digits() -> None:
    require_good_pin(Secret("\uff14\uff18\uff12\uff19"))


def test_that_each_step_names_who_did_it_and_why(plant: Plant) -> None:
    plant.people.set_pin("Ben", Secret("482915"), "PIN lost", "ida (system user)")
    plant.people.set_roles("Ben", {Role.SUPERVISOR}, "new task", "Anna Berg")
    plant.people.disable("Ben", "left", "Anna Berg")
    steps = [(step, change.person, change.reason) for step, change in plant.accounts.steps(2)]
    assert steps == [
        (AccountStep.ADDED, "Anna Berg", "set-up"),
        (AccountStep.PIN, "ida (system user)", "PIN lost"),
        (AccountStep.ROLES, "Anna Berg", "new task"),
        (AccountStep.DISABLED, "Anna Berg", "left"),
    ]


def test_that_a_new_pin_ends_the_old_one(plant: Plant) -> None:
    plant.people.set_pin("Anna Berg", Secret("482915"), "seen by others")
    with pytest.raises(LogInRefusedError):
        plant.people.log_in("Anna Berg", Secret(PIN))
    assert plant.people.log_in("Anna Berg", Secret("482915")).name == "Anna Berg"


def test_that_a_badge_belongs_to_one_person(plant: Plant) -> None:
    with pytest.raises(BadInputError, match="Another person has this badge"):
        plant.people.set_badge("Ben", Secret(BADGE), "new")
    with pytest.raises(BadInputError, match="has 3 letters"):
        plant.people.set_badge("Ben", Secret("abc"), "new")
    plant.people.set_badge("Anna Berg", Secret(BADGE), "scanned once more")
    assert plant.people.log_in_by_badge(Secret(BADGE)).name == "Anna Berg"


@pytest.mark.parametrize("deed", ["disable", "roles"])
def test_that_the_last_who_can_change_people_stays(plant: Plant, deed: str) -> None:
    deeds = {
        "disable": lambda: plant.people.disable("Anna Berg", "left"),
        "roles": lambda: plant.people.set_roles("Anna Berg", {Role.ENGINEER}, "new task"),
    }
    with pytest.raises(BadInputError, match="nobody could change the people"):
        deeds[deed]()
    assert not plant.accounts.find("Anna Berg").disabled
    assert len(plant.accounts.steps(1)) == 1


def test_that_a_change_without_a_reason_is_refused(plant: Plant) -> None:
    with pytest.raises(BadInputError, match="No reason"):
        plant.people.disable("Ben", " ")


def test_that_only_the_first_account_needs_no_permission(
    plant: Plant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nobody = Authority.of(Role.OPERATOR)
    with pytest.raises(PermissionRefusedError):
        plant.acting_as(nobody).add("Eve", {Role.SUPERVISOR}, Secret("482915"))
    fresh = Plant(tmp_path_factory.mktemp("fresh"))
    with pytest.raises(BadInputError, match="must be able to add others"):
        fresh.acting_as(nobody).add("Eve", {Role.ENGINEER}, Secret("482915"))
    fresh.acting_as(nobody).add("Eve", {Role.SUPERVISOR, Role.ENGINEER}, Secret("482915"))
    assert fresh.people.log_in("Eve", Secret("482915")).roles == {Role.OPERATOR, Role.ENGINEER, Role.SUPERVISOR}
    fresh.database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are others there")
def test_that_only_its_owner_can_read_the_secret_of_the_workspace(plant: Plant) -> None:
    assert stat.S_IMODE((plant.root / "people.key").stat().st_mode) == 0o600


def test_that_the_work_somebody_asked_for_keeps_its_person(plant: Plant) -> None:
    plant.people.log_in("Ben", Secret("58024617"))
    work = plant.session.bound(lambda: plant.session.person.name)
    plant.people.log_out()
    assert (work(), plant.session.person.name) == ("Ben", "")
