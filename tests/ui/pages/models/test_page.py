"""The models page in the real window."""

from dataclasses import replace

import pytest
from evaluated import evaluation

from station.commands.evaluations import EvaluationCommands, MistakeView
from station.domain.recipe import RecipeEntry, RecipeState
from ui.pages.models.models_view import NO_RECIPE, Subject, first_choice, models_view

CRACK = "test/crack/000.png"


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each revision of "plate" has figures on its own version and on no other."""

    def find(_self, name: str, revision: int, view: str = "", version: str = ""):
        known = evaluation(revision, escapes=revision, recipe=name)
        return known if version in ("", known.dataset_version) else None

    monkeypatch.setattr(EvaluationCommands, "find", find)
    monkeypatch.setattr(EvaluationCommands, "versions_of", lambda *_: ("21f29c2451269052", "another"))


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch, make_live, make_inspection) -> None:
    part = make_live(make_inspection(1)).views[0]
    seen = {CRACK: MistakeView(part, part.levels[-1])}
    monkeypatch.setattr(EvaluationCommands, "look_at", lambda *_: seen)


def test_that_no_subject_says_what_to_do_next() -> None:
    assert models_view((), ()).said == NO_RECIPE


def test_that_a_revision_without_figures_is_named_beside_one_that_has_some() -> None:
    view = models_view((Subject("tile", 3), Subject("tile", 4)), (evaluation(3), None))
    assert view.headings == ("", "tile@3")
    assert view.missing == (Subject("tile", 4),)
    assert "tile@4 was not measured on this version" in view.said
    assert view.mistakes[0].words.startswith("escape: crack")


def test_that_the_newest_draft_is_shown_beside_the_champion(station) -> None:
    champion = station.recipes.find("plate")
    draft = RecipeEntry(
        replace(champion.recipe, revision=2),
        RecipeState.DRAFT,
        champion.created_at.replace(year=2099),
        champion.change,
    )
    assert first_choice([draft, champion]) == (Subject("plate", 2), Subject("plate", 1))
    assert first_choice([champion]) == (Subject("plate", 1),)


def test_that_two_revisions_are_shown_side_by_side_with_their_worst_mistakes(
    window, station, figures, pictures, qtbot
) -> None:
    station.recipes.add(replace(station.recipes.find("plate").recipe, revision=2))
    window.show_page("models")
    window.presenter_of("models").show_subject((("plate", 1, ""), ("plate", 2, "")))
    page = window.page_of("models")
    qtbot.waitUntil(lambda: page._shown is not None and len(page._shown.headings) == 3, timeout=10_000)
    assert page._shown.headings == ("", "plate@1", "plate@2")
    qtbot.waitUntil(lambda: page.mistakes.canvas.rendered is not None, timeout=10_000)
    page.version.setCurrentIndex(1)
    page.chosen.emit()
    qtbot.waitUntil(lambda: len(page._shown.missing) == 2, timeout=10_000)


def test_that_three_revisions_are_shown_until_a_person_chooses_others(
    window, station, figures, pictures, qtbot
) -> None:
    for revision in (2, 3):
        station.recipes.add(replace(station.recipes.find("plate", 1).recipe, revision=revision))
    window.open_page("models", tuple(("plate", revision, "") for revision in (3, 2, 1)))
    page = window.page_of("models")
    all_three = ("", "plate@3", "plate@2", "plate@1")
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.headings == all_three, timeout=10_000)
    page.beside.setCurrentIndex(0)
    page.chosen.emit()
    qtbot.waitUntil(lambda: page._shown.headings == ("", "plate@3"), timeout=10_000)


def test_that_the_page_opens_with_the_revision_it_is_opened_for(window, station, figures, pictures, qtbot) -> None:
    station.recipes.add(replace(station.recipes.find("plate").recipe, revision=2))
    window.open_page("models", ("plate", 1))
    page = window.page_of("models")
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.headings == ("", "plate@1"), timeout=10_000)


def test_that_a_saved_csv_is_named(window, station, figures, pictures, qtbot) -> None:
    window.show_page("models")
    presenter, page = window.presenter_of("models"), window.page_of("models")
    qtbot.waitUntil(presenter._context.actions["save the evaluation as CSV"].isEnabled, timeout=10_000)
    presenter._context.actions["save the evaluation as CSV"].trigger()
    qtbot.waitUntil(lambda: page.said.text().startswith("Saved as evaluation-plate-1"), timeout=10_000)
    assert len(list(station.workspace.reports.glob("evaluation-plate-1-*.csv"))) == 1


def test_that_a_measurement_that_fails_says_why(window, station, figures, pictures, qtbot) -> None:
    window.show_page("models")
    presenter, page = window.presenter_of("models"), window.page_of("models")
    actions = presenter._context.actions
    qtbot.waitUntil(actions["measure on a version"].isEnabled, timeout=10_000)
    actions["measure on a version"].trigger()
    qtbot.waitUntil(lambda: "are not on this station" in page.said.text(), timeout=60_000)
    assert actions["measure on a version"].isEnabled()
