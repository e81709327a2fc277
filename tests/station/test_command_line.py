"""`linesidectl` as a program calls it: exit codes, one sentence, JSON lines."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.__main__ import main
from station.app import Station
from station.domain.recipe import QualityLimits, Recipe, RecipeState, View
from station.domain.shift import EventKind
from station.learning import teaching
from station.learning.evaluation import evaluate_folder
from station.line_lock import line_lock
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory, tiny_package) -> Path:
    """A workspace with the released recipes "tiny", "lid" (its view is "top") and "duo" (two); tests work on copies."""
    root = tmp_path_factory.mktemp("taught") / "station"
    workspace = Workspace.open(root)
    shutil.copytree(tiny_package.folder, workspace.models / "tiny")
    database = Database.open(workspace.database)
    view = View(tiny_package.reference, quality=QualityLimits(frozen_after=0))
    top, side = (replace(view, name=name, dataset_version=f"{name}s") for name in ("top", "side"))
    for recipe in (
        Recipe("tiny", 1, "tiny", (view,)),
        Recipe("lid", 1, "lid", (top,)),
        Recipe("duo", 1, "duo", (top, side)),
    ):
        Recipes(database).add_revision(recipe, RecipeState.RELEASED, datetime.now(UTC))
    database.close()
    return root


@pytest.fixture
def workspace(taught: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(taught, tmp_path / "station"))


@pytest.fixture
def pictures(tmp_path: Path, draw_part) -> Path:
    folder = tmp_path / "pictures"
    for name, picture in {
        "good/000": draw_part(1),
        "good/001": draw_part(2),
        "crack/000": draw_part(3, defective=True),
    }.items():
        file = folder / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), picture)
    return folder


@pytest.fixture
def labelled(pictures: Path) -> Path:
    """The same, as a folder of labelled pictures."""
    return pictures.rename(pictures.with_name("test"))


@pytest.fixture
def both_views(tmp_path: Path, draw_part) -> list[str]:
    """Three parts from above and from the side, as words for `inspect`; the second and the third are bad at one."""
    for view, bad in (("top", 1), ("side", 2)):
        (tmp_path / view).mkdir()
        for part in range(3):
            cv2.imwrite(str(tmp_path / view / f"{part}.png"), draw_part(part, defective=part == bad))
    return [f"{view}={tmp_path / view}" for view in ("side", "top")]


@pytest.fixture
def call(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs one command in the workspace: exit code, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main([*map(str, words), "--workspace", str(workspace)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_that_inspect_writes_a_line_for_each_part_and_a_summary(call, pictures) -> None:
    code, out, _ = call("inspect", pictures, "--recipe", "tiny", "--json", "-")
    *parts, summary = objects(out)
    assert code == 0
    assert [(p["part"], p["source"], p["verdict"]) for p in parts] == [
        ("0001", "crack/000.png", "FAIL"),
        ("0002", "good/000.png", "PASS"),
        ("0003", "good/001.png", "PASS"),
    ]
    assert summary["parts"] == summary["triggers"] == 3
    assert (summary["PASS"], summary["REVIEW"], summary["FAIL"], summary["NOT_INSPECTED"]) == (2, 0, 1, 0)


def test_that_one_view_writes_what_it_always_wrote(call, pictures) -> None:
    _, out, _ = call("inspect", pictures, "--recipe", "tiny", "--count", 1, "--json", "-")
    assert set(objects(out)[0]) == {
        "part", "source", "verdict", "reason", "cause", "pred_score", "raw_score", "image_threshold", "regions",
        "conversion", "elapsed_ms", "recipe", "revision", "model_sha256", "dataset_version",
    }  # fmt: skip


def test_that_the_worst_of_several_views_decides_and_each_is_reported(call, both_views, tmp_path) -> None:
    code, out, _ = call("inspect", *both_views, "--recipe", "duo", "--json", "-", "--maps", tmp_path / "maps")
    *parts, summary = objects(out)
    assert code == 0
    assert [(part["verdict"], part["view"], part["source"]) for part in parts[1:]] == [
        ("FAIL", "top", "1.png"),
        ("FAIL", "side", "2.png"),
    ]
    assert [(view["view"], view["source"], view["verdict"]) for view in parts[2]["views"]] == [
        ("top", "2.png", "PASS"),
        ("side", "2.png", "FAIL"),
    ]
    assert parts[0]["verdict"] == "PASS"
    assert (parts[1]["dataset_version"], parts[2]["dataset_version"]) == ("tops", "sides")
    assert parts[1]["regions"] == parts[1]["views"][0]["regions"] != []
    assert not parts[1]["reason"].startswith("top")
    assert (summary["triggers"], summary["PASS"], summary["FAIL"]) == (3, 1, 2)
    maps = sorted(file.relative_to(tmp_path / "maps").as_posix() for file in (tmp_path / "maps").rglob("*.tiff"))
    assert maps == [f"{view}/{part}.tiff" for view in ("side", "top") for part in range(3)]
    assert call("verify")[0] == 0


def test_that_people_read_the_deciding_view_and_then_each(call, both_views) -> None:
    lines = call("inspect", *both_views, "--recipe", "duo", "--count", 2)[1].splitlines()
    assert "FAIL" in lines[3]
    assert "  top: mark" in lines[3]
    assert [line.split()[:2] for line in lines[4:6]] == [["top:", "FAIL"], ["side:", "PASS"]]


@pytest.mark.parametrize("ending", ["", "/"])
def test_that_one_folder_is_not_taken_for_two_views(call, pictures, ending) -> None:
    code, out, err = call("inspect", f"top={pictures}", f"side={pictures}{ending}", "--recipe", "duo")
    assert (code, out) == (2, "")
    assert f"The views 'top' and 'side' of recipe duo@1 have the same source: {pictures}." in err
    assert "clean" in call("verify")[1]


@pytest.mark.parametrize("named", ["", "top="])
def test_that_a_recipe_of_one_view_takes_its_source_with_or_without_the_name(call, pictures, named) -> None:
    code, out, _ = call("inspect", f"{named}{pictures}", "--recipe", "lid", "--json", "-")
    assert code == 0
    assert len(objects(out)) == 4
    assert "views" not in objects(out)[0]


def test_that_an_equals_sign_in_a_path_names_no_view(call, pictures) -> None:
    folder = pictures.rename(pictures.with_name("exposure=5"))
    assert call("inspect", folder, "--recipe", "tiny")[0] == 0
    assert call("inspect", f"top={folder}", "--recipe", "lid")[0] == 0


@pytest.mark.parametrize(
    ("recipe", "words", "advice"),
    [
        ("duo", ["top=a"], "top=SOURCE side=SOURCE"),
        ("duo", ["a", "b"], "top=SOURCE side=SOURCE"),
        ("duo", ["top=a", "top=b"], "top=SOURCE side=SOURCE"),
        ("duo", ["top=a", "side=b", "bottom=c"], "top=SOURCE side=SOURCE"),
        ("duo", ["top=", "side=b"], "top=SOURCE side=SOURCE"),
        ("lid", ["a", "b"], "one SOURCE"),
        ("tiny", ["a", "b"], "one SOURCE"),
    ],
)
def test_that_each_view_wants_one_source(call, recipe, words, advice) -> None:
    code, out, err = call("inspect", *words, "--recipe", recipe)
    assert (code, out) == (2, "")
    assert f"Recipe {recipe}@1 sees" in err
    assert advice in err
    assert len(err.splitlines()) == 1


def test_that_a_reader_who_goes_away_ends_the_line_and_loses_nothing(call, workspace, pictures) -> None:
    command = [sys.executable, "-m", "station", "inspect", f"replay:{pictures}?loop=1", "--recipe", "tiny",
               "--kind", "production"]  # fmt: skip
    with subprocess.Popen(
        [*command, "--json", "-", "--workspace", str(workspace)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        first = json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
    assert call("verify")[0] == 0
    with Station.open(workspace) as station:
        assert first["part"] in {part.key.label for part in station.records.recent()}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_that_an_interrupted_line_stops_in_order_and_sums_up_what_is_recorded(
    workspace, pictures, number, code
) -> None:
    command = [sys.executable, "-m", "station", "inspect", f"replay:{pictures}?loop=1", "--recipe", "tiny",
               "--kind", "production"]  # fmt: skip
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, "--json", "-", "--workspace", str(workspace)], stdout=pipe, stderr=pipe, text=True
    ) as process:
        process.stdout.readline()
        process.send_signal(number)
        *_, summary = objects(process.stdout.read())
        said = process.stderr.read().splitlines()
    assert (process.returncode, len(said)) == (code, 1)
    with Station.open(workspace) as station:
        records, _ = station.records.shift(station.records.shift_of(datetime.now(UTC)))
        assert station.records.verify() == ()
    assert len(records.parts) == summary["parts"]
    assert (records.events[-1].kind, records.events[-1].sentence) == (EventKind.STOP, "interrupted")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_that_a_command_interrupted_while_it_is_loading_says_one_sentence(tmp_path, number, code) -> None:
    slow = tmp_path / "numpy.py"
    slow.write_text("import time\nprint('loading', flush=True)\ntime.sleep(60)")
    command = [sys.executable, "-m", "station", "recipes", "list"]
    first = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, env=os.environ | {"PYTHONPATH": first}
    ) as process:
        assert process.stdout.readline() == "loading\n"
        process.send_signal(number)
        said = process.stderr.read().splitlines()
    assert (process.returncode, len(said)) == (code, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("target", ["-", "/dev/full"])
def test_that_results_no_disk_takes_are_refused_in_one_sentence(workspace, target) -> None:
    command = [sys.executable, "-m", "station", "recipes", "list", "--json", target, "--workspace", str(workspace)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "the disk is full" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_that_a_command_that_fails_leaves_the_old_results_and_makes_no_empty_file(call, pictures, tmp_path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text("of yesterday")
    for file in (old, new):
        assert call("inspect", pictures, "--recipe", "none", "--json", file)[0] == 2
    assert (old.read_text(), new.exists()) == ("of yesterday", False)
    assert call("recipes", "show", "tiny", "--json", old)[0] == 0
    assert [one["name"] for one in objects(old.read_text())] == ["tiny"]
    assert call("recipes", "diff", "tiny", "tiny", "--json", old)[0] == 0
    assert old.read_text() == ""


@pytest.mark.parametrize("place", range(3))
def test_that_the_workspace_is_given_before_or_after_the_command(workspace, capsys, place) -> None:
    words = ["recipes", "list"]
    words[place:place] = ["--workspace", str(workspace)]
    assert main(words) == 0
    assert "tiny@1" in capsys.readouterr().out


def test_that_of_two_workspaces_the_one_behind_the_command_wins(workspace, tmp_path, capsys) -> None:
    other = tmp_path / "other"
    assert main(["--workspace", str(other), "recipes", "list", "--workspace", str(workspace)]) == 0
    assert "tiny@1" in capsys.readouterr().out
    assert not other.exists()


def test_that_regions_are_in_pixels_of_the_picture_and_the_reason_names_the_place(call, pictures) -> None:
    _, out, _ = call("inspect", pictures / "crack", "--recipe", "tiny", "--json", "-")
    part = objects(out)[0]
    region = part["regions"][0]
    assert "px" in part["reason"]
    assert 0 <= region["x"] < 320
    assert 0 <= region["y"] < 240
    assert region["area_px"] <= region["w"] * region["h"]


def test_that_maps_have_the_size_and_path_of_their_pictures(call, pictures, tmp_path) -> None:
    code, _, _ = call("inspect", pictures, "--recipe", "tiny", "--maps", tmp_path / "maps")
    maps = sorted(file.relative_to(tmp_path / "maps").as_posix() for file in (tmp_path / "maps").rglob("*.tiff"))
    one = cv2.imread(str(tmp_path / "maps/crack/000.tiff"), cv2.IMREAD_UNCHANGED)
    assert code == 0
    assert maps == ["crack/000.tiff", "good/000.tiff", "good/001.tiff"]
    assert (one.dtype, one.shape) == (np.float32, (240, 320))


def test_that_two_pictures_of_one_name_have_two_maps_and_no_map_of_an_earlier_run_is_overwritten(
    call, tmp_path, draw_part
) -> None:
    for kind in ("jpg", "png"):
        cv2.imwrite(str(tmp_path / f"a.{kind}"), draw_part(1))
    words = ("inspect", f"replay:{tmp_path}", "--recipe", "tiny", "--maps", tmp_path / "maps")
    assert call(*words)[0] == 0
    maps = {file.name: file.read_bytes() for file in (tmp_path / "maps").iterdir()}
    assert set(maps) == {"a.tiff", "a-0002.tiff"}
    code, _, err = call(*words)
    assert (code, f"already a file {tmp_path / 'maps' / 'a.tiff'}" in err) == (2, True)
    assert {file.name: file.read_bytes() for file in (tmp_path / "maps").iterdir()} == maps


def test_that_whoever_inspects_is_named_in_the_records(call, workspace, pictures, monkeypatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "Ada")
    assert call("inspect", pictures, "--recipe", "tiny", "--kind", "production")[0] == 0
    with Station.open(workspace) as station:
        records, _ = station.records.shift(station.records.shift_of(datetime.now(UTC)))
    assert {run.person for run in records.runs} == {"Ada (system user)"}


def test_that_a_broken_picture_in_a_folder_is_a_part_that_was_not_inspected(call, pictures) -> None:
    (pictures / "good/000.png").write_text("no picture")
    code, out, _ = call("inspect", pictures, "--recipe", "tiny", "--json", "-")
    *parts, summary = objects(out)
    assert code == 0
    assert [p["verdict"] for p in parts] == ["FAIL", "NOT_INSPECTED", "PASS"]
    assert parts[1]["pred_score"] is None
    assert summary["triggers"] == 3


def test_that_inspect_answers_no_if_files_were_left_out_and_names_them(call, pictures) -> None:
    for name in ("good/a.heic", "b.xcf"):
        (pictures / name).write_bytes(b"0")
    code, out, err = call("inspect", pictures, "--recipe", "tiny", "--json", "-")
    assert code == 1
    assert objects(out)[-1]["left_out"] == ["b.xcf", "good/a.heic"]
    assert err.count("2 files left out: b.xcf, good/a.heic") == 1


def test_that_inspect_says_once_what_the_system_keeps_and_still_answers_yes(call, pictures) -> None:
    for name in ("good/@eaDir/001.png/THUMB.jpg", ".DS_Store", "readme.txt"):
        (pictures / name).parent.mkdir(parents=True, exist_ok=True)
        (pictures / name).write_bytes(b"0")
    code, out, err = call("inspect", pictures, "--recipe", "tiny", "--json", "-")
    assert (code, objects(out)[-1]["left_out"], objects(out)[-1]["parts"]) == (0, [], 3)
    assert err.count("1 .DS_Store, 1 file in @eaDir") == 1
    assert err.count("readme.txt") == 1


def test_that_each_page_of_a_tiff_is_a_part(call, tmp_path, draw_part) -> None:
    cv2.imwritemulti(str(tmp_path / "stack.tif"), [draw_part(0, defective=False), draw_part(3, defective=True)])
    code, out, _ = call("inspect", tmp_path / "stack.tif", "--recipe", "tiny", "--json", "-")
    *parts, summary = objects(out)
    assert (code, summary["parts"]) == (0, 2)
    assert [(part["source"], part["verdict"]) for part in parts] == [
        ("stack.tif page 1", "PASS"),
        ("stack.tif page 2", "FAIL"),
    ]


@pytest.mark.parametrize(
    ("picture", "conversion"),
    [
        (np.random.default_rng(0).integers(30000, 34000, (240, 320), np.uint16), "16"),
        (np.random.default_rng(0).integers(120, 136, (240, 320, 4), np.uint8), "transparen|alpha"),
    ],
)
def test_that_a_picture_of_another_kind_is_judged_and_the_conversion_said(call, tmp_path, picture, conversion) -> None:
    cv2.imwrite(str(tmp_path / "picture.png"), picture)
    code, out, _ = call("inspect", tmp_path / "picture.png", "--recipe", "tiny", "--json", "-")
    assert code == 0
    assert objects(out)[0]["verdict"] == "PASS"
    assert any(word in objects(out)[0]["conversion"] for word in conversion.split("|"))


def truncated_jpeg(file: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 320), np.uint8)
    data = cv2.imencode(".jpg", noise)[1].tobytes()
    file.with_suffix(".jpg").write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda file: file.write_text("just text"), "picture.png"),
        (truncated_jpeg, "picture.jpg"),
        (lambda file: cv2.imwrite(str(file), np.zeros((1, 1), np.uint8)), "picture.png"),
    ],
)
def test_that_one_bad_picture_given_by_name_is_refused_in_one_sentence(call, tmp_path, make, named) -> None:
    make(tmp_path / "picture.png")
    code, out, err = call("inspect", tmp_path / named, "--recipe", "tiny")
    assert code == 2
    assert out == ""
    assert named in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_that_a_folder_without_pictures_is_refused_before_anything_is_recorded(
    call, workspace, tmp_path, folder
) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = call("inspect", tmp_path / folder, "--recipe", "tiny")
    assert code == 2
    assert folder in err
    assert len(err.splitlines()) == 1
    with sqlite3.connect(f"file:{workspace}/station.db?mode=ro", uri=True) as database:
        assert database.execute("select count(*) from part").fetchone() == (0,)
    database.close()


@pytest.mark.parametrize("source", ["a" * 5000, "webcam:99999999999999999999"])
def test_that_a_source_no_system_could_name_is_refused_in_one_sentence(call, source) -> None:
    code, out, err = call("inspect", source, "--recipe", "tiny")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_that_an_unknown_recipe_is_refused_with_those_that_exist(call, pictures) -> None:
    code, _, err = call("inspect", pictures, "--recipe", "tile")
    assert code == 2
    assert "tile" in err
    assert "tiny" in err


def test_that_a_model_with_one_byte_changed_is_refused(call, workspace, pictures) -> None:
    weights = workspace / "models/tiny/model.bin"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    code, _, err = call("inspect", pictures, "--recipe", "tiny")
    assert code == 2
    assert "model.bin" in err
    assert len(err.splitlines()) == 1


def test_that_a_database_of_a_newer_version_is_refused_and_kept(call, workspace) -> None:
    with sqlite3.connect(workspace / "station.db") as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()
    code, _, err = call("recipes", "list")
    assert code == 2
    assert "9999" in err
    assert len(err.splitlines()) == 1


@pytest.fixture
def read_only(tmp_path: Path):
    """A folder that nobody can write, not even root."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("root may write anywhere here, and this machine allows no read-only mount")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_that_a_read_only_workspace_is_refused_in_one_sentence(read_only, capsys) -> None:
    code = main(["recipes", "list", "--workspace", str(read_only)])
    err = capsys.readouterr().err
    assert code == 2
    assert str(read_only) in err
    assert len(err.splitlines()) == 1


