"""A guest with manners: downloads nothing, tells nobody, holds no core. Call all of it before torch is imported."""

import logging
import os
import warnings


def stay_offline() -> None:
    """Switch every look at a network off, in this process and those it starts."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["DO_NOT_TRACK"] = "1"


def yield_the_cores() -> None:
    """Threads that wait for others sleep instead of spinning: the line beside the training needs the core."""
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def quieten() -> None:
    """Third parties greet on import; the log is for what goes wrong."""
    warnings.simplefilter("ignore")
    for name in ("lightning", "lightning.pytorch", "lightning.fabric", "anomalib", "torch"):
        logging.getLogger(name).setLevel(logging.ERROR)
