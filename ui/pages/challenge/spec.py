"""Registers the challenge page. Its widgets are loaded when it is first seen, so that the line comes up sooner."""

from typing import TYPE_CHECKING

from station.domain.permissions import Role
from ui.actions.page_spec import Group, PageSpec
from ui.pages.challenge.actions import CHALLENGE_ROWS

if TYPE_CHECKING:
    from ui.pages.challenge.page import ChallengePage
    from ui.pages.challenge.presenter import ChallengePresenter


def _load() -> "tuple[type[ChallengePage], type[ChallengePresenter]]":
    from ui.pages.challenge.page import ChallengePage  # noqa: PLC0415 - not at every start
    from ui.pages.challenge.presenter import ChallengePresenter  # noqa: PLC0415 - not at every start

    return ChallengePage, ChallengePresenter


CHALLENGE = PageSpec(
    name="challenge",
    title="Challenge parts",
    role=Role.OPERATOR,
    key="Ctrl+F8",
    actions=CHALLENGE_ROWS,
    load=_load,
    group=Group.PROVE,
)
