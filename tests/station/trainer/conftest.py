"""Third parties warn while they are imported, and warnings are errors here: import them once, before the tests do."""

import warnings

from station.trainer.offline import stay_offline
from station.trainer.torchvision_ops import make_importable

stay_offline()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    make_importable()
    import station.trainer.network  # noqa: F401
