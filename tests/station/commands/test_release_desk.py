"""A release is signed by PIN or badge, by one person or two, and refused without, whatever the way in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plant import BADGE, OTHER_PIN, PIN, Plant

from station.commands.release_desk import ReleaseDesk
from station.domain.audit import AuditAction, AuditFilter
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, StationError
from station.domain.permissions import Authority, PermissionRefusedError, Role
from station.domain.person import KnownBy, Person
from station.domain.recipe import ModelReference, Recipe, RecipeEntry, RecipeState, StateChange, View
from station.domain.secret import Secret
from station.domain.signature import MissingSignatureError, SignatureProof
from station.people.audit_trail import AuditTrail
from station.people.log_in import LockedOutError, LogInRefusedError
from station.settings import ReleaseSettings
from station.storage.people.audit_log import AuditLog
from station.storage.recipes.recipes import Recipes

DRAFT = Recipe("plate", 1, "plate", (View(ModelReference("m", "a" * 64)),))
CARL_PIN = "31415926"


@pytest.fixture
def plant(tmp_path: Path):
    """Ben and Carl may release, Anna may not; plate 1 is a draft."""
    made = Plant(tmp_path).settle()
    made.people.add("Carl", {Role.ENGINEER}, Secret(CARL_PIN), Secret("LSB-0099"), "set-up", "Anna Berg")
    Recipes(made.database).add_revision(DRAFT, RecipeState.DRAFT, utc_now())
    yield made
    made.database.close()


PINS = {"Anna Berg": PIN, "Ben": OTHER_PIN, "Carl": CARL_PIN}


def desk_of(plant: Plant, needed: int = 1, roles: tuple[Role, ...] = tuple(Role)) -> ReleaseDesk:
    authority = Authority(lambda: Person("ida (system user)", frozenset(roles), KnownBy.SYSTEM_USER))
    trail = AuditTrail(AuditLog.beside(plant.database, "Station 1"), lambda: authority.signature)
    return ReleaseDesk(authority, plant.database, plant.log_in, ReleaseSettings(signatures=needed), trail)


def release(desk: ReleaseDesk, person: str, proof: SignatureProof | None, reason: str = "fewer rejects") -> RecipeEntry:
    signer = desk.prove("plate@1", person, reason, proof)
    change = StateChange("", reason, utc_now())
    return desk.release(AuditAction.RECIPE_RELEASED, DRAFT, change, signer)


def by_pin(desk: ReleaseDesk, person: str) -> RecipeEntry:
    return release(desk, person, SignatureProof(Secret(PINS[person])))


def state_of(plant: Plant) -> RecipeState:
    return Recipes(plant.database).find_revision("plate", 1).state


def test_that_a_pin_signs_the_content_of_the_revision(plant: Plant) -> None:
    entry = by_pin(desk_of(plant), "Ben")
    assert (entry.state, entry.change.person) == (RecipeState.RELEASED, "Ben")
    (signature,) = desk_of(plant).signing(DRAFT).all
    assert (signature.sha256, signature.words) == (DRAFT.sha256, "released by Ben (engineer), PIN")
    signed, released = list(plant.audit.find(AuditFilter(subject="plate@1")))
    assert (signed.action, signed.person) == ("recipe signed", "Ben")
    assert f"SHA-256 {DRAFT.sha256}" in signed.new
    assert (released.action, released.new) == ("recipe released", f"plate@1, next-start; {signature.words}")


def test_that_a_badge_signs_and_names_its_owner(plant: Plant) -> None:
    proof = SignatureProof(Secret("LSB-0099"), KnownBy.BADGE)
    assert release(desk_of(plant), "", proof).change.person == "Carl"
    assert desk_of(plant).signing(DRAFT).all[0].known_by == KnownBy.BADGE


def test_that_a_wrong_pin_is_refused_written_down_and_slowed_as_a_log_in(plant: Plant) -> None:
    desk = desk_of(plant)
    for _ in range(3):
        with pytest.raises(LogInRefusedError):
            release(desk, "Ben", SignatureProof(Secret(PIN)))
    with pytest.raises(LockedOutError):
        by_pin(desk, "Ben")
    with pytest.raises(LockedOutError):
        plant.people.log_in("Ben", Secret(OTHER_PIN))
    refused = list(plant.audit.find(AuditFilter(action=AuditAction.SIGNATURE_REFUSED)))
    assert [(each.subject, each.new) for each in refused] == [("plate@1", "Ben: Name or PIN is wrong.")] * 3
    assert state_of(plant) is RecipeState.DRAFT


@pytest.mark.parametrize(
    ("person", "proof", "error"),
    [
        ("Ben", None, MissingSignatureError),
        ("Anna Berg", SignatureProof(Secret(PIN)), PermissionRefusedError),
        ("", SignatureProof(Secret(BADGE), KnownBy.BADGE), PermissionRefusedError),
        ("Ben", SignatureProof(Secret("LSB-0099"), KnownBy.BADGE), BadInputError),
    ],
    ids=["none", "no permission", "badge without permission", "badge of another"],
)
def test_that_who_may_not_sign_is_refused(plant: Plant, person: str, proof: SignatureProof | None, error) -> None:
    copied = proof and SignatureProof(Secret("".join(map(chr, proof.secret.codes()))), proof.by)
    with pytest.raises(error):
        release(desk_of(plant), person, copied)
    assert state_of(plant) is RecipeState.DRAFT
    assert copied is None or not len(copied.secret)


def test_that_a_secret_is_wiped_when_the_role_may_not_release(plant: Plant) -> None:
    proof = SignatureProof(Secret(OTHER_PIN))
    with pytest.raises(PermissionRefusedError):
        release(desk_of(plant, roles=(Role.OPERATOR,)), "Ben", proof)
    assert not len(proof.secret)


def test_that_two_different_people_sign_also_over_a_restart(plant: Plant) -> None:
    assert by_pin(desk_of(plant, 2), "Ben").state is RecipeState.DRAFT
    with pytest.raises(BadInputError, match="Ben has signed plate@1 already"):
        by_pin(desk_of(plant, 2), "Ben")
    entry = by_pin(desk_of(plant, 2), "Carl")  # a desk of its own has no memory of the first signature
    assert (entry.state, entry.change.person) == (RecipeState.RELEASED, "Ben")
    assert entry.change.reason == "fewer rejects; checked by Carl: fewer rejects"
    assert [each.meaning.value for each in desk_of(plant).signing(DRAFT).all] == ["released by", "checked by"]


WITHDRAWALS: dict[str, Callable[[Plant], object]] = {
    "disabled": lambda plant: plant.people.disable("Ben", "left"),
    "disabled and enabled again": lambda plant: (
        plant.people.disable("Ben", "stolen PIN"), plant.people.enable("Ben", "found"),
    ),
    "another role": lambda plant: plant.people.set_roles("Ben", {Role.SUPERVISOR}, "moved"),
    "another PIN": lambda plant: plant.people.set_pin("Ben", Secret("86420975"), "lost"),
}  # fmt: skip


@pytest.mark.parametrize("way", WITHDRAWALS)
def test_that_a_signature_of_a_changed_account_does_not_count(plant: Plant, way: str) -> None:
    by_pin(desk_of(plant, 2), "Ben")
    WITHDRAWALS[way](plant)
    assert by_pin(desk_of(plant, 2), "Carl").state is RecipeState.DRAFT
    assert [each.person for each in desk_of(plant, 2).signing(DRAFT).waiting] == ["Carl"]


def test_that_a_signature_of_other_content_or_of_a_state_before_does_not_count(plant: Plant) -> None:
    by_pin(desk_of(plant, 2), "Ben")
    recipes = Recipes(plant.database)
    recipes.set_state("plate", 1, RecipeState.VALIDATED, StateChange("Ben", "48 of 48 found", utc_now()))
    assert not desk_of(plant, 2).signing(DRAFT).waiting
    by_pin(desk_of(plant, 2), "Ben")
    with plant.database.writing() as connection:
        connection.exec_driver_sql("UPDATE recipe_signature SET sha256 = ?", ("b" * 64,))
    assert by_pin(desk_of(plant, 2), "Carl").state is RecipeState.VALIDATED


def test_that_no_way_into_the_tables_releases_without_a_signature(plant: Plant) -> None:
    recipes, change = Recipes(plant.database), StateChange("Eve", "now", utc_now())
    with pytest.raises(MissingSignatureError, match="plate@1 is not signed"):
        recipes.set_state("plate", 1, RecipeState.RELEASED, change)
    with pytest.raises(MissingSignatureError):
        recipes.add_revision(Recipe("bolt", 1, "bolt", DRAFT.views), RecipeState.RELEASED, utc_now())
    assert state_of(plant) is RecipeState.DRAFT
    assert [each.recipe.name for each in recipes.entries()] == ["plate"]


def test_that_without_accounts_the_records_say_that_nobody_signed(tmp_path: Path) -> None:
    plant = Plant(tmp_path)
    Recipes(plant.database).add_revision(DRAFT, RecipeState.DRAFT, utc_now())
    assert release(desk_of(plant, 2), "Ada", None).state is RecipeState.RELEASED
    signing = desk_of(plant, 2).signing(DRAFT)
    assert (signing.needs_proof, signing.needed) == (False, 1)
    assert signing.words == "released by Ada, signed by nobody: no accounts"
    (entry,) = plant.audit.find(AuditFilter(action=AuditAction.RECIPE_RELEASED))
    assert entry.new.endswith("; released by Ada, signed by nobody: no accounts")
    plant.database.close()


def test_that_one_signature_retires_whatever_a_release_needs(plant: Plant) -> None:
    desk = desk_of(plant, 2)
    by_pin(desk, "Ben")
    by_pin(desk, "Carl")
    signer = desk.prove("plate@1", "Ben", "escapes", SignatureProof(Secret(OTHER_PIN)))
    assert desk.retire(DRAFT, StateChange("", "escapes", utc_now()), signer).state is RecipeState.RETIRED
    assert desk.signing(DRAFT).all[-1].words == "retired by Ben (engineer), PIN"


EVENTS = st.lists(
    st.tuples(st.sampled_from(["sign", "wrong PIN", "none", "disable", "enable"]), st.sampled_from(sorted(PINS))),
    max_size=8,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_that_a_revision_is_released_exactly_when_two_who_may_have_signed(tmp_path_factory, events) -> None:
    plant = Plant(tmp_path_factory.mktemp("plant")).settle()
    plant.people.add("Carl", {Role.ENGINEER}, Secret(CARL_PIN), None, "set-up", "Anna Berg")
    Recipes(plant.database).add_revision(DRAFT, RecipeState.DRAFT, utc_now())
    signed, disabled = set[str](), set[str]()
    for deed, person in events:
        plant.pass_time(hours=13)  # no try is locked out
        desk = desk_of(plant, 2)
        if deed in ("disable", "enable"):
            if person != "Anna Berg":  # the last one who can change people stays
                getattr(plant.people, deed)(person, "why")
                signed.discard(person)
                (disabled.add if deed == "disable" else disabled.discard)(person)
            continue
        proof = {"sign": PINS[person], "wrong PIN": "90909090"}.get(deed)
        good = deed == "sign" and person != "Anna Berg" and person not in disabled | signed
        try:
            entry = release(desk, person, SignatureProof(Secret(proof)) if proof else None)
        except StationError:
            assert not good
        else:
            assert good
            signed.add(person)
            assert (entry.state is RecipeState.RELEASED) is (len(signed) == 2)
        if len(signed) == 2:
            break
    assert (state_of(plant) is RecipeState.RELEASED) is (len(signed) == 2)
    plant.database.close()