def test_that_verify_is_clean_after_a_run_and_finds_a_changed_picture(call, workspace, pictures) -> None:
    call("inspect", pictures, "--recipe", "tiny")
    assert call("verify")[0] == 0
    kept = next(file for file in (workspace / "pictures").rglob("*.png"))
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    code, out, _ = call("verify")
    assert code == 1
    assert kept.name in out


def test_that_a_recipe_travels_in_one_file(call, tmp_path, capsys) -> None:
    assert call("recipes", "export", "tiny", tmp_path / "tiny.recipe")[0] == 0
    other, known = tmp_path / "other", call("signers", "own", "--json", "-")[1]
    asked = ["recipes", "import", str(tmp_path / "tiny.recipe"), "--workspace", str(other)]
    assert main(asked) == 2
    assert "unknown here" in capsys.readouterr().err
    assert main([*asked, "--trust", json.loads(known)["fingerprint"]]) == 0
    with Station.open(other) as station:
        entry = station.recipes.find("tiny")
    assert (entry.recipe.product, entry.state) == ("tiny", RecipeState.DRAFT)


def test_that_every_field_of_a_recipe_is_shown_and_those_of_a_view_with_its_name(call) -> None:
    flat, named = (call("recipes", "show", name, "--json", "-")[1] for name in ("tiny", "duo"))
    assert {"model", "limits", "state", "sha256"} <= set(objects(flat)[0])
    assert "views" not in objects(flat)[0]
    assert [view["name"] for view in objects(named)[0]["views"]] == ["top", "side"]
    lines = call("recipes", "show", "duo")[1].splitlines()
    assert "side.dataset_version: sides" in lines
    assert call("recipes", "show", "tiny")[1].splitlines()[3].startswith("model: ")
    assert "method: contrast" in call("recipes", "show", "tiny")[1].splitlines()


