"""Recipes as signed files: written for another station, and imported after a question about an unknown signer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from station.domain.errors import StationError, StorageError
from station.domain.recipe import Recipe, RecipeEntry
from station.domain.signer import UnknownSignerError
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks
from ui.pages.recipes.file_sheet import FileSheet
from ui.pages.recipes.page import RecipesPage
from ui.widgets.confirm_dialog import ask


class FileLife:
    """Opens the sheets, and gives the station the commands."""

    def __init__(
        self,
        page: RecipesPage,
        context: PageContext,
        tasks: BackgroundTasks,
        look_again: Callable[[str, str], object],
        say: Callable[[str], object],
    ) -> None:
        self._page, self._station, self._tasks = page, context.station, tasks
        self._look_again, self._say = look_again, say

    def ask_where_to(self, recipe: Recipe) -> None:
        """Ask for the file that recipe and models are written to, and show by what others know this station."""
        self._tasks.ask(self._by_what_known, partial(self._show_export, recipe), self._fail)

    def ask_where_from(self) -> None:
        """Ask for a recipe file; it becomes a draft."""
        sheet = FileSheet(self._page, "Import a recipe", "It becomes a draft, with the next revision.", "", "Import")
        sheet.wanted.connect(self._import)
        sheet.open()

    def _by_what_known(self) -> str:
        try:
            return f"Signed by this station, fingerprint {self._station.exchange.own_signer().fingerprint}."
        except StorageError as error:
            return f"The file will not be signed. {error.sentence}"

    def _show_export(self, recipe: Recipe, known: str) -> None:
        if not self._page.isVisible():
            return  # the answer came after the person went to another page
        proposed = self._station.workspace.root / "reports" / f"{recipe.name} {recipe.revision}.lineside"
        text = f"One file with recipe and models, for another station. {known}"
        sheet = FileSheet(self._page, f"Export {recipe.name} {recipe.revision}", text, str(proposed), "Export")
        sheet.wanted.connect(partial(self._export, recipe))
        sheet.open()

    def _export(self, recipe: Recipe, path: Path) -> None:
        self._tasks.ask(
            lambda: self._station.exchange.export(recipe.name, recipe.revision, path),
            lambda written: self._say(f"Saved as {written.path}. {written.unsigned}".strip()),
            self._fail,
        )

    def _import(self, path: Path, trust: str = "") -> None:
        self._tasks.ask(
            lambda: self._station.exchange.import_(path, trust),
            self._imported,
            lambda error: self._ask_about(path, error) if isinstance(error, UnknownSignerError) else self._fail(error),
        )

    def _imported(self, entry: RecipeEntry) -> None:
        recipe = entry.recipe
        self._look_again(recipe.label, f"{recipe.name} {recipe.revision} is imported as a draft.")

    def _ask_about(self, path: Path, unknown: UnknownSignerError) -> None:
        """Let a person decide, who has compared the fingerprint with the sender; nobody is believed by default."""
        signer = unknown.signer
        if signer.public_key:
            title, what = "Unknown signer", f"'{signer.called}' signed {path.name}. This station does not know it."
        else:
            title, what = "Nobody signed this file", f"Nothing proves where {path.name} comes from."
        text = f"{what}\n\nFingerprint\n{signer.fingerprint}\n\nAsk the sender for it, and compare each group."
        ask(
            self._page, title, text, "They are the same: import", "Do not import",
            lambda: self._import(path, signer.fingerprint),
        )  # fmt: skip

    def _fail(self, error: StationError) -> None:
        self._say(f"{error.sentence} {error.advice}".strip())
