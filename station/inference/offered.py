"""Whether a recipe may use a precision: only as far as the certificate of its model package goes."""

from station.domain.errors import BadInputError
from station.domain.recipe import InferenceSettings
from station.inference.certificate import MOST_REPEATED, PrecisionCertificate
from station.inference.model_package import ModelPackage

REMEDY = "Set the precision of the recipe to f32 and its device to CPU, or teach the product again on this machine."


def certified(package: ModelPackage, settings: InferenceSettings) -> PrecisionCertificate | None:
    """Return what the package says of a precision; None if it does not know it."""
    certificate = package.manifest.certificate
    return None if certificate is None else certificate.of(settings.device, settings.precision)


def require_offered(package: ModelPackage, settings: InferenceSettings) -> PrecisionCertificate | None:
    """Return the certificate of a precision that a recipe may use; None for f32 on the CPU, which needs none.

    Raises:
        BadInputError: The package does not prove that this precision gives the verdicts of f32.
    """
    found, name = certified(package, settings), package.manifest.name
    if settings == InferenceSettings():
        return found
    way = f"{settings.precision} on {settings.device}"
    if found is None:
        raise BadInputError(f"The model package '{name}' has no certificate for {way}.", REMEDY)
    if found.turned_with_guard:
        raise BadInputError(f"In {way} the model '{name}' gives other verdicts than in f32.", REMEDY)
    if not found.offered:
        raise BadInputError(
            f"In {way} the model '{name}' would judge {found.repeat_rate:.1%} of the parts twice, and at most "
            f"{MOST_REPEATED:.0%} may be.",
            REMEDY,
        )
    return found