def test_that_a_diff_of_recipes_with_other_views_distinguishes_a_missing_field_from_an_empty_one(call) -> None:
    code, lines, _ = call("recipes", "diff", "lid", "duo")
    assert code == 1
    assert {"side.limits.image_threshold: - -> 0.5", "side.roi: - -> none"} <= set(lines.splitlines())
    differences = {one["key"]: one for one in objects(call("recipes", "diff", "lid", "duo", "--json", "-")[1])}
    assert differences["side.roi"] == {"key": "side.roi", "new": None}
    assert differences["name"] == {"key": "name", "old": "lid", "new": "duo"}


def test_that_a_release_is_rolled_back_by_one_command_and_says_when_a_line_uses_it(call, workspace: Path) -> None:
    with Station.open(workspace) as station:
        station.recipes.add(replace(station.recipes.find("tiny").recipe, revision=2))
    code, out, _ = call("recipes", "release", "tiny@2", "--reason", "newer lamp", "--when", "now")
    assert code == 0
    assert "a line that runs uses tiny@2 from the next part on" in out
    code, out, _ = call("recipes", "rollback", "tiny", "--reason", "worse")
    assert code == 0
    assert "tiny@2 is retired: replaced by tiny@3" in out
    assert "a line that runs uses tiny@3 after its next start" in out
    code, _, err = call("recipes", "rollback", "tiny", "--reason", "still worse")
    assert code == 2
    assert "No revision of recipe 'tiny' was released before tiny@3. Choose one yourself" in err


