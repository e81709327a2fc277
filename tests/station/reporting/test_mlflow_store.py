"""The exported runs are opened by MLflow itself."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from evaluated import evaluation
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.reporting.mlflow_store import allowed_names, store_runs, stored_run

_READ = """
import json, os, sys
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
from mlflow.tracking import MlflowClient
client = MlflowClient(f"sqlite:///{sys.argv[1]}")
found = client.search_runs([client.get_experiment_by_name("tile").experiment_id])
print(json.dumps([[r.info.run_name, r.info.status, r.data.params, r.data.metrics] for r in found]))
"""


_NO_NETWORK = """
import os, sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        os.write(2, f"tried to reach {arguments}".encode())
        os._exit(99)
sys.addaudithook(forbid)
"""


@pytest.fixture
def no_network(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python process that looks for a network ends."""
    folder = tmp_path_factory.mktemp("no-network")
    (folder / "sitecustomize.py").write_text(_NO_NETWORK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]))


@pytest.mark.slow
def test_that_mlflow_opens_the_exported_runs_with_every_figure(tmp_path: Path, no_network: None) -> None:
    pytest.importorskip("mlflow", reason="MLflow is an extra that is not installed here")
    store = tmp_path / "mlflow.db"
    runs = [stored_run(evaluation(3), "tile"), stored_run(evaluation(4, escapes=5), "tile")]
    store_runs(runs, store)
    store_runs(runs[:1], store)  # a second export adds nothing
    read = subprocess.run(
        [sys.executable, "-c", _READ, store], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    found = {name: (status, params, metrics) for name, status, params, metrics in json.loads(read.stdout)}
    assert set(found) == {"tile@3 on 21f29c2451269052", "tile@4 on 21f29c2451269052"}
    status, params, metrics = found["tile@4 on 21f29c2451269052"]
    assert (status, params["dataset_version"]) == ("FINISHED", "21f29c2451269052")
    assert math.isclose(metrics["image_auroc"], 0.982)
    assert (metrics["escapes/count"], metrics["escapes/n"]) == (5, 40)
    assert metrics["rough _5_/escapes"] == 0
    assert {path.name for path in tmp_path.iterdir()} == {"mlflow.db"}


def test_that_a_station_without_mlflow_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(BadInputError, match="not installed") as refused:
        store_runs([], tmp_path / "mlflow.db")
    assert "lineside[mlflow]" in refused.value.advice


@given(names=st.lists(st.text(max_size=8), unique=True))
def test_that_no_two_figures_get_the_same_name(names: list[str]) -> None:
    allowed = allowed_names(names)
    assert set(allowed) == set(names)
    assert len(set(allowed.values())) == len(names)
