"""A signed recipe file is refused by the name of its member once any byte of it differs."""

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.signer import Signer, UnknownSignerError, fingerprint_of, same_fingerprint
from station.inference.model_package import ModelDescription, find_package, write_package
from station.people.signing_key import KEY_FILE, SigningKey, SigningKeyError
from station.recipes.recipe_file import open_recipe_file, take_models, write_recipe_file
from station.recipes.seal import CONTENTS, Seal, sealing

MEMBERS = ["recipe.json", "manifest.json", "model.xml", "model.bin", "contents.json", "signature.json"]
SIGNED_AS = {"contents.json": "'contents.json' or 'signature.json'", "signature.json": "signature.json"}


@pytest.fixture(scope="module")
def key(tmp_path_factory) -> SigningKey:
    made = SigningKey(tmp_path_factory.mktemp("station"))
    made.make()
    return made


@pytest.fixture(scope="module")
def signed(tiny_package, key: SigningKey, tmp_path_factory) -> Path:
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(tiny_package.folder, models / "tiny")
    recipe = Recipe("plate", 1, "plate", (View(ModelReference("tiny", tiny_package.sha256)),))
    path = models.with_name("plate.lineside")
    write_recipe_file(recipe, models, path, Seal("Press 4", key.public(), key.sign))
    return path