def test_that_a_roll_back_of_a_revision_that_is_not_in_use_is_refused(call) -> None:
    code, _, err = call("recipes", "rollback", "tiny@7", "--reason", "worse")
    assert code == 2
    assert "tiny@7 is not the revision in use, which is tiny@1." in err


def test_that_a_released_recipe_is_listed_and_can_be_retired(call) -> None:
    assert "tiny@1  released" in call("recipes", "list")[1]
    assert call("recipes", "retire", "tiny", "--reason", "replaced")[0] == 0
    assert "tiny@1  retired" in call("recipes", "list")[1]


def test_that_a_report_of_a_run_is_written_and_the_csv_is_the_same_twice(call, pictures, tmp_path) -> None:
    call("inspect", pictures, "--recipe", "tiny", "--kind", "production")
    span = ("--from", "2000-01-01T00:00:00+00:00", "--to", "2100-01-01T00:00:00+00:00")
    for name in ("a", "b"):
        assert call("report", *span, "--csv", tmp_path / f"{name}.csv", "--pdf", tmp_path / f"{name}.pdf")[0] == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_that_the_report_counts_production_and_leaves_trials_out(call, pictures, tmp_path) -> None:
    span = ("--from", "2000-01-01T00:00:00+00:00", "--to", "2100-01-01T00:00:00+00:00")
    lines = []
    for kind in ((), ("--kind", "trial"), ("--kind", "production")):
        assert call("inspect", pictures, "--recipe", "tiny", *kind)[0] == 0
        assert call("report", *span, "--csv", tmp_path / "a.csv")[0] == 0
        lines.append((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1:])
    assert lines[:2] == [[], []]
    assert [line.split(",")[1] for line in lines[2]] == [str(n) for n in range(1, len(lines[2]) + 1)]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--from", "2026-11-22T06:00:00+00:00"),
        ("--shift", "2026-11-22/Lunch"),
        ("--from", "0001-01-01T00:00:00+14:00", "--to", "2026-11-22T06:00:00+00:00"),
    ],
)
def test_that_a_report_of_no_clear_time_is_refused(call, words) -> None:
    code, _, err = call("report", *words)
    assert code == 2
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("report", "--shift", "2026-11-22/Early"),
        ("recipes", "list"),
        ("recipes", "show", "tiny"),
        ("recipes", "export", "tiny", "file"),
        ("recipes", "diff", "tiny", "lid"),
        ("recipes", "release", "tiny", "--reason", "x"),
        ("evaluate", "folder", "--recipe", "tiny"),
        ("bench", "--recipe", "tiny"),
    ],
)
def test_that_a_mistyped_workspace_is_named_and_not_made_by_a_command_that_only_asks(words, tmp_path, capsys) -> None:
    assert main([*words, "--workspace", str(tmp_path / "typo")]) == 2
    assert f"There is no workspace {tmp_path / 'typo'}." in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()


