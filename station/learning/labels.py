"""The labels of pictures, as they are written in names and manifests."""

from typing import Literal

GOOD = "good"
"""The kind of a picture of a good part; every other kind is a kind of defect."""

Split = Literal["train", "test"]
"""What a picture is for: to learn from, or to measure with."""