def test_that_reference_pictures_go_with_their_model(tiny_package, key: SigningKey, tmp_path: Path) -> None:
    for folder in ("models", "other"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pictures").write_bytes(b"a few pictures")
    files = {name: tiny_package.folder / name for name in ("model.xml", "model.bin")}
    fields = tiny_package.manifest.model_dump(include=set(ModelDescription.model_fields))
    described = ModelDescription.model_validate(fields)
    package = write_package(tmp_path / "models", "proven", described, files | {"reference.npz": tmp_path / "pictures"})
    recipe = Recipe("plate", 1, "plate", (View(package.reference),))
    path = tmp_path / "plate.lineside"
    write_recipe_file(recipe, tmp_path / "models", path, Seal("Press 4", key.public(), key.sign))
    taken = take_models(open_recipe_file(path), tmp_path / "other")
    assert find_package(tmp_path / "other", taken.views[0].model).reference_pictures() == b"a few pictures"


def places(content: bytes) -> dict[str, range]:
    """Return where the bytes of each member are."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        begins = {one.filename: one.header_offset + 30 + len(one.filename) for one in archive.infolist()}
        return {one.filename: range(begins[one.filename], begins[one.filename] + one.file_size)
                for one in archive.infolist()}  # fmt: skip


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BadInputError) as refused:
        open_recipe_file(path)
    assert not isinstance(refused.value, UnknownSignerError)
    return refused.value.sentence


def archive_of(members: list[tuple[str, bytes]]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), member)
    return content.getvalue()


def members_of(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_that_a_whole_file_says_who_signed_it(signed: Path, key: SigningKey) -> None:
    opened = open_recipe_file(signed)
    assert (opened.signer.public_key, opened.signer.station) == (key.public(), "Press 4")
    assert list(places(signed.read_bytes())) == MEMBERS
    assert archive_of(members_of(signed)) == signed.read_bytes()  # so that the tests below change what they say


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_any_changed_byte_is_refused_and_its_member_named(signed: Path, tmp_path, data) -> None:
    content = bytearray(signed.read_bytes())
    where = places(bytes(content))
    member = data.draw(st.sampled_from([*MEMBERS, "anywhere"]))
    at = data.draw(st.sampled_from(where[member]) if member in where else st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    said = refusal(tmp_path / "changed", bytes(content))
    if member in where:
        assert f"'{member}'" in said


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(MEMBERS), other=st.sampled_from(MEMBERS), way=st.sampled_from(
    ["added", "removed", "renamed", "swapped", "moved", "twice", "cut", "emptied"]))  # fmt: skip
def test_that_an_altered_set_of_members_is_refused(signed: Path, tmp_path, name: str, other: str, way: str) -> None:
    members = dict(members_of(signed))
    if way == "added":
        members[f"{name}.bak"] = b"!"
    elif way == "removed":
        del members[name]
    elif way == "renamed":
        members[f"x-{name}"] = members.pop(name)
    elif way == "swapped":
        members[name], members[other] = members[other], members[name]
    elif way == "moved":
        members[name] = members.pop(name)
    elif way == "cut":
        members[name] = members[name][:-1]
    elif way == "emptied":
        members[name] = b""
    listed = [*members.items(), *([(name, b"!")] if way == "twice" else [])]
    changed = archive_of(listed) if way != "twice" else twice(listed)
    if changed == signed.read_bytes():
        return  # the last member moved to the end, or one swapped with itself
    said = refusal(tmp_path / "changed", changed)
    if way in ("added", "twice", "cut", "emptied"):
        assert name in said
    elif way == "removed":
        assert f"'{name}'" in said


def twice(members: list[tuple[str, bytes]]) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive_of(members)


@pytest.mark.parametrize("more", [b"x", b"PK\x03\x04"])
def test_that_bytes_behind_or_before_the_archive_are_refused(signed: Path, tmp_path, more: bytes) -> None:
    content = signed.read_bytes()
    for changed in (more + content, content + more, content[:-1]):
        assert str(tmp_path) in refusal(tmp_path / "changed", changed)


def test_that_a_list_signed_by_another_key_is_another_signer(signed: Path, tmp_path) -> None:
    other = SigningKey(tmp_path)
    other.make()
    members = dict(members_of(signed)[:4])
    forged = members | sealing(members, Seal("Press 4", other.public(), other.sign))
    (tmp_path / "forged").write_bytes(archive_of(list(forged.items())))
    assert open_recipe_file(tmp_path / "forged").signer.public_key == other.public()


@pytest.mark.parametrize(
    "contents",
    [b"[]", b"{}", b'{"members":[],"station":"A"}', b'{"members":{},"station":5}', b'{"members":{"a":1},"station":"A"}',
     b"[" * 100_000, b"\xff"],
    ids=["a list", "nothing", "no members", "no name", "no hash", "deep", "no text"],
)  # fmt: skip
def test_that_a_list_that_somebody_signed_and_no_program_of_ours_writes_is_refused(
    signed: Path, tmp_path: Path, contents: bytes
) -> None:
    other = SigningKey(tmp_path)
    other.make()
    members = dict(members_of(signed)[:4])
    sealed = sealing(members, Seal("Press 4", other.public(), lambda _: other.sign(contents))) | {CONTENTS: contents}
    said = refusal(tmp_path / "forged", archive_of(list((members | sealed).items())))
    assert "'contents.json' is not a list of members" in said


def test_that_a_recipe_of_brackets_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path / "deep", archive_of([("recipe.json", b"[" * 100_000)]))
    assert "does not contain a recipe" in said


def test_that_a_name_cannot_pass_for_a_fingerprint() -> None:
    own, foreign = (Signer(digit * 64, "Press 4") for digit in "ab")
    spoofed = Signer(foreign.public_key, f"Press 4', fingerprint {own.fingerprint}, unknown here.\n{own.fingerprint}")
    said = UnknownSignerError.of("a.recipe", spoofed).sentence
    assert own.fingerprint not in said
    assert foreign.fingerprint in said
    assert "\n" not in said


def test_that_a_file_without_a_signature_is_known_by_its_content(signed: Path, tmp_path) -> None:
    bare = tmp_path / "bare"
    bare.write_bytes(archive_of(members_of(signed)[:4]))
    signer = open_recipe_file(bare).signer
    assert signer.public_key == ""
    assert len(signer.fingerprint.replace(" ", "")) == 32


def test_that_the_key_is_for_its_owner_alone_and_never_made_twice(tmp_path) -> None:
    key = SigningKey(tmp_path)
    key.make()
    before = (tmp_path / KEY_FILE).read_bytes()
    key.make()
    assert (tmp_path / KEY_FILE).read_bytes() == before
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "is missing, so nothing can be signed"),
        (lambda file: file.write_bytes(b"short"), "it has 5 bytes instead of 64"),
        (lambda file: file.write_bytes(file.read_bytes()[:63] + b"\0"), "do not belong together"),
        (lambda file: (file.unlink(), file.mkdir()), "cannot be read"),
    ],
)
def test_that_a_key_that_cannot_be_used_is_named_with_the_remedy(tmp_path, spoil, said: str) -> None:
    key = SigningKey(tmp_path)
    key.make()
    spoil(tmp_path / KEY_FILE)
    with pytest.raises(SigningKeyError, match=said) as refused:
        key.sign(b"x")
    assert "linesidectl signers renew" in refused.value.advice


@given(st.binary(min_size=32, max_size=32))
def test_that_a_fingerprint_is_the_same_however_it_is_written(key_bytes: bytes) -> None:
    fingerprint = fingerprint_of(key_bytes.hex())
    for written in (fingerprint, fingerprint.replace(" ", ""), fingerprint.upper(), fingerprint.replace(" ", ":")):
        assert same_fingerprint(fingerprint, written)
    assert not same_fingerprint(fingerprint, "")
    assert not same_fingerprint(fingerprint, fingerprint[:-1])
