"""Whatever the way in, nothing is released or retired without a signature once the station has accounts."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plant import OTHER_PIN, PIN

from station.app import Station
from station.domain.audit import AuditAction, AuditFilter
from station.domain.errors import BadInputError
from station.domain.permissions import Role
from station.domain.person import KnownBy, Person
from station.domain.recipe import RecipeState, StateChange
from station.domain.secret import Secret
from station.domain.signature import BY_WORD, Consent, SignatureProof
from station.storage.recipes.recipes import Recipes

Way = Callable[[Station, Consent], object]
WAYS: dict[str, Way] = {
    "release": lambda s, c: s.recipes.release("plate", 2, "Anna", "why", consent=c),
    "roll back": lambda s, c: s.recipes.roll_back("plate", "Anna", "why", consent=c),
    "release again": lambda s, c: s.recipes.release_again("plate", 1, "Anna", "why", consent=c),
    "retire": lambda s, c: s.recipes.retire("plate", 1, "Anna", "why", c),
    "promote": lambda s, c: s.candidates.promote("plate", 2, "Anna", "why", consent=c),
    "add released": lambda s, _: s.recipes.add(
        replace(s.recipes.find("plate", 1).recipe, name="bolt"), RecipeState.RELEASED
    ),
    "a plug-in that writes into the tables": lambda s, _: Recipes(s._core.database).set_state(
        "plate", 2, RecipeState.RELEASED, StateChange("Anna", "why", s.recipes.find("plate", 1).created_at)
    ),
}


@pytest.fixture
def manned(station: Station) -> Station:
    """Anna may not release; nobody who may signs here."""
    station.recipes.set_value("plate", 1, "limits.image_threshold", "0.46", "Ben", "escape")
    station.people.add("Anna", {Role.SUPERVISOR}, Secret(PIN), None, "first")
    station.people.add("Ben", {Role.ENGINEER}, Secret(OTHER_PIN), None, "set-up", "Anna")
    return station


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    way=st.sampled_from(sorted(WAYS)),
    place=st.sampled_from(["command line", "window"]),
    typed=st.one_of(st.none(), st.just(PIN), st.text("0123456789", min_size=4, max_size=12)),
    by=st.sampled_from([KnownBy.PIN, KnownBy.BADGE]),
)
def test_that_no_way_in_releases_or_retires_without_a_signature_that_holds(
    manned: Station, way: str, place: str, typed: str | None, by: KnownBy
) -> None:
    before = [(each.recipe, each.state) for each in manned.recipes.entries()]
    manned.people.session.begin(Person("Ben", frozenset({Role.ENGINEER}), KnownBy.PIN))
    acting = manned.at_window("Recipes page") if place == "window" else manned.acting_as(*Role, signature="ida")
    consent = BY_WORD if typed is None else Consent(SignatureProof(Secret(typed), by))
    with pytest.raises(BadInputError):
        WAYS[way](acting, consent)
    assert [(each.recipe, each.state) for each in manned.recipes.entries()] == before


def test_that_a_command_without_pin_and_badge_is_in_the_audit_trail(manned: Station) -> None:
    with pytest.raises(BadInputError, match="plate@2 needs a signature"):
        manned.recipes.release("plate", 2, "Ben", "why")
    (entry,) = manned.audit.entries(AuditFilter(action=AuditAction.SIGNATURE_REFUSED))
    assert (entry.subject, entry.new) == ("plate@2", "Neither PIN nor badge was given.")
