"""Evaluations as runs of MLflow, in a store of SQLite, for people who compare with other programs.

MLflow takes seconds to load, so this is a program of its own: `python -m station.reporting.mlflow_store` reads the runs
as JSON from stdin. It opens no network: MLflow's usage statistics are switched off before it is loaded.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from station.domain.errors import BadInputError, FaultError
from station.domain.evaluation import Evaluation
from station.reporting.evaluation_wording import metrics

_REFUSED = re.compile(r"[^/\w.\- :]")
"""What MLflow allows in the name of a metric is everything else: it refuses "F1@0.5" and "p%"."""
_KEY = "lineside.evaluation"
_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as MLflow keeps it.

    Attributes:
        experiment: Its experiment: the product.
        name: Its name: "tile@3 on 21f29c24".
        key: What makes it unique; a run with this key is not stored twice.
        started_ms: Milliseconds since 1970.
        params: What was chosen.
        metrics: What was measured; names that MLflow refuses are renamed.
    """

    experiment: str
    name: str
    key: str
    started_ms: int
    params: Mapping[str, str]
    metrics: Mapping[str, float]


def stored_run(evaluation: Evaluation, product: str) -> StoredRun:
    """Return an evaluation as a run of the product's experiment."""
    at = round(evaluation.measured_at.timestamp() * 1000)
    return StoredRun(
        experiment=product,
        name=f"{evaluation.label} on {evaluation.dataset_version}",
        key=f"{evaluation.label} {evaluation.view} {evaluation.dataset_version} {at}",
        started_ms=at,
        params={
            "recipe": evaluation.label,
            "view": evaluation.view or "-",
            "dataset_version": evaluation.dataset_version,
            "image_threshold": str(evaluation.image_threshold),
        },
        metrics=metrics(evaluation),
    )


def store_runs(runs: Sequence[StoredRun], store: Path) -> None:
    """Add the runs to the store, which is made if it does not exist.

    Raises:
        BadInputError: MLflow is not installed, or the store cannot be written.
        FaultError: MLflow failed.
    """
    if importlib.util.find_spec("mlflow") is None:
        raise BadInputError("MLflow is not installed.", "Install it once: pip install 'lineside[mlflow]'.")
    job = json.dumps({"store": str(store), "runs": [asdict(run) for run in runs]})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "station.reporting.mlflow_store"],
            input=job,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_WITHIN_S,
            check=False,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
        )
    except subprocess.TimeoutExpired as error:
        raise FaultError("MLflow does not answer.", "Try again when the line is stopped.") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise FaultError(f"MLflow refused the runs: {last}.", f"Check that {store} can be written.")


def allowed_names(names: Sequence[str]) -> dict[str, str]:
    """Return for each name one that MLflow allows; no two become the same."""
    allowed: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        base = _REFUSED.sub("_", name).strip("/ ") or "_"
        candidate, count = base, 2
        while candidate in taken:
            candidate, count = f"{base}_{count}", count + 1
        taken.add(candidate)
        allowed[name] = candidate
    return allowed


def main() -> None:
    """Read the runs from stdin and add them."""
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - takes seconds, and is an extra

    job = json.loads(sys.stdin.read())
    store = Path(job["store"])
    client = MlflowClient(f"sqlite:///{store.as_posix()}")
    for values in job["runs"]:
        _add(client, StoredRun(**values), store)


def _add(client: Any, run: StoredRun, store: Path) -> None:  # noqa: ANN401 - MLflow's client, which is an extra
    found = client.get_experiment_by_name(run.experiment)
    artifacts = store.with_suffix(".artifacts").as_uri()
    experiment = found.experiment_id if found else client.create_experiment(run.experiment, artifacts)
    if client.search_runs([experiment], f"tags.`{_KEY}` = '{run.key}'"):
        return
    made = client.create_run(experiment, run.started_ms, {_KEY: run.key}, run.name)
    number = made.info.run_id
    for name, value in run.params.items():
        client.log_param(number, name, value)
    names = allowed_names(list(run.metrics))
    for name, figure in run.metrics.items():
        client.log_metric(number, names[name], figure, run.started_ms)
    client.set_terminated(number, "FINISHED", run.started_ms)


if __name__ == "__main__":
    main()