def test_that_an_empty_argument_is_not_a_workspace(capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["verify", "--workspace", ""])
    assert "the name of the folder is empty" in capsys.readouterr().err


def test_that_a_workspace_that_the_libraries_could_not_open_is_refused(tmp_path) -> None:
    command = [sys.executable, "-m", "station", "doctor", "--workspace", str(tmp_path / "größe")]
    plain = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, env=plain, capture_output=True, check=False)
    assert (done.returncode, b"cannot pass" in done.stdout) == (1, True)


def test_that_why_and_by_whom_a_recipe_was_released_is_shown_and_which_one_it_replaced(
    call, workspace, monkeypatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "Ada")
    database = Database.open(workspace.absolute() / "station.db")
    first = Recipes(database).find_revision("tiny").recipe
    Recipes(database).add_revision(replace(first, revision=2), RecipeState.DRAFT, datetime.now(UTC))
    database.close()
    out = call("recipes", "release", "tiny@2", "--reason", "new lamp")[1]
    assert "escapes and overkill are not known" in out.splitlines()
    assert "tiny@1 is retired: replaced by tiny@2" in out.splitlines()
    newest, oldest = (line for line in call("recipes", "list")[1].splitlines() if line.startswith("tiny@"))
    assert newest.endswith("by Ada (system user): new lamp)")
    assert oldest.endswith("by Ada (system user): replaced by tiny@2)")
    shown = objects(call("recipes", "show", "tiny@2", "--json", "-")[1])[0]
    assert (shown["state_by"], shown["state_reason"]) == ("Ada (system user)", "new lamp")
    assert shown["state_since"] > shown["created_at"]


def test_that_people_read_no_brackets_and_no_none(call) -> None:
    for words in (("show", "duo"), ("diff", "lid", "duo")):
        assert not set("{}[]'") & set(call("recipes", *words)[1])
    assert "top.roi: none" in call("recipes", "show", "duo")[1].splitlines()


def test_that_figures_are_rounded_for_people_and_exact_for_programs(call, labelled) -> None:
    lines = call("evaluate", labelled.parent, "--recipe", "tiny")[1].splitlines()
    assert lines[:2] == ["1 defect from test/crack, to measure with", "2 good from test/good, to measure with"]
    assert "1 of 1 defects found; escapes: 0.0 % (0 of 1; at most 79.3 %)" in lines
    assert "0 of 2 good parts rejected; overkill: 0.0 % (0 of 2; at most 65.8 %)" in lines
    assert "verdicts: crack (FAIL 1), good (PASS 2)" in lines
    assert "not known: pixel_auroc, aupro, aupro_5, pixel_f1 (no defect has a mask)" in lines
    assert not [line for line in lines if line.startswith("reasons")]
    (figures,) = objects(call("evaluate", labelled.parent, "--recipe", "tiny", "--json", "-")[1])
    assert figures["escapes"]["high"] == pytest.approx(0.7935, abs=1e-4)


def test_that_the_advice_on_a_time_without_offset_can_be_followed(call) -> None:
    err = call("report", "--from", "2026-11-22", "--to", "2026-11-23T00:00:00+00:00")[2]
    advised = err.partition("Write ")[2].split()[0]
    code, out, _ = call("report", "--from", advised, "--to", "2026-11-23T00:00:00+00:00")
    assert (code, out.startswith("wrote ")) == (0, True)


