"""A table beside pictures without labels may say which of them are defective: they are not taken as good."""

import pytest
from drawn_parts import part

from station.domain.errors import BadInputError
from station.learning.layout.reading import read_layout

NAMES = ("aa1.png", "bb2.png", "cc3.png")

LABELS = {
    "train.csv": "ImageId,ClassId,EncodedPixels\naa1.png,3,29102 12 29346 24\n",
    "severstal.csv": "ImageId_ClassId,EncodedPixels\n" + "".join(f"{n}_{c},\n" for n in NAMES for c in (1, 2))
    + "bb2.png_3,290 12 291 4\n",
    "labels.csv": "images/aa1.png  1.0  mono\nimages/bb2.png  0.0  mono\nimages/cc3.png  0.0  mono\n",
    "table.tsv": "file\tverdict\naa1.png\tok\nbb2.png\tng\ncc3.png\tok\n",
    "deutsch.csv": "Datei;Urteil\naa1;1\nbb2;0\ncc3;1\n",
    "windows.csv": "name,x,y\nC:\\shots\\bb2.png,12,40\n",
    "list.txt": "aa1.png 0\nbb2.png 1\ncc3.png 0\n",
    "numbered.csv": "image_id,class_id\naa1.png,0\nbb2.png,1\ncc3.png,0\n",
    "all bad.csv": "name,what\naa1.png,defect\nbb2.png,defect\ncc3.png,defect\n",
    "rejects.txt": "bb2.png\n",
    "NG_list.csv": "file,time\nbb2.png,09:02\n",
    "good.txt": "aa1.png\nbb2.png\n",
    "named.json": '{"aa1.png": 0, "bb2.png": 1, "cc3.png": 0}',
    "lists.json": '{"pass": ["aa1.png", "cc3.png"], "rest": ["bb2.png"]}',
    "records.json": '{"set": [{"file": "aa1.png", "what": "ok"}, {"file": "bb2.png", "what": "ng"}]}',
    "metadata.jsonl": '{"file_name": "aa1.png", "label": 1}\n{"file_name": "bb2.png", "label": 0}\n',
    "regions.json": '{"bb2.png77": {"filename": "bb2.png", "regions": [{"x": 3}]}}',
}  # fmt: skip

HARMLESS = {
    "log.csv": "file,Created (time),exposure_us\naa1.png,09:01,400\nbb2.png,09:02,410\ncc3.png,09:03,400\n",
    "sums.txt": "".join(f"{'0123456789abcdef' * 2}{n}  {name}\n" for n, name in enumerate(NAMES)),
    "product.csv": "file,product\naa1.png,plate\nbb2.png,plate\ncc3.png,plate\n",
    "other.csv": "file,verdict\nxx9.png,ng\n",
    "list.txt": "aa1.png\nbb2.png\n",
    "readme.txt": "These are pictures of plates.\nThe first one, aa1.png shows the front.\nThey were taken in Lyon.\n",
    "damaged.csv": 'a,"b\n\0',
    "good.txt": "aa1.png\nbb2.png\ncc3.png\n",
    "camera.json": '{"exposure": 500, "files": ["aa1.png", "bb2.png", "cc3.png"]}',
    "aa1.json": '{"version": "5.0", "shapes": [], "imagePath": "aa1.png", "imageHeight": 40}',
    "coco.json": '{"images": [{"id": 1, "file_name": "aa1.png", "date_captured": "09:01"}], "annotations": []}',
    "deep.json": "[" * 900 + '{"aa1.png": 1}' + "]" * 900,
    "cut off.json": '{"aa1.png": 0, "bb2',
    "line.csv": "Datei;Takt;Bediener;Luftfeuchte\naa1;1;Meier;40\nbb2;2;Huber;41\ncc3;3;Huber;40\n",
}


def folder_with(folder, name, content):
    for picture in NAMES:
        part(folder / picture)
    (folder / name).write_text(content)
    return folder


@pytest.mark.parametrize("name", LABELS)
def test_that_a_table_that_sets_pictures_apart_is_a_question(tmp_path, name):
    with pytest.raises(BadInputError, match="which has no label otherwise: it would be taken as good") as refusal:
        read_layout(folder_with(tmp_path / "plate", name, LABELS[name]))
    assert name in refusal.value.sentence
    assert "Move the table away" in refusal.value.advice


@pytest.mark.parametrize("name", HARMLESS)
def test_that_a_table_that_says_nothing_of_defects_is_only_named(tmp_path, name):
    reading = read_layout(folder_with(tmp_path / "plate", name, HARMLESS[name]))
    assert all(one.good for one in reading.pictures)
    assert any(name in note for note in reading.notes)


def test_that_a_workbook_named_as_labels_is_a_question_and_another_one_is_not(tmp_path):
    assert read_layout(folder_with(tmp_path / "plate", "prices.xlsx", "PK")).pictures
    with pytest.raises(BadInputError, match=r"labels.xlsx is not read, and its name says that it has labels"):
        read_layout(folder_with(tmp_path / "plate", "labels.xlsx", "PK"))


def test_that_folders_with_labels_need_no_table(tmp_path):
    folder = folder_with(tmp_path / "plate" / "OK", "table.csv", "file,verdict\naa1.png,1\n")
    part(tmp_path / "plate" / "NG" / "9.png")
    assert len(read_layout(folder.parent).pictures) == 4


def test_that_a_table_beside_the_folder_is_read_too(tmp_path):
    folder = folder_with(tmp_path / "set" / "train_images", "notes.md", "")
    assert read_layout(folder).pictures
    (tmp_path / "set" / "train.csv").write_text(LABELS["train.csv"])
    with pytest.raises(BadInputError, match=r"train.csv says '3' of aa1.png \(ClassId\)"):
        read_layout(folder)


@pytest.mark.parametrize(
    ("name", "content"), [("bb2.txt", "NG\n"), ("bb2.json", '{"version": 3, "verdict": "defect"}'), ("bb2.txt", "bad")]
)
def test_that_a_text_beside_a_picture_that_says_defective_is_a_question(tmp_path, name, content):
    with pytest.raises(BadInputError, match=rf"{name} marks something in .*bb2.png, which has no label"):
        read_layout(folder_with(tmp_path / "plate", name, content))


@pytest.mark.parametrize(
    ("name", "content"), [("bb2.txt", "ok"), ("bb2.txt", "exposure 500"), ("bb2.json", '{"verdict": "no defect"}')]
)
def test_that_a_text_beside_a_picture_that_says_nothing_bad_is_only_named(tmp_path, name, content):
    assert all(one.good for one in read_layout(folder_with(tmp_path / "plate", name, content)).pictures)
