"""What a folder is taken for, in the layouts of the trade: as its names say, or refused."""

import json
from collections import Counter
from pathlib import Path

import pytest
from drawn_parts import mask, part

from station.domain.errors import BadInputError
from station.learning.layout.labelled import Reading
from station.learning.layout.reading import read_layout


def build(folder: Path, *lines: str) -> Path:
    """Write "OK 3": three pictures; "mask OK/0_mask.png": a mask; "part OK/x.png": one picture."""
    for line in lines:
        what, _, rest = line.partition(" ")
        if what == "mask":
            mask(folder / rest)
        elif what == "empty":
            mask(folder / rest, empty=True)
        elif what == "part":
            part(folder / rest)
        else:
            for number in range(int(rest)):
                part(folder / what.replace("~", " ") / f"{number:03}.png")
    return folder


def taken(reading: Reading) -> Counter[tuple[str, str]]:
    """Return how many pictures are good or defects, and for learning or measuring."""
    return Counter(("good" if one.good else "defect", one.split) for one in reading.pictures)


LEARN, MEASURE, BAD = ("good", "train"), ("good", "test"), ("defect", "test")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("OK", "NG"), ("Good", "Bad"), ("io", "nio"), ("i.O.", "n.i.O."), ("01_OK", "02_NOK"), ("OK_parts", "NG_parts"),
        ("Gutteile", "Schlechtteile"), ("gut", "Ausschuß"), ("GUT", "Fehlerhaft"), ("in Ordnung", "nicht in Ordnung"),
        ("bon", "mauvais"), ("Bons", "Rebuts"), ("conforme", "non conforme"), ("Pièces bonnes", "Défauts"),
        ("buono", "scarto"), ("Conformi", "Non_conformi"), ("bueno", "defecto"), ("Buenos", "Rechazados"),
        ("良品", "不良品"), ("合格", "不合格"), ("正常", "异常"), ("正常", "異常"), ("OK品", "NG品"), ("ＯＫ", "ＮＧ"),
        ("异常なし", "異常"), ("normal_dir", "abnormal_dir"), ("Normal", "Anomaly"), ("pass", "fail"),
        ("accepted", "rejected"), ("defect free", "defective"), ("ohne Fehler", "Fehler"), ("ok_front", "def_front"),
        ("not defective", "not ok"), ("ok", "ko"), ("good parts", "scrap"), ("GoodParts", "BadParts"),
        ("1 OK", "2 n. i. O."), ("dobre", "wadliwe"), ("aprovado", "reprovado"), ("годные", "брак"),
        ("OK", "n.ok"), ("ok", "N_OK"), ("passing", "failing"), ("healthy", "unhealthy"), ("sağlam", "hatalı"),
        ("godkänd", "underkänd"), ("shodné", "neshodné"), ("正样本", "负样本"), ("brauchbar", "unbrauchbar"),
    ],
)  # fmt: skip
def test_that_labels_of_the_trade_are_taken_as_what_they_say(tmp_path, good, bad):
    build(tmp_path / "plate", f"{good.replace(' ', '~')} 4", f"{bad.replace(' ', '~')} 2")
    reading = read_layout(tmp_path / "plate")
    assert taken(reading) == {LEARN: 4, BAD: 2}
    said = reading.sentences()
    assert f"4 good from {good}, to learn from" in said
    assert f"2 defects from {bad}, to measure with" in said


