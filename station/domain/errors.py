"""Failures that a person can do something about. Anything else is a bug and keeps its trace."""

from station.domain.names import readable_sentence

_OPENCV_LACKS_MEMORY = -4


class StationError(Exception):
    """An expected failure.

    The text is one sentence that names the thing; `advice` says what its reader can do. Both are for those who set the
    station up. `for_operator` is for the person at the line: a cause and an action, without paths, names of the
    program's parts or commands. Subclasses give a default advice and operator's words, a caller may give better ones.
    """

    advice = "Run 'linesidectl doctor' for a check of the whole station."
    for_operator = "The station cannot do this. Call the engineer."
    exit_code = 3

    def __init__(self, sentence: str, advice: str | None = None, *, for_operator: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = readable_sentence(sentence)
        if advice is not None:
            self.advice = readable_sentence(advice)
        if for_operator is not None:
            self.for_operator = for_operator

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class BadInputError(StationError):
    """What the person gave cannot be used; nothing was changed."""

    advice = "Check the input and try again."
    for_operator = "This was refused, and nothing was changed. Call the engineer."
    exit_code = 2


class GivenUpError(BadInputError):
    """Something that takes long was given up by a person, or because the program ends."""

    advice = "Begin it again at any time."


class NoCameraError(BadInputError):
    """The settings name no camera, and nothing is inspected that nobody has chosen."""

    advice = (
        "Name it in station.toml: [camera] source = \"genicam:SERIAL\"; 'linesidectl cameras' lists the cameras. "
        'For a trial with drawn parts: source = "simulated:".'
    )
    for_operator = "No camera is set. Call the engineer: the settings of this station name the camera."


class FaultError(StationError):
    """A part of the station itself failed."""

    for_operator = "A part of the station failed. Call the engineer."


class CameraError(FaultError):
    """A camera cannot be opened, set or read."""

    advice = "Run 'linesidectl cameras' to see every camera and what is wrong with it."
    for_operator = "The camera cannot be used. Check its cable and its power, or call the engineer."


class CameraBusyError(CameraError):
    """A camera was not asked: it has not answered somebody else yet."""


class CameraLostError(CameraError):
    """A camera that was delivering stopped doing so."""

    advice = "Check the camera's cable and power. The station reconnects by itself."
    for_operator = "The camera sends no pictures. Check its cable and its power."


class ModelError(BadInputError):
    """A model package is refused."""

    advice = "Teach the product again, or import a package that was exported by this version."
    for_operator = "This product cannot be inspected now. Choose another product, or call the engineer."


class StorageError(FaultError):
    """The database or the picture folder cannot be read or written."""

    advice = "Check the disk's space and rights. Nothing that was acknowledged is lost."
    for_operator = "Results cannot be saved. Call the engineer."


def is_lack_of_memory(error: BaseException) -> bool:
    """Return whether memory was refused.

    OpenCV has an error of its own for that, with a number for each kind; a thread without memory for its stack is a
    RuntimeError of Python.
    """
    if isinstance(error, MemoryError) or getattr(error, "code", None) == _OPENCV_LACKS_MEMORY:
        return True
    return isinstance(error, RuntimeError) and str(error) == "can't start new thread"