@pytest.mark.parametrize(
    ("sources", "trigger", "said"),
    [
        (
            ["simulated:flange?seed=1", "simulated:flange?seed=2"],
            "software",
            ["does not apply", "run freely"],
        ),
        (["simulated:flange?seed=1", "simulated:flange?seed=2"], "free", ["run freely"]),
        (["parts", "more"], "software", []),
        (["simulated:flange?seed=1", "parts"], "free", []),
    ],
)
def test_that_inspect_says_when_nobody_triggers_its_cameras(call, workspace, sources, trigger, said) -> None:
    (workspace / "station.toml").write_text(f'[camera]\ntrigger = "{trigger}"\n')
    words = [f"{view}={source}" for view, source in zip(("top", "side"), sources, strict=True)]
    lines = call("inspect", *words, "--recipe", "duo", "--count", 1)[2].splitlines()
    warnings = [line for line in lines if "does not apply" in line or "run freely" in line]
    assert [words in line for line, words in zip(warnings, said, strict=True)] == [True] * len(said)


def test_that_a_run_without_an_inspected_part_says_why(call, workspace, pictures, tiny_package) -> None:
    tall = View(tiny_package.reference, quality=QualityLimits(max_aspect=1.0))
    database = Database.open(workspace / "station.db")
    Recipes(database).add_revision(Recipe("tall", 1, "tall", (tall,)), RecipeState.RELEASED, datetime.now(UTC))
    database.close()
    code, out, err = call("inspect", pictures, "--recipe", "tall")
    assert code == 0
    why = "picture does not fit the recipe: 320 x 240 pixels, width over height 1.33, allowed is at least 0.00"
    assert f"No part was inspected: {why}" in err
    assert out.count(why) == 3
    assert "elapsed_ms_p50 none" in out


def test_that_the_doctor_looks_at_everything_and_names_a_remedy(call, workspace) -> None:
    code, out, _ = call("doctor", "--json", "-")
    findings = {one["what"]: one for one in objects(out)}
    assert code == 0, out
    assert {"machine", "OpenCV", "inference devices", "window system", "workspace", "disk", "clock", "records"} <= set(
        findings
    )


def test_that_the_doctor_and_verify_tell_of_a_broken_model_once_for_each_recipe_and_know_what_helps(
    call, workspace
) -> None:
    (workspace / "models/tiny/model.xml").unlink()
    code, out, _ = call("doctor", "--json", "-")
    broken = [one for one in objects(out) if one["state"] == "wrong"]
    assert code == 1
    assert [one["what"] for one in broken] == ["recipe duo@1", "recipe lid@1", "recipe tiny@1"]
    assert all("has no model.xml" in one["text"] and "Teach the product again" in one["remedy"] for one in broken)
    assert call("verify")[1].count("has no model.xml") == 3


def test_that_the_doctor_looks_through_every_camera_and_names_the_model_of_every_view(
    call, workspace, both_views
) -> None:
    side, top = (word.partition("=")[2] for word in both_views)
    (workspace / "station.toml").write_text(f'[camera.views]\ntop = "replay:{top}"\nside = "replay:{side}/none"\n')
    code, out, _ = call("doctor", "--json", "-")
    findings = {(one["what"], one["state"]) for one in objects(out)}
    texts = [one["text"] for one in objects(out)]
    assert code == 1
    assert {(f"camera top replay:{top}", "ok"), (f"camera side replay:{side}/none", "wrong")} <= findings
    assert {("recipe duo@1", "ok"), ("recipe tiny@1", "note")} <= findings
    assert "complete, with model top=tiny, side=tiny" in texts
    assert ("recipe duo@1", "note") not in findings


@pytest.mark.parametrize(
    ("trigger", "side", "warned"),
    [
        ("free", "simulated:flange?seed=2", True),
        ("software", "simulated:flange?seed=2", False),
        ("hardware", "genicam:none", False),
        ("free", "genicam:none", True),
        ("free", "parts", False),
    ],
)
def test_that_the_doctor_warns_of_several_cameras_that_nobody_triggers_together(
    call, workspace, trigger, side, warned
) -> None:
    views = f'[camera.views]\ntop = "simulated:flange"\nside = "{side}"\n'
    (workspace / "station.toml").write_text(f'[camera]\ntrigger = "{trigger}"\n{views}')
    findings = {one["what"]: one for one in objects(call("doctor", "--json", "-")[1])}
    assert ("trigger" in findings) is warned
    if warned:
        assert (findings["trigger"]["state"], "'top', 'side'" in findings["trigger"]["text"]) == ("note", True)
        assert 'trigger = "software" or "hardware"' in findings["trigger"]["remedy"]


def test_that_the_doctor_says_which_record_is_broken(call, workspace, pictures) -> None:
    assert call("inspect", pictures, "--recipe", "tiny")[0] == 0
    with sqlite3.connect(workspace / "station.db") as plain:
        plain.execute("UPDATE part_view SET name = 'top' WHERE number = 2")
    plain.close()
    broken = next(one for one in objects(call("doctor", "--json", "-")[1]) if one["what"] == "records")
    assert broken["text"] == "run 1: part 0002: recorded with 'top', but tiny@1 sees one view without a name"


def test_that_the_cameras_of_the_views_are_listed_with_the_one_nobody_sees(call, workspace) -> None:
    assert "views" not in objects(call("cameras", "--json", "-")[1])[0]
    (workspace / "station.toml").write_text('[camera.views]\ntop = "genicam:none"\nside = "webcam:0"\n')
    lines = call("cameras")[1].splitlines()
    assert "view      top is genicam:none, not found by any producer" in lines
    assert "view      side is webcam:0" in lines
    assert objects(call("cameras", "--json", "-")[1])[0]["views"] == {"top": "genicam:none", "side": "webcam:0"}


