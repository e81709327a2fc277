"""Somebody without a name who may do everything: for tests that are not about people."""

from station.domain.permissions import Role
from station.domain.person import Person

EVERYBODY = Person("", frozenset(Role))
