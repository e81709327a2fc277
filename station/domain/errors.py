"""Failures that a person can do something about. Anything else is a bug and keeps its trace."""


class StationError(Exception):
    """An expected failure.

    The text is one sentence that names the thing; `advice` says what its reader can do.
    Subclasses give a default advice, a caller may give a better one.
    """

    advice = "Run 'linesidectl doctor' for a check of the whole station."
    exit_code = 3

    def __init__(self, sentence: str, advice: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


class BadInputError(StationError):
    """What the person gave cannot be used; nothing was changed."""

    advice = "Check the input and try again."
    exit_code = 2


class FaultError(StationError):
    """A part of the station itself failed."""


class CameraError(FaultError):
    """A camera cannot be opened, set or read."""

    advice = "Run 'linesidectl cameras' to see every camera and what is wrong with it."


class CameraLostError(CameraError):
    """A camera that was delivering stopped doing so."""

    advice = "Check the camera's cable and power. The station reconnects by itself."


class ModelError(BadInputError):
    """A model package is refused."""

    advice = "Teach the product again, or import a package that was exported by this version."


class StorageError(FaultError):
    """The database or the picture folder cannot be read or written."""

    advice = "Check the disk's space and rights. Nothing that was acknowledged is lost."
