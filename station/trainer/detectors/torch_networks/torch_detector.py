"""A torch network as a learned detector: its maps, its scores, its graph."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from station.inference.silent_openvino import opset, ov
from station.trainer.detector import smoothed
from station.trainer.detectors.contract import Maps, Pixels
from station.trainer.graph import answering, highest_place, smoothed_grid

BRIGHTEST = 255.0
_ONE_NUMBER = ("Add", "Subtract", "Multiply", "Divide")


class TorchDetector:
    """A learned network; see `LearnedDetector`."""

    def __init__(
        self, network: nn.Module, size: tuple[int, int], *, smoothing_cells: float, has_map: bool = True
    ) -> None:
        """Take over the network, for evaluation.

        Args:
            network: From pixels 0..255, (n, 3, h, w) float32, to the raw map (n, 1, gh, gw), not smoothed. Without a
                map it is one place, the score.
            size: Height and width of its input, pixels.
            smoothing_cells: Sigma of the Gaussian that smooths the map, in its cells; 0 for none.
            has_map: Whether the places of the map are places of the picture.
        """
        self._network = network.eval()
        self._size = size
        self._smoothing_cells = smoothing_cells
        self._has_map = has_map

    def maps(self, pictures: Pixels) -> Maps | None:
        """Return the raw map of each picture; None without a map."""
        return self._answers(pictures) if self._has_map else None

    def scores(self, pictures: Pixels) -> NDArray[np.float32]:
        """Return the raw score of each picture: the highest place."""
        return np.asarray(self._answers(pictures).max((1, 2)), np.float32)

    def graph(self) -> "ov.Model":
        """Return the graph of a model package."""
        model = self._with_pixels()
        raw = model.outputs[0].get_node().input_value(0)
        places = smoothed_grid(raw, self._smoothing_cells) if self._smoothing_cells else opset.relu(raw)
        score = highest_place(places)
        if not self._has_map:
            places = opset.multiply(score, opset.constant(np.zeros((1, 1, 1, 1), np.float32)))
        return answering(score, places, model.get_parameters())

    def _with_pixels(self) -> "ov.Model":
        """Return the network: uint8 RGB [1, h, w, 3] in, the raw map out."""
        shape = (1, 3, *self._size)
        with torch.inference_mode():
            # OpenVINO would trace a second and a third time to compare; the parity certificate compares on pictures.
            traced = torch.jit.trace(self._network, torch.zeros(shape), check_trace=False)  # type: ignore[no-untyped-call]
            model = ov.convert_model(traced, example_input=torch.zeros(shape), input=list(shape))
        steps = ov.preprocess.PrePostProcessor(model)
        pixels = steps.input()
        pixels.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC")).set_shape([1, *self._size, 3])
        pixels.preprocess().convert_element_type(ov.Type.f32)
        pixels.model().set_layout(ov.Layout("NCHW"))
        return _turned_last(steps.build())

    def _answers(self, pictures: Pixels) -> Maps:
        with torch.inference_mode():
            raw = self._network(as_tensor(pictures)).numpy()[:, 0]
        return smoothed(raw, self._smoothing_cells) if self._smoothing_cells else np.asarray(raw, np.float32)


def _turned_last(model: "ov.Model") -> "ov.Model":
    """Let numbers that scale all pixels come before the turn to channels first, with the same result.

    OpenVINO leaves the turn out if the first convolution follows it: 1/20 of the time of a small network.
    """
    (convert,) = _users(model.get_parameters()[0])
    (turn,) = _users(convert)
    for first in filter(_scales, _users(turn)):
        last = first
        while len(following := _users(last)) == 1 and _scales(following[0]):
            last = following[0]
        takers = last.output(0).get_target_inputs()
        first.set_argument(0, convert.output(0))
        turned = opset.transpose(last, turn.input_value(1))
        for taker in takers:
            taker.replace_source_output(turned.output(0))
    model.validate_nodes_and_infer_types()
    return model


def _users(node: "ov.Node") -> "list[ov.Node]":
    return [taker.get_node() for taker in node.output(0).get_target_inputs()]


def _scales(step: "ov.Node") -> bool:
    """Return whether a step changes each value by the same one number."""
    if step.get_type_name() not in _ONE_NUMBER:
        return False
    number = step.input_value(1)
    one: bool = number.get_node().get_type_name() == "Constant" and math.prod(number.get_shape()) == 1
    return one


def as_tensor(pictures: Pixels) -> torch.Tensor:
    """Return pixels 0..255 as a network takes them, (n, 3, h, w) float32."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).contiguous().float()


def light_of(pixels: torch.Tensor) -> torch.Tensor:
    """Return pixels 0..255 as 0..1."""
    return pixels / BRIGHTEST
