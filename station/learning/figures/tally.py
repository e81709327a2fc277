"""Counts judged pictures, one after the other, and makes the report of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from station.domain.evaluation import JudgedPicture
from station.domain.formatting import counted, one_or_many
from station.domain.frame import NotInspectedCause
from station.domain.part_images import ViewResult
from station.domain.synthetic import is_synthetic
from station.domain.verdict import Limits
from station.inference.model_package import Manifest
from station.learning.figures.counted_picture import CountedPicture
from station.learning.figures.curves import CURVES
from station.learning.figures.estimate import Estimate
from station.learning.figures.image_figures import ImageCount
from station.learning.figures.marks import Marked, Marks, PackedMask, SaturatedMask
from station.learning.figures.pixel_figures import EXACT_TO, Estimates, pixel_figures
from station.learning.figures.pixel_limit import PixelLimitCount
from station.learning.figures.report import EvaluationReport, KindReport, intervals_of
from station.learning.figures.saturation import Saturation
from station.learning.labels import GOOD
from station.learning.layout.labelled import LabelledPicture
from station.learning.masks import MaskNote, read_mask, sentences_on

_NO_DEFECT = "there is no defect among the pictures"
_NO_REAL_DEFECT = "all defects among the pictures are synthetic"
_NO_GOOD = "there is no good part among the pictures"
_NO_PICTURE = "there is no picture to test with"
_NO_MASK = "no defect has a mask"
_EMPTY_MASKS = "no mask marks anything"
_NO_SATURATION = "no defects_config.json says how much of a defect is enough"


class Tally:
    """Counts judged pictures, and makes the report of them."""

    def __init__(self, limits: Limits, saturation: Saturation | None = None) -> None:
        """Begin with no picture.

        Args:
            limits: Those of the recipe.
            saturation: How much of each defect is enough; None if that is not known.
        """
        self._saturation = saturation
        self._images = ImageCount()
        self._at_limit = PixelLimitCount(limits.pixel_threshold)
        self._pixels: defaultdict[str, list[CountedPicture]] = defaultdict(list)
        self._masks: list[MaskNote] = []
        self._judged: list[JudgedPicture] = []

    def count(self, picture: LabelledPicture, result: ViewResult) -> None:
        """Count one judged picture. The pixels of a defect count only if a mask marks some of them.

        Raises:
            BadInputError: A mask cannot be used, or does not fit its picture.
        """
        seen = result.inspection
        assert seen.raw_score is not None and seen.pred_score is not None, "a judged view has a score"  # noqa: PT018
        self._images.add(picture.kind, seen.raw_score, seen.verdict)
        self._judged.append(JudgedPicture(picture.name, picture.kind, seen.pred_score, seen.verdict))
        if picture.good:
            self._count_pixels(picture.kind, result, None, None)
            return
        masks = self._read_masks(picture.masks, result)
        if masks:
            union = np.logical_or.reduce([marked for _, marked in masks])
            self._count_pixels(picture.kind, result, Marks(PackedMask.of(union), self._saturated(masks)), union)

    def _read_masks(self, paths: Sequence[Path], result: ViewResult) -> list[tuple[Path, Marked]]:
        """Return the masks that mark something, and note what each of all masks marks."""
        masks = [(path, read_mask(path, _size(result))) for path in paths]
        self._masks += [mask.note(path) for path, mask in masks]
        return [(path, mask.marked) for path, mask in masks if mask.marked.any()]

    def _saturated(self, masks: Sequence[tuple[Path, Marked]]) -> tuple[SaturatedMask, ...]:
        if self._saturation is None:
            return ()
        enough = [self._saturation.enough(path, marked) for path, marked in masks]
        return tuple(SaturatedMask(PackedMask.of(m), n) for (_, m), n in zip(masks, enough, strict=True))

    def _count_pixels(self, kind: str, result: ViewResult, marks: Marks | None, union: Marked | None) -> None:
        judged_map = result.judged_map
        assert judged_map is not None, "a judged view has a map"
        pixels, scores = CountedPicture.of(judged_map, result.roi, _size(result), marks)
        self._pixels[kind].append(pixels)
        self._at_limit.add(kind, scores, union)

    def report(self, manifest: Manifest, refused: Counter[NotInspectedCause]) -> EvaluationReport:
        """Return the figures of the pictures counted until now, of which the quality limits refused some."""
        kinds, synthetic = self._real_and_synthetic()
        pixels = pixel_figures(self._pixels)
        best = self._images.best_f1(kinds)
        figures = self._figures(kinds, pixels.together)
        values = {name: figure.value if figure else None for name, figure in figures.items()}
        return EvaluationReport(
            image_auroc=values["image_auroc"],
            image_f1=values["image_f1"],
            image_f1_best=best.f1 if best else None,
            pixel_auroc=values["pixel_auroc"],
            aupro=values["aupro"],
            aupro_5=values["aupro_5"],
            spro=values["spro"],
            pixel_f1=values["pixel_f1"],
            escapes=self._images.escapes(kinds),
            overkill=self._images.overkill,
            confusion=self._images.confusion,
            train_s=_number(manifest.evaluation.get("train_s")),
            parity=manifest.parity,
            masks=sentences_on(self._masks),
            reasons=self._reasons(pixels.error) | _package_reasons(manifest) | _refusals(refused),
            intervals=intervals_of(figures),
            per_kind={
                kind: KindReport(self._images.escapes([kind]), self._figures([kind], pixels.per_kind.get(kind, {})))
                for kind in self._images.kinds
            },
            synthetic=_kept_apart(self._images.escapes(synthetic).n),
            judged=tuple(self._judged),
        )

    def _real_and_synthetic(self) -> tuple[list[str], list[str]]:
        """Return the kinds of real defects, and those that were drawn: these never count with real ones."""
        kinds = self._images.kinds
        return [kind for kind in kinds if not is_synthetic(kind)], [kind for kind in kinds if is_synthetic(kind)]

    def _figures(self, kinds: Sequence[str], pixels: Estimates) -> dict[str, Estimate | None]:
        return {
            "image_auroc": self._images.auroc(kinds),
            "image_f1": self._images.f1(kinds),
            **{name: pixels.get(name) for name in CURVES},
            "pixel_f1": self._at_limit.f1(kinds),
        }

    def _reasons(self, error: float) -> dict[str, str]:
        """Return why figures are None, and which ones are less exact than usual."""
        real, synthetic = self._real_and_synthetic()
        good, defects = self._images.overkill.n, self._images.escapes(real).n
        no_defect = _NO_REAL_DEFECT if synthetic else _NO_DEFECT
        reasons: dict[str, str] = {}
        if not (good and defects):
            reasons["image_auroc"] = _NO_GOOD if defects else no_defect
        if not defects:
            reasons |= dict.fromkeys(("image_f1", "image_f1_best", "escapes"), no_defect)
        if not good:
            reasons["overkill"] = _NO_GOOD
        if not (good or defects):
            reasons |= dict.fromkeys(("confusion", "infer_ms_p50"), _NO_PICTURE)
        return reasons | self._pixel_reasons("" if defects else no_defect, error)

    def _pixel_reasons(self, no_defect: str, error: float) -> dict[str, str]:
        if all(kind == GOOD or is_synthetic(kind) for kind in self._pixels):
            of_real = any(not is_synthetic(note.name) for note in self._masks)
            without = _EMPTY_MASKS if of_real else _NO_MASK
            return dict.fromkeys((*CURVES, "pixel_f1"), no_defect or without)
        inexact = dict.fromkeys(CURVES, f"exact to {error:.1g}") if error > EXACT_TO else {}
        return inexact if self._saturation else inexact | {"spro": _NO_SATURATION}


def _kept_apart(synthetic: int) -> tuple[str, ...]:
    if not synthetic:
        return ()
    verb = one_or_many(synthetic, "is", "are")
    return (f"{counted(synthetic, 'synthetic defect')} {verb} counted by kind alone, in no figure of real defects",)


def _size(result: ViewResult) -> tuple[int, int]:
    return result.inspection.height, result.inspection.width


def _package_reasons(manifest: Manifest) -> dict[str, str]:
    silent = {"train_s": "train_s" not in manifest.evaluation, "parity": manifest.parity is None}
    return {name: "the model package does not say" for name, unknown in silent.items() if unknown}


def _refusals(refused: Counter[NotInspectedCause]) -> dict[str, str]:
    if not refused:
        return {}
    causes = ", ".join(f"{cause.sentence}: {count}" for cause, count in sorted(refused.items()))
    return {"confusion": f"{refused.total()} of the pictures would be NOT INSPECTED on the line ({causes})"}


def _number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) else None