LAYOUTS = {
    "masks of the anomalib guide": (
        ["normal_dir 4", "abnormal_dir 2", "mask mask_dir/000.png", "mask mask_dir/001.png"],
        {LEARN: 4, BAD: 2}, 2,
    ),
    "test/ok and test/ko": (["train/good 4", "test/ok 2", "test/ko 3"], {LEARN: 4, MEASURE: 2, BAD: 3}, 0),
    "train/ok": (["train/ok 4", "test/ok 2", "test/ko 3"], {LEARN: 4, MEASURE: 2, BAD: 3}, 0),
    "the level above": (["plate/train/good 4", "plate/test/good 2", "plate/test/scratch 1"],
                        {LEARN: 4, MEASURE: 2, BAD: 1}, 0),
    "the level above, other case": (["plate/Train/Good 4", "plate/Test/Scratch 1"], {LEARN: 4, BAD: 1}, 0),
    "labels below days": (["monday/OK 3", "monday/NG 1", "2026-11-28/OK 2", "2026-11-28/NG 1"],
                          {LEARN: 5, BAD: 2}, 0),
    "days below labels": (["OK/monday 3", "OK/tuesday 2", "NG/monday 1"], {LEARN: 5, BAD: 1}, 0),
    "splits below labels": (["OK/train 3", "OK/test 2", "NG/test 1"], {LEARN: 3, MEASURE: 2, BAD: 1}, 0),
    "BTAD": (["train/ok 4", "test/ok 1", "test/ko 1", "mask ground_truth/ko/000.bmp"],
             {LEARN: 4, MEASURE: 1, BAD: 1}, 1),
    "LOCO": (
        ["train/good 4", "validation/good 2", "test/good 2", "test/logical_anomalies 2", "test/structural_anomalies 1",
         "mask ground_truth/logical_anomalies/000/000.png", "mask ground_truth/logical_anomalies/000/001.png",
         "mask ground_truth/logical_anomalies/001/000.png", "mask ground_truth/structural_anomalies/000/000.png"],
        {LEARN: 4, MEASURE: 4, BAD: 3}, 4,
    ),
    "AD 2": (
        ["train/good 4", "validation/good 1", "test_public/good 1", "part test_public/bad/000_regular.png",
         "mask test_public/ground_truth/bad/000_regular_mask.png", "test_private 3", "test_private_mixed 2"],
        {LEARN: 4, MEASURE: 2, BAD: 1}, 1,
    ),
    "VisA by its folders": (
        ["Data/Images/Normal 4", "Data/Images/Anomaly 2", "mask Data/Masks/Anomaly/000.png",
         "mask Data/Masks/Anomaly/001.png"],
        {LEARN: 4, BAD: 2}, 2,
    ),
    "Real-IAD by its folders": (
        ["OK/S0001 2", "OK/S0002 2", "part NG/AK/S0003/a.jpg", "mask NG/AK/S0003/a.png"], {LEARN: 4, BAD: 1}, 1,
    ),
    "Kolektor SDD": (
        ["part kos01/Part0.jpg", "empty kos01/Part0_label.bmp", "part kos01/Part1.jpg", "mask kos01/Part1_label.bmp"],
        {LEARN: 1, BAD: 1}, 1,
    ),
    "Kolektor SDD2": (
        ["part train/1.png", "empty train/1_GT.png", "part train/2.png", "mask train/2_GT.png",
         "part test/3.png", "empty test/3_GT.png", "part test/4.png", "mask test/4_GT.png"],
        {LEARN: 1, MEASURE: 1, BAD: 2}, 2,
    ),
    "images beside masks": (
        ["part images/1.png", "empty masks/1.png", "part images/2.png", "mask masks/2.png"], {LEARN: 1, BAD: 1}, 1,
    ),
    "masks among the test pictures": (
        ["train/good 4", "test/scratch 2", "mask test/scratch/000_mask.png", "mask test/scratch/001-Mask.PNG"],
        {LEARN: 4, BAD: 2}, 2,
    ),
    "names in one folder": (
        ["part ok_001.png", "part ok_002.png", "part NG_3.png", "part Teil 4 n.i.O.png"], {LEARN: 2, BAD: 2}, 0,
    ),
    "a product called after a defect": (
        ["broken~glass/train/good 3", "broken~glass/test/good 1", "broken~glass/test/chipped 1"],
        {LEARN: 3, MEASURE: 1, BAD: 1}, 0,
    ),
    "a data set called after its use": (["surface_defect_dataset/OK 3", "surface_defect_dataset/NG 2"],
                                        {LEARN: 3, BAD: 2}, 0),
    "train without good": (["train 4", "test/ng 1", "test/ok 1"], {LEARN: 4, MEASURE: 1, BAD: 1}, 0),
    "defects among the pictures to learn from": (["train/good 4", "train/defect 2", "test/good 1"],
                                                 {LEARN: 4, MEASURE: 1, BAD: 2}, 0),
    "a folder for what is not decided": (["OK 4", "NG 1", "Review 2", "heatmaps 1"], {LEARN: 4, BAD: 1}, 0),
    "days alone": (["monday 3", "tuesday 2"], {LEARN: 5}, 0),
    "innocent names": (["Goodyear 3", "okra 1", "notebook 1", "Normandie 1"], {LEARN: 6}, 0),
    "one flat folder": (["part a.png", "part b.png"], {LEARN: 2}, 0),
    "only a collecting folder": (["labels 3"], {LEARN: 3}, 0),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_that_a_layout_is_read_as_its_makers_mean_it(tmp_path, layout):
    lines, expected, masks = LAYOUTS[layout]
    reading = read_layout(build(tmp_path / "set", *lines))
    assert taken(reading) == expected
    assert sum(len(one.masks) for one in reading.pictures) == masks
    assert all(not one.masks for one in reading.pictures if one.good)
    assert len({one.name for one in reading.pictures}) == len(reading.pictures)


REFUSED = {
    "an unknown folder beside labels": (["OK 3", "NG 1", "glorp 2"], "glorp"),
    "an unknown folder beside defects": (["part NG/1.png", "cam 2"], "cam"),
    "an unlabelled day beside labelled ones": (["monday/OK 2", "monday/NG 1", "tuesday 2"], "tuesday"),
    "good and defective at once": (["OK 2", "NG/good 1"], "good and defective at once"),
    "classes called 0 and 1": (["0 2", "1 2"], "0 and 1"),
    "several products": (["plate/train/good 2", "gear/train/good 2"], "several products: gear, plate"),
    "a mask of no picture": (["train/good 2", "test/spot 1", "mask ground_truth/spot/009_mask.png"],
                             "009_mask.png belongs to no picture"),
    "a mask of a picture of another kind": (["train/good 2", "test/spot 1", "mask ground_truth/dent/000_mask.png"],
                                            "000_mask.png belongs to no picture"),
    "some masks in a plain folder": (["part 1.png", "part 2.png", "mask 1_mask.png"], "1_mask.png marks a defect"),
    "a marked good part": (["OK 2", "mask OK/001_mask.png"], "marks a defect"),
    "a defect named among good parts": (["OK 2", "part OK/NG_7.png", "NG 1"], "two labels"),
    "some names say defect": (["part 1.png", "part NG_2.png"], "NG_2.png says that it is a defect"),
    "only doubtful pictures": (["unsorted 3"], "not known of any picture"),
    "classes of good parts": (["train/good 2", "train/red 2", "test/red 1"], "red"),
    "a name with a defect word beside others": (["Tabelle~1 2", "Tabelle~nok 2"], "Tabelle 1"),
}  # fmt: skip


@pytest.mark.parametrize("layout", REFUSED)
def test_that_what_cannot_be_known_is_refused_with_its_name_and_the_sorting_that_is_wanted(tmp_path, layout):
    lines, named = REFUSED[layout]
    with pytest.raises(BadInputError) as refusal:
        read_layout(build(tmp_path / "set", *lines))
    assert named in refusal.value.sentence
    assert refusal.value.advice


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("test", {MEASURE: 1, BAD: 2}),
        ("test/scratch", {BAD: 2}),
        ("test/glorp", {BAD: 1}),
        ("train", {LEARN: 3}),
        ("train/good", {LEARN: 3}),
    ],
)
def test_that_any_level_may_be_given_and_keeps_what_the_levels_above_say(tmp_path, given, expected):
    lines = ["train/good 3", "test/good 1", "test/scratch 2", "mask ground_truth/scratch/000_mask.png"]
    if given == "test/glorp":
        lines.append("test/glorp 1")
    reading = read_layout(build(tmp_path / "plate", *lines) / given)
    assert taken(reading) == expected
    assert sum(len(one.masks) for one in reading.pictures) == (1 if ("defect", "test") in expected and
                                                               given != "test/glorp" else 0)  # fmt: skip