@pytest.mark.parametrize(("source", "seen"), [("genicam:none", False), ("genicam:1", True)])
def test_that_the_stations_only_camera_is_listed_and_its_absence_is_a_no(
    call, workspace, monkeypatch, source, seen
) -> None:
    """As if a real camera were found, so that only its absence decides the answer."""
    monkeypatch.setattr("station.camera.genicam.discovery._reasons", lambda seen, devices: ())
    (workspace / "station.toml").write_text(f'[camera]\nsource = "{source}"\n')
    code, out, _ = call("cameras", "--json", "-")
    assert (code, objects(out)[0]["unseen"]) == (0 if seen else 1, [] if seen else [source])
    assert call("cameras")[1].splitlines()[-1] == f"source    {source}{'' if seen else ', not found by any producer'}"


@pytest.fixture
def disc(call, monkeypatch, tiny_package):
    """`teach` for a camera at once: what it learns is proven elsewhere."""

    def teach(folder, product, workspace, *, view, **_options):
        report = evaluate_folder(folder, View(tiny_package.reference), tiny_package, workspace.cache)
        return teaching.Taught(None, tiny_package, View(tiny_package.reference, view), report, "")

    monkeypatch.setattr(teaching, "teach", teach)
    return lambda folder, *words: call("teach", folder, "--product", "disc", *words)


def test_that_the_whole_part_is_checked_if_it_is_asked_for(call, disc, monkeypatch, labelled) -> None:
    methods, learn = [], teaching.teach

    def teach(*given, method, **options):
        methods.append(method)
        return learn(*given, **options)

    monkeypatch.setattr(teaching, "teach", teach)
    assert "whole part" not in disc(labelled)[1]
    code, out, _ = disc(labelled, "--whole-part", "--model", "fast")
    assert code == 0
    assert "the whole part is checked too: it can reject a part without a mark" in out
    assert [(method.name, method.whole_part) for method in methods] == [("balanced", False), ("fast", True)]


def test_that_a_station_with_two_cameras_is_taught_view_by_view_and_says_what_it_still_needs(
    call, disc, workspace, both_views, labelled
) -> None:
    side, top = (word.partition("=")[2] for word in both_views)
    (workspace / "station.toml").write_text(f'[camera.views]\ntop = "replay:{top}"\nside = "replay:{side}"\n')
    code, out, _ = disc(labelled, "--view", "top")
    assert code == 0
    assert "recipe disc@1 is a draft" in out
    assert "Next: linesidectl recipes release disc@1 --reason WHY" in out
    assert "Recipe disc@1 sees 'top', and the cameras are 'top', 'side'." in out
    code, out, _ = disc(labelled, "--view", "side", "--json", "-")
    assert code == 0
    assert {key: objects(out)[-1][key] for key in ("view", "views", "state", "revision")} == {
        "view": "side",
        "views": ["top", "side"],
        "state": "draft",
        "revision": 2,
    }
    assert call("recipes", "release", "disc@2", "--reason", "both cameras")[0] == 0
    assert call("inspect", *both_views, "--recipe", "disc")[0] == 0
    assert "sees" not in disc(labelled, "--view", "top")[1]


def test_that_teach_refuses_a_view_beside_one_without_a_name(disc, labelled) -> None:
    assert "view" not in objects(disc(labelled, "--json", "-")[1])[-1]
    code, out, err = disc(labelled, "--view", "top")
    assert (code, out) == (2, "")
    assert "one view without a name" in err


def test_that_evaluate_and_bench_want_to_know_which_of_several_views(call, labelled) -> None:
    for words in (("evaluate", labelled), ("bench", "--rounds", 1)):
        code, out, err = call(*words, "--recipe", "duo")
        assert (code, out) == (2, "")
        assert "--view" in err
        code, out, _ = call(*words, "--recipe", "duo", "--view", "side", "--json", "-")
        assert (code, objects(out)[-1]["view"]) == (0, "side")


_TO_A_VERDICT = ("prepare", "infer", "judge")


def test_that_bench_measures_the_whole_way_beside_the_bare_model_and_every_stage(call, workspace: Path) -> None:
    code, out, _ = call("bench", "--recipe", "tiny", "--rounds", "3", "--json", "-")
    figures = objects(out)[0]
    assert code == 0
    assert figures["whole_way_ratio_p50"] > 0
    assert figures["machine"]["openvino"]
    assert {name: list(way["ms"]) for name, way in figures["stages"].items()} == {
        "files": ["decode", *_TO_A_VERDICT, "thumbnail and preview", "write", "record"],
        "grey camera": [*_TO_A_VERDICT, "thumbnail and preview", "encode original", "write", "record"],
        "colour camera": [*_TO_A_VERDICT, "thumbnail and preview", "encode original", "write", "record"],
    }
    for way in figures["stages"].values():
        assert way["held_by"] in way["ms"]
        assert way["pictures_per_s"] > 0
    for way in figures["line"].values():
        assert way["way_ratio_p50"] > 0
        assert {"model", "overlay", "pictures and record on the disk"} < set(way["stages_ms"])
    assert not list(workspace.glob(".bench-*"))


