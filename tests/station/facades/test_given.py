"""A station on behalf of somebody: its facades are made when they are used, each for its own authority."""

from functools import cached_property
from pathlib import Path

import pytest

from station.app import Station
from station.domain.permissions import PermissionRefusedError, Role


def test_that_a_page_makes_only_the_facades_that_it_uses_and_each_once(tmp_path: Path) -> None:
    with Station.open(tmp_path) as station:
        page = station.at_window("Line page")
        made = [name for name in vars(page) if isinstance(getattr(Station, name, None), cached_property)]
        assert made == []
        assert page.recipes is page.recipes
        assert page.recipes is not station.recipes


def test_that_a_facade_used_before_does_not_lend_its_authority_to_others(tmp_path: Path) -> None:
    with Station.open(tmp_path) as station:
        station.datasets.add_kind("plate", "crack")
        operator = station.acting_as(Role.OPERATOR)
        with pytest.raises(PermissionRefusedError):
            operator.datasets.add_kind("plate", "hole")
        station.datasets.add_kind("plate", "hole")