@pytest.mark.parametrize("given", ["NG", "NG/day 1", "n.i.O.", "Ausschuss"])
def test_that_a_folder_of_defects_is_never_taken_for_good_parts(tmp_path, given):
    build(tmp_path / "plate", "OK 2", f"{given.replace(' ', '~')} 3")
    assert taken(read_layout(tmp_path / "plate" / given)) == {BAD: 3}


def test_that_the_names_above_the_given_folder_say_nothing_of_a_plain_folder(tmp_path):
    build(tmp_path / "broken" / "test" / "plate", "monday 3")
    reading = read_layout(tmp_path / "broken" / "test" / "plate")
    assert taken(reading) == {LEARN: 3}
    assert "no labels: all 3 taken as good" in reading.sentences()


def test_that_visa_is_read_by_its_table(tmp_path):
    root = build(tmp_path / "VisA", "candle/Data/Images/Normal 3", "candle/Data/Images/Anomaly 1",
                 "mask candle/Data/Masks/Anomaly/000.png", "pcb1/Data/Images/Normal 2")  # fmt: skip
    rows = ["object,split,label,image,mask"]
    for product, count in (("candle", 3), ("pcb1", 2)):
        for number in range(count):
            split = "test" if number == 0 else "train"
            rows.append(f"{product},{split},normal,{product}/Data/Images/Normal/{number:03}.png,")
    rows.append("candle,test,anomaly,candle/Data/Images/Anomaly/000.png,candle/Data/Masks/Anomaly/000.png")
    (root / "split_csv").mkdir()
    (root / "split_csv/1cls.csv").write_text("\n".join(rows))
    reading = read_layout(root / "candle")
    assert taken(reading) == {LEARN: 2, MEASURE: 1, BAD: 1}
    assert [len(one.masks) for one in reading.pictures if not one.good] == [1]
    assert any("1cls.csv" in line for line in reading.sentences())
    with pytest.raises(BadInputError, match="2 products: candle, pcb1"):
        read_layout(root)