@pytest.mark.parametrize("place", ["before the command", "behind it"])
def test_that_an_operators_forbidden_command_is_refused_by_the_core(workspace: Path, call, place: str) -> None:
    role, command = ("--role", "operator"), ("recipes", "retire", "tiny", "--reason", "by mistake")
    code, out, err = call(*role, *command) if place == "before the command" else call(*command, *role)
    assert (code, out) == (2, "")
    assert err == (
        "linesidectl: The role operator may not release or retire a recipe. Ask a person with the role engineer.\n"
    )
    assert "tiny@1  released" in call("recipes", "list")[1]


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", "{pictures}", "--recipe", "tiny"),
        ("teach", "{pictures}", "--product", "tiny"),
        ("evaluate", "{pictures}", "--recipe", "tiny"),
        ("recipes", "export", "tiny", "tiny.zip"),
        ("recipes", "import", "tiny.zip"),
        ("report", "--shift", "2026-11-22/Early"),
        ("verify",),
        ("cameras",),
        ("bench", "--recipe", "tiny"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_that_every_command_of_the_program_asks_for_the_permission(pictures: Path, call, command) -> None:
    code, _, err = call("--role", "operator", *(word.format(pictures=pictures) for word in command))
    assert code == 2
    assert "The role operator may not " in err


def test_that_a_role_that_does_not_exist_is_refused_with_the_roles_there_are(capfd) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--role", "boss", "recipes", "list"])
    assert ended.value.code == 2
    assert "'boss' is not a role; the roles are operator, engineer, supervisor" in capfd.readouterr().err


def test_that_a_report_is_saved_as_a_table_of_a_language_and_as_a_workbook(call, workspace, pictures, tmp_path) -> None:
    call("inspect", pictures, "--recipe", "tiny", "--kind", "production")
    span = ("--from", "2000-01-01T00:00:00+00:00", "--to", "2100-01-01T00:00:00+00:00")
    assert call("report", *span, "--csv", tmp_path / "de.csv", "--csv-for", "de", "--xlsx", tmp_path / "a.xlsx")[0] == 0
    assert (tmp_path / "de.csv").read_text("utf-8-sig").startswith("run;part;")
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")
    (workspace / "station.toml").write_text('[report]\ncsv = "fr"\n')
    assert call("report", *span, "--csv", tmp_path / "fr.csv")[0] == 0
    assert (tmp_path / "fr.csv").read_bytes() == (tmp_path / "de.csv").read_bytes()
    code, _, err = call("report", *span, "--csv-for", "dx")
    assert (code, err) == (
        2, "linesidectl: There is no language 'dx'. Give a code such as de, fr, it, es, pl or en-GB.\n"
    )  # fmt: skip


def test_that_a_report_of_a_shift_that_has_not_begun_is_refused(call, workspace) -> None:
    code, _, err = call("report", "--shift", "2999-11-22/Early")
    assert code == 2
    assert "has not begun" in err
    assert list((workspace / "reports").iterdir()) == []


def test_that_a_second_report_of_a_shift_does_not_replace_the_first(call, workspace, pictures) -> None:
    for _ in range(2):
        assert call("report", "--shift", "2026-11-22/Early")[0] == 0
    names = {path.name for path in (workspace / "reports").iterdir()}
    assert names == {"2026-11-22-Early.pdf", "2026-11-22-Early-2.pdf"}


def test_that_a_part_of_a_shift_is_found_by_number_and_by_time(call, workspace, pictures) -> None:
    call("inspect", pictures, "--recipe", "tiny", "--kind", "production")
    with Station.open(workspace) as station:
        window, part = station.records.shift_of(datetime.now(UTC)), station.records.recent()[0]
    shift = f"{window.day}/{window.name}"
    code, out, _ = call("report", "--shift", shift, "--part", part.key.label)
    assert code == 0
    assert out.startswith(f"{part.key.label}  {part.triggered_at:%Y-%m-%d %H:%M:%S}  run 1  {part.verdict.word}")
    assert part.key.label in call("report", "--shift", shift, "--part", f"{part.triggered_at:%H:%M}")[1]
    (found,) = objects(call("report", "--shift", shift, "--part", part.key.label, "--json", "-")[1])
    assert (found["part"], found["run"], found["verdict"]) == (part.key.label, 1, part.verdict.value)
    assert call("report", "--shift", shift, "--part", "9999")[0] == 2


def test_that_the_figures_of_a_shift_are_given_to_programs(call, pictures) -> None:
    summaries = [
        objects(call("inspect", pictures, "--recipe", "tiny", "--kind", kind, "--json", "-")[1])[-1]
        for kind in ("trial", "production")
    ]
    assert [(each["kind"], each["pictures"]) for each in summaries] == [("trial", "stored"), ("production", "stored")]
    span = ("--from", "2000-01-01T00:00:00+00:00", "--to", "2100-01-01T00:00:00+00:00")
    (shift,) = objects(call("report", *span, "--json", "-")[1])
    parts = summaries[1]["parts"]
    assert (shift["parts"], shift["PASS"]) == (parts, summaries[1]["PASS"])
    assert (shift["not_counted"], shift["pictures"]) == ({"trial": parts}, {"stored": parts})
    assert shift["as_of"] is not None
    assert shift["stoppages"][-1]["end"] is None


_LOWEST_PRIORITY = 19
_SHOW_PRIORITY = """
import os, sys
from contextlib import nullcontext
from pathlib import Path
import station.cli.program
from station.__main__ import main
from station.line_lock import line_lock
def show():
    print(os.getpriority(os.PRIO_PROCESS, 0) - before, Path("/proc/self/autogroup").read_text().split()[-1])
    return 0
station.cli.program.run = lambda arguments=None: show()
before = os.getpriority(os.PRIO_PROCESS, 0)
in_process = sys.argv.pop()
with line_lock(Path(in_process)) if in_process else nullcontext():
    main()
"""


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="only some systems share by session")
@pytest.mark.parametrize(
    ("words", "line_here", "shown"),
    [
        (["teach", "pictures"], False, ["10", "19"]),
        (["evaluate", "pictures"], False, ["10", "19"]),
        (["teach", "pictures"], True, ["10", "0"]),
        (["inspect", "pictures"], False, ["0", "0"]),
    ],
)
def test_that_long_commands_go_behind_a_line_wherever_it_runs(
    words: list[str], line_here: bool, shown: list[str], tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _SHOW_PRIORITY, *words, str(tmp_path) if line_here else ""]
    (tmp_path / "other").mkdir()
    with line_lock(tmp_path / "other"):
        said = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True).stdout
    steps, share = said.split()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert (int(steps), share) == (min(own + int(shown[0]), _LOWEST_PRIORITY) - own, shown[1])
