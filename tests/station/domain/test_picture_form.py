"""The form of the pictures of a teaching: what they have in common, and how deep a picture is taken to be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.picture_form import (
    Colour,
    DepthFrom,
    PictureFacts,
    PictureForm,
    common_form,
    depth_that_holds,
    judged_bits,
)
from station.domain.recipe import ModelReference, Recipe, View
from station.storage.recipes.serialisation import recipe_from_text

GREY = PictureFacts(colour_spread=0, bits=12, stored_bits=16, width=320, height=240, coding="lossless")
RED = replace(GREY, colour_spread=90)
OF_12_BITS = PictureForm(bits=12, stored_bits=16)


def view(name: str = "", form: PictureForm | None = None) -> View:
    return View(ModelReference("m", "0" * 64), name, form=form)


@pytest.mark.parametrize(
    ("largest", "bits"), [(0, 8), (255, 8), (256, 10), (1023, 10), (1024, 12), (4095, 12), (16383, 14), (65535, 16)]
)
def test_that_values_are_taken_for_the_least_depth_that_holds_them(largest: int, bits: int) -> None:
    assert depth_that_holds(largest) == bits


def test_that_pictures_alike_have_one_form() -> None:
    assert common_form([GREY, GREY]) == PictureForm(Colour.GREY, 12, 16, 320, 240, "lossless")
    assert common_form([RED, RED]).colour is Colour.COLOUR


def test_that_what_differs_is_left_open() -> None:
    other = replace(RED, width=640, coding="JPEG 4:2:0", bits=8, stored_bits=8)
    form = common_form([GREY, other])
    assert form == PictureForm(Colour.EITHER, 12, 16, 0, 0, "JPEG 4:2:0, lossless")
    assert form.codings == {"JPEG 4:2:0", "lossless"}
    assert form.words == "grey or colour, 12 of 16 bits, of several sizes, JPEG 4:2:0, lossless"


def test_that_hardly_any_colour_is_neither_grey_nor_colour() -> None:
    assert common_form([replace(GREY, colour_spread=2)]).colour is Colour.EITHER


@pytest.mark.parametrize(
    ("form", "stated_bits", "depth_from", "bits"),
    [
        (OF_12_BITS, 16, DepthFrom.UNKNOWN, 12),
        (OF_12_BITS, 10, DepthFrom.KNOWN, 10),
        (OF_12_BITS, 14, DepthFrom.NOTED, 14),
        (PictureForm(), 16, DepthFrom.UNKNOWN, 16),
        (None, 16, DepthFrom.UNKNOWN, 16),
        (None, 12, DepthFrom.KNOWN, 12),
        (None, 12, DepthFrom.NOTED, 16),  # taught before such notes were read
    ],
)
def test_that_a_depth_is_that_of_the_picture_or_of_the_recipe(form, stated_bits, depth_from, bits) -> None:
    assert judged_bits(form, 16, stated_bits, depth_from) == bits


@given(form=st.none() | st.builds(PictureForm), depth_from=st.sampled_from(DepthFrom))
def test_that_an_8_bit_picture_has_8_bits(form, depth_from) -> None:
    assert judged_bits(form, 8, 8, depth_from) == 8


def test_that_a_recipe_from_before_forms_were_kept_has_its_old_hash() -> None:
    of_one, of_two = (Recipe("tile", 3, "Tile", views) for views in ((view(),), (view("top"), view("side"))))
    assert of_one.sha256 == "148fc729e5cbdf1af23f07dcb5ac2aa5d91a42305c3f27293ff0e1a7deb1e772"
    assert of_two.sha256 == "9bdec9009830afe6b72c341ff3617f896d75e034b6e71f2ec8d5457c93173d58"
    assert recipe_from_text(of_one.text, "test") == of_one


@given(
    form=st.none()
    | st.builds(
        PictureForm,
        colour=st.sampled_from(Colour),
        bits=st.sampled_from([8, 10, 12, 14, 16]),
        stored_bits=st.sampled_from([8, 16]),
        width=st.integers(0, 9999),
        height=st.integers(0, 9999),
        coding=st.sampled_from(["", "lossless", "JPEG 4:2:0, lossless"]),
    )
)
def test_that_a_recipe_comes_back_from_its_text_with_the_form(form) -> None:
    for views in ((view("", form),), (view("top", form), view("side"))):
        recipe = Recipe("tile", 3, "Tile", views)
        read = recipe_from_text(recipe.text, "test")
        assert read == recipe
        assert read.sha256 == recipe.sha256