@pytest.mark.parametrize("name", ["plug", "plug[1]"])
def test_that_real_iad_is_read_by_its_list(tmp_path, name):
    folder = build(tmp_path / "realiad_1024" / name, "OK/S0001 3", "NG/HS/S0002 1", "mask NG/HS/S0002/000_m.png")
    row = {"category": "plug", "mask_path": None}
    content = {
        "meta": {"normal_class": "OK", "prefix": "plug/"},
        "train": [row | {"anomaly_class": "OK", "image_path": f"OK/S0001/00{n}.png"} for n in (0, 1)],
        "test": [
            row | {"anomaly_class": "OK", "image_path": "OK/S0001/002.png"},
            {"anomaly_class": "HS", "image_path": "NG/HS/S0002/000.png", "mask_path": "NG/HS/S0002/000_m.png"},
        ],
    }
    (tmp_path / "realiad_jsons").mkdir()
    (tmp_path / f"realiad_jsons/{name}.json").write_text(json.dumps(content))
    reading = read_layout(folder)
    assert taken(reading) == {LEARN: 2, MEASURE: 1, BAD: 1}
    assert {one.kind for one in reading.pictures} == {"good", "HS"}


def test_that_a_list_that_names_missing_pictures_is_refused(tmp_path):
    root = build(tmp_path / "VisA", "candle/Data/Images/Normal 1")
    (root / "split_csv").mkdir()
    (root / "split_csv/1cls.csv").write_text(
        "object,split,label,image,mask\ncandle,train,normal,candle/Data/Images/Normal/777.png,\n"
    )
    with pytest.raises(BadInputError, match="1 picture that is not there"):
        read_layout(root / "candle")


