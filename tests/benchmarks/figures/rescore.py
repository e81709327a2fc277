"""A re-score of stored parts of 5 MP: two workers of a cluster over one, two processes over threads and over infer().

The parts are PNG files as the station stores them; each way reads, checks, decodes and judges all of them. Nothing is
written: the records of a part are measured by `durable_record`.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from figure import Figure, NotMeasuredError, Setting, of_pairs
from prepared import Taught, taught

from station.app import Station
from station.cli.in_turn import in_turn
from station.commands.rescore import Judges, _in_batches
from station.domain.clock import utc_now
from station.domain.digest import sha256_hex
from station.domain.inspection import PartKey
from station.domain.rescore import PartToJudge, RescoredPart
from station.domain.shift import StoredPicture
from station.rescore.local_processes import LocalProcesses
from station.rescore.part_judge import (
    Batch,
    Folders,
    PartJudge,
    Question,
    files_of,
    forget_models,
    judge_batch,
    this_environment,
)
from station.storage.pictures.encoding import encode_original
from station.vision.preprocess import Preprocessor

NAME = "re-score of stored parts"
LEAST_OF_TWO = 1.8
"""Two workers do at least 0.9 of twice what one does."""
_PARTS = 32
_BOTH = 2
_AS_IN_README = {"threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}

Way = Callable[[int], float]
Ways = dict[str, Way]


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figures of pairs of re-scores of the same 32 parts."""
    with taught(setting) as (station, one), ExitStack() as held:
        recipe = one.recipe.with_view(one.view)
        batches = _stored(one, setting.folder / "stored parts")
        question = Question(recipe, recipe, str(setting.folder / "stored parts"))
        folders = Folders(station.workspace.models, station.workspace.cache)
        processes = held.enter_context(closing(LocalProcesses(question, folders, _BOTH)))
        ways: dict[str, Way] = {
            "processes": lambda _: _seconds(lambda: list(processes.answers(batches))),
            "threads": held.enter_context(_in_threads(question, folders, batches)),
            "infer": _bare(one),
        }
        local = in_turn(ways, setting.pairs(20), warm_up=1)
        clusters = held.enter_context(_on_cluster(station, question, one, batches, setting.folder))
        taken = in_turn(clusters, setting.pairs(20), warm_up=1)
    rates = {workers: [_PARTS / seconds for seconds in each] for workers, each in taken.items()}
    two = of_pairs(f"{NAME}: two workers over one", rates["2"], rates["1"], "1/s", LEAST_OF_TWO, "parts of 5 MP")
    each = {way: [1000 * seconds / _PARTS for seconds in measured] for way, measured in local.items()}
    return (
        Figure(two.name, two.ours, two.peer, two.unit, two.ratio, two.bound, two.pairs, two.note, at_least=True),
        of_pairs(f"{NAME}: two processes over two threads", each["processes"], each["threads"], "ms", None),
        of_pairs(f"{NAME}: over bare infer() with all cores", each["processes"], each["infer"], "ms", None,
                 "reading, hash and PNG of 5 MP included"),
    )  # fmt: skip


def _stored(one: Taught, folder: Path) -> list[Batch]:
    """Write the parts as the station does; return them in batches."""
    folder.mkdir(exist_ok=True)
    parts = []
    for number in range(1, _PARTS + 1):
        path = folder / f"{number}.png"
        if not path.exists():
            path.write_bytes(encode_original(one.grey[number % len(one.grey)].image))
        content = path.read_bytes()
        stored = StoredPicture(path.name, sha256_hex(content), len(content))
        parts.append(PartToJudge(PartKey(1, number), utc_now(), None, ((one.view.name, stored),)))
    return list(_in_batches(iter(parts)))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bare(one: Taught) -> Way:
    preprocess = Preprocessor(one.predictor.input_size, one.view.roi)
    inputs = [preprocess.run(one.grey[number % len(one.grey)].image).model_input for number in range(_PARTS)]
    request = one.predictor.compiled.create_infer_request()

    def infer_all() -> None:
        for picture in inputs:
            request.infer(picture[None])

    return lambda _: _seconds(infer_all)


@contextmanager
def _in_threads(question: Question, folders: Folders, batches: list[Batch]) -> Iterator[Way]:
    with ExitStack() as held:
        judges = [held.enter_context(closing(PartJudge(question, folders))) for _ in range(_BOTH)]
        pool = held.enter_context(ThreadPoolExecutor(_BOTH))

        def judge(which: int) -> list[RescoredPart]:
            return [judges[which].judge(part) for batch in batches[which::_BOTH] for part in batch]

        yield lambda _: _seconds(lambda: list(pool.map(judge, range(_BOTH))))


@contextmanager
def _on_cluster(
    station: Station, question: Question, one: Taught, batches: list[Batch], folder: Path
) -> Iterator[Ways]:
    """Give the re-score by one worker and by two of one cluster: what the cluster itself takes is the same for both."""
    try:
        from distributed import LocalCluster  # noqa: PLC0415 - an extra

        from station.rescore.cluster import Cluster  # noqa: PLC0415 - an extra
        from station.rescore.cluster_worker import Assignment, Proof  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise NotMeasuredError(f"{error}: it comes with the extra `cluster`") from error
    folders = Folders(station.workspace.models, station.workspace.cache)
    first = batches[0][0]
    (expected,) = judge_batch(question, folders, (first,))
    forget_models()
    proof = Proof(this_environment(), first, expected)
    packages = {one.package.folder.name: files_of(one.package)}
    with ExitStack() as held:
        cluster = held.enter_context(LocalCluster(n_workers=_BOTH, local_directory=str(folder), **_AS_IN_README))
        ways: Ways = {}
        for workers in (1, _BOTH):
            assignment = Assignment(f"figure-{workers}", question, proof)
            judges = held.enter_context(closing(Cluster(cluster.scheduler_address, assignment, packages)))
            while len(there := sorted(judges._good())) < _BOTH:
                time.sleep(0.1)
            judges.refused |= dict.fromkeys(there[workers:], "This figure is that of one worker.")
            ways[str(workers)] = partial(_answered, judges, batches)
        yield ways


def _answered(judges: Judges, batches: list[Batch], _: int) -> float:
    return _seconds(lambda: list(judges.answers(batches)))
