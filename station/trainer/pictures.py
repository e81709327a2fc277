"""Pictures for training: read, checked and scaled to the model's input by the code that the line uses."""

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.picture_form import PictureForm, judged_bits
from station.learning.layout.labelled import LabelledPicture
from station.vision.preprocess import Prepared, Preprocessor


def model_input(picture: LabelledPicture, preprocessor: Preprocessor, depth: PictureForm) -> NDArray[np.uint8]:
    """Return one picture as the model's input: uint8 RGB, shape (h, w, 3); the arguments are those of `prepared`."""
    return np.asarray(prepared(picture, preprocessor, depth).model_input, np.uint8)


def prepared(picture: LabelledPicture, preprocessor: Preprocessor, depth: PictureForm) -> Prepared:
    """Return one picture made ready for the model.

    Args:
        picture: The picture.
        preprocessor: Scales it.
        depth: How deep it is if it does not say it itself.
    """
    read = read_picture(picture.path, picture.page)
    bits = judged_bits(depth, 8 * read.image.dtype.itemsize, read.significant_bits, read.depth_from)
    return preprocessor.run(read.image, bits)