@pytest.mark.parametrize(
    "place",
    [
        "ground_truth/scratch/000_mask.png", "ground_truth/scratch/000.png", "ground_truth/scratch/000/000.png",
        "Ground Truth/Scratch/000_MASK.PNG", "GT/scratch/000.bmp", "test/scratch/000_mask.png",
        "test/scratch/000_mask.PNG", "test/scratch/000_gt.png", "test/scratch/000-mask.bmp",
        "test/scratch/000.bmp", "test/scratch/mask_000.png", "masks/000.png", "masks/test/scratch/000.png",
        "test/scratch/masks/000.png", "test/ground_truth/scratch/000.png", "Masken/scratch/000_Maske.png",
        "test/scratch/000_label.png", "mask/bad/000.png", "test/scratch/000_segmentation.png",
    ],
)  # fmt: skip
def test_that_a_mask_is_found_where_people_keep_it(tmp_path, place):
    folder = build(tmp_path / "plate", "train/good 2", "test/good 2", "test/scratch 2", f"mask {place}")
    reading = read_layout(folder)
    assert {one.name: [mask.relative_to(folder).as_posix() for mask in one.masks] for one in reading.pictures} == {
        "test/good/000.png": [],
        "test/good/001.png": [],
        "test/scratch/000.png": [place],
        "test/scratch/001.png": [],
        "train/good/000.png": [],
        "train/good/001.png": [],
    }


def test_that_masks_that_are_not_sorted_by_day_belong_to_the_picture_of_their_kind(tmp_path):
    lines = ["train/good/day~1 2", "test/scratch/day~1 1", "test/dent/day~2 1", "mask ground_truth/dent/000.png"]
    reading = read_layout(build(tmp_path / "plate", *lines))
    assert {one.kind: len(one.masks) for one in reading.pictures} == {"good": 0, "scratch": 0, "dent": 1}


@pytest.mark.parametrize(
    "kind", ["logical", "structural", "print", "color", "thread_side", "pill_type", "combined", "AK"]
)
def test_that_a_folder_in_test_is_a_kind_of_defect_by_its_own_name(tmp_path, kind):
    lines = ["train/good 2", "test/good 1", f"test/{kind} 1", f"mask ground_truth/{kind}/000_mask.png"]
    reading = read_layout(build(tmp_path / "set", *lines))
    assert [(one.name, one.kind, len(one.masks)) for one in reading.pictures if not one.good] == [
        (f"test/{kind}/000.png", kind, 1)
    ]


def test_that_what_is_left_out_is_named(tmp_path):
    reading = read_layout(build(tmp_path / "set", "OK 3", "NG 1", "part overview.png", "Review 2"))
    said = " ".join(reading.sentences())
    assert "overview.png" in said
    assert "Review/000.png, Review/001.png" in said


def test_that_every_page_of_a_file_is_a_part(tmp_path, two_pages):
    build(tmp_path / "set", "OK 2", "NG 1")
    two_pages(tmp_path / "set/OK/stack.tif")
    reading = read_layout(tmp_path / "set")
    assert taken(reading) == {LEARN: 4, BAD: 1}
    assert [(one.name, one.page) for one in reading.pictures if one.page] == [
        ("train/good/stack page 1.tif", 1),
        ("train/good/stack page 2.tif", 2),
    ]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["train/good 3", "test/good 2", "test/line 2"], {"good", "line"}),
        (["train/good 3", "test/good 2", "test/camera 1", "mask ground_truth/camera/000_mask.png"], {"good", "camera"}),
        (["train/good 3", "test/good 2", "test/line~2 2"], {"good"}),
        (["train/good 3", "test/good 2", "test/camera 2"], {"good"}),
        (["train/good 3", "test/scratch 2", "test/line 2"], {"good", "scratch"}),
    ],
)
def test_that_a_line_on_a_part_is_a_defect_and_a_production_line_is_none(tmp_path, lines, kinds):
    reading = read_layout(build(tmp_path / "plate", *lines))
    assert {one.kind for one in reading.pictures} == kinds
    assert all(one.good for one in reading.pictures if one.split == "train")


