"""Keep libraries from downloading, reporting and spinning. Call all of it before torch is imported."""

import logging
import os
import warnings


def stay_offline() -> None:
    """Switch off all network access of the libraries, in this process and its children."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"


def yield_the_cores() -> None:
    """Let waiting threads sleep instead of spin: the running line needs the core."""
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def silence_greetings() -> None:
    """Silence what libraries print on import; the log is for failures."""
    warnings.simplefilter("ignore")
    for name in ("lightning", "lightning.pytorch", "lightning.fabric", "anomalib", "torch"):
        logging.getLogger(name).setLevel(logging.ERROR)
