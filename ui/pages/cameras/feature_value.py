"""From what a person types to the value of a feature. Whether the camera takes it, the camera says."""

from station.domain.camera import CameraFeature, FeatureKind
from station.domain.errors import BadInputError
from station.domain.recipe import SettingValue

_STEP_SHARE = 0.05


def value_of(feature: CameraFeature, text: str) -> SettingValue:
    """The value that the words mean.

    Raises:
        BadInputError: They are no value of this kind.
    """
    match feature.kind:
        case FeatureKind.COMMAND:
            return True
        case FeatureKind.BOOLEAN:
            return text == "True"
        case FeatureKind.INTEGER:
            return int(_number(feature, text, whole=True))
        case FeatureKind.FLOAT:
            return _number(feature, text, whole=False)
        case FeatureKind.ENUMERATION | FeatureKind.STRING:
            return text


def stepped(feature: CameraFeature, text: str, steps: int) -> str:
    """The number in the text moved by this many steps: the camera's own, else a twentieth; other text as it is."""
    try:
        number = _number(feature, text, whole=False)
    except BadInputError:
        return text
    if feature.kind is FeatureKind.INTEGER:
        return str(round(number + steps * (feature.increment or 1)))
    return f"{number + steps * (feature.increment or abs(number) * _STEP_SHARE or 1):.8g}"


def _number(feature: CameraFeature, text: str, *, whole: bool) -> float:
    try:
        return int(text) if whole else float(text.replace(",", "."))
    except ValueError as error:
        wanted = "a whole number" if whole else "a number"
        raise BadInputError(f"{feature.name} cannot be '{text}'.", f"Type {wanted}.") from error