@pytest.mark.parametrize(
    ("one", "other"),
    [("sharp", "unsharp"), ("Linear", "non-linear"), ("G", "B"), ("✓", "✗"), ("годится", "не годится")],
)
def test_that_folders_that_say_the_opposite_of_each_other_are_a_question(tmp_path, one, other):
    build(tmp_path / "plate", f"{one.replace(' ', '~')} 3", f"{other.replace(' ', '~')} 2")
    with pytest.raises(BadInputError, match=f"folders {one} and {other}, which may say good and defective"):
        read_layout(tmp_path / "plate")


@pytest.mark.parametrize(("one", "other"), [("side", "inside"), ("A", "B"), ("2026-11-28", "2026-11-29")])
def test_that_folders_of_cameras_and_days_are_good_parts(tmp_path, one, other):
    build(tmp_path / "plate", f"{one} 3", f"{other} 2")
    assert taken(read_layout(tmp_path / "plate")) == {LEARN: 5}


@pytest.mark.parametrize("name", ["no", "neg", "pos", "nein", "falsch"])
def test_that_a_name_that_says_only_yes_or_no_is_not_learned_from(tmp_path, name):
    build(tmp_path / "plate", f"{name} 3", "12 2")
    assert name not in {picture.path.parent.name for picture in read_layout(tmp_path / "plate").pictures}


def test_that_masks_in_a_label_folder_below_the_pictures_are_never_learned(tmp_path):
    build(tmp_path / "plate", "Train 3", "mask Train/Label/001_label.png")
    with pytest.raises(BadInputError, match=r"001_label.png marks a defect, but .* has neither mask nor label"):
        read_layout(tmp_path / "plate")


MARKED = {
    "001.json": '{"shapes": [{"label": "scratch", "points": [[1, 2], [3, 4]]}], "imagePath": "001.png"}',
    "labels/001.txt": "0 0.5 0.5 0.1 0.1\n",
    "Annotations/001.xml": "<annotation><object><name>crack</name></object></annotation>",
    "instances.json": '{"images": [{"id": 1}], "annotations": [{"id": 1}]}',
}


@pytest.mark.parametrize("name", MARKED)
def test_that_a_picture_that_another_program_marked_is_not_taken_as_good(tmp_path, name):
    folder = build(tmp_path / "plate", "images 3")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(MARKED[name])
    with pytest.raises(BadInputError, match=r"marks something in .*, which has no label: it would be taken as good"):
        read_layout(folder)


@pytest.mark.parametrize("content", ['{"shapes": []}', "{", "[1]", "exposure 400 us", "1 2 3"])
def test_that_a_text_that_marks_nothing_is_only_named(tmp_path, content):
    folder = build(tmp_path / "plate", "images 3")
    for ending in (".json", ".txt", ".xml"):
        (folder / "images" / f"001{ending}").write_text(content)
    reading = read_layout(folder)
    assert taken(reading) == {LEARN: 3}
    assert any("3 files that are not pictures" in note for note in reading.notes)


def test_that_each_subfolder_without_a_label_is_said_with_its_count(tmp_path):
    build(tmp_path / "plate", "training/CR 3", "training/ND 2")
    said = read_layout(tmp_path / "plate").sentences()
    assert {"3 good from training/CR, to learn from", "2 good from training/ND, to learn from"} <= set(said)


def test_that_kinds_of_defects_may_be_opposites_of_each_other(tmp_path):
    build(tmp_path / "plate", "train/good 3", "test/filled 2", "test/unfilled 2")
    assert taken(read_layout(tmp_path / "plate")) == {LEARN: 3, BAD: 4}


def test_that_folders_of_three_colours_of_light_are_good_parts(tmp_path):
    build(tmp_path / "plate", "R 2", "G 2", "B 2")
    assert taken(read_layout(tmp_path / "plate")) == {LEARN: 6}
