"""A method of a plug-in as one of this room: it learns pictures, and becomes data instead of a graph."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import FaultError
from station.domain.frame import Image
from station.domain.plugin_model import LearnedModel, Lesson, Places
from station.inference.plugin_predictor import data_files, failure_of, sound
from station.learning.plugin_method import PluginMethod
from station.learning.progress import Progress
from station.trainer.detectors.contract import Maps, Pixels, Session


class PluginDetectorMethod:
    """See `DetectorMethod`."""

    def __init__(self, settings: PluginMethod) -> None:
        self._plugin, self._settings = settings.plugin, settings.typed_settings()
        self._learn = settings.method().learn

    def learn(self, pictures: Pixels, chosen: NDArray[np.intp], session: Session) -> "PluginDetector":
        """Learn from the chosen pictures.

        Raises:
            FaultError: The plug-in failed.
        """
        lesson = Lesson(session.seed, session.cores, lambda *step: session.on_progress(Progress(*step)))
        learned = [pictures[number] for number in chosen.tolist()]
        for picture in learned:
            picture.flags.writeable = False
        try:
            return PluginDetector(self._plugin, self._learn(learned, self._settings, lesson))
        except Exception as error:
            raise failure_of(self._plugin, error, "to learn") from error


class PluginDetector:
    """What a plug-in learned; see `LearnedData`."""

    def __init__(self, plugin: str, model: LearnedModel) -> None:
        self._plugin, self._model = plugin, model

    def maps(self, pictures: Pixels) -> Maps:
        """Return the raw map of each picture.

        Raises:
            FaultError: The plug-in failed, or its answer is not a number.
        """
        return np.stack([sound(self._plugin, self._asked(picture)) for picture in pictures])

    def scores(self, pictures: Pixels) -> NDArray[np.float32]:
        """Return the raw score of each picture: the highest place."""
        return np.asarray(self.maps(pictures).max((1, 2)), np.float32)

    def _asked(self, picture: Image) -> Places:
        given = picture.copy()
        given.flags.writeable = False
        try:
            return self._model.places(given)
        except Exception as error:
            raise failure_of(self._plugin, error, "on a picture of the teaching") from error

    def save(self, folder: Path) -> None:
        """Write the files of a model package into a folder.

        Raises:
            FaultError: The plug-in failed, or its data is not plain.
        """
        try:
            data = self._model.data()
        except Exception as error:
            raise failure_of(self._plugin, error, "to give its data") from error
        try:
            files = data_files(data)
        except (TypeError, ValueError, AttributeError) as error:
            raise FaultError(f"The model of the plug-in {self._plugin} cannot be written: {error}.") from error
        for name, content in files.items():
            (folder / name).write_bytes(content)
