"""A model is run on a photo, and its answer made ready to be kept."""

from dataclasses import replace
from typing import Any

import numpy as np

import compositing
from compositing.alpha import refine
from compositing.arrays import Alpha, Photo
from compositing.closed_form import redraw
from compositing.matte import deep_image, matte_image
from models.catalog import INPUT_ALPHA, ModelSpec
from models.hub import weights
from models.interface import NOTHING_SAID, Check, Matte, Prompt, unwanted
from models.running.default import default_model
from models.running.devices import BYTES_ONLY
from models.running.failures import failing_as_run
from models.running.pool import Pool, shared_pool
from models.running.stages import recording, stage
from photos.cut import Bits, Cut, Refiner
from photos.packed import packed_alpha, packed_colours
from photos.photo import PhotoFile
from photos.png import png


def cut_out(
    photo: PhotoFile,
    spec: ModelSpec | None = None,
    prompt: Prompt = NOTHING_SAID,
    device: str = "auto",
    *,
    pool: Pool | None = None,
    pixels: Photo | None = None,
    refiner: Refiner = "quick",
    packing: bool = True,
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
    bits: Bits = 8,
) -> Cut:
    """Run a model on a photo.

    What is transparent in the photo's own file stays so, whatever the model says.

    Parameters
    ----------
    photo
        As `photos.read_photo` gives it.
    spec
        As `photos.find_model` gives it. None: U²-Net-P, which is built in; GrabCut, as a note of
        the cut tells, where the package with its weights isn't installed as it should be.
    prompt
        What the subject is, in the upright photo's own pixels. Empty: the model decides by itself.
    device
        "auto", "cpu", "cuda", "cuda:1" or "mps". One that isn't there is an error.
    pool
        Where loaded models are kept. None: one that the whole process shares.
    pixels
        The photo's, `uint8 (H, W, 3)`, if they are at hand. None: they are decoded.
    refiner
        What draws the edges of a mask anew: "quick", the guided filter, or "closed-form" matting,
        for masks that are off by more than a few pixels. Soft mattes stay as they are.
    packing
        Whether the mattes are packed as PNGs, to keep many cuts, as `to_keep` does. False is
        quicker, where a cut is used at once.
    progress
        Called with the bytes of a download that are here, and with all of them.
    check
        Called now and then; raises Cancelled to stop the work.
    bits
        16 keeps the matte with 16 bits a pixel as well, for files of it.

    Raises
    ------
    ModelError
        DeviceMissing, LoadFailed, PromptMissing or RunFailed: a sentence that says what to do.
    Cancelled
        If `check` said so.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open())
    >>> cut.spec.label, cut.empty, cut.alpha().shape
    ('U²-Net-P', False, (400, 600))
    """
    compositing.warm_up()  # what compiles here for the first time is no part of a model's time
    spec, said = (spec, "") if spec else default_model()
    pixels = photo.pixels() if pixels is None else pixels
    pool = pool or shared_pool()
    result = pool.run(spec, pixels, prompt, device, progress=progress, check=check)
    bound = photo.alpha() if photo.transparent else None
    matte = replace(result.made, alpha=within(bound, result.made.alpha))
    alpha, rough = matte.alpha, None
    with recording(check=check, model=spec.name) as record:
        if not matte.soft:
            rough = matte_image(alpha)
            with failing_as_run(spec, result.device), stage("edges"):
                # Along its edges a mask tells how sure the network was, at a hundredth of the
                # photo's pixels, not how much of a pixel is subject: the colours know that better.
                mask = (result.made.alpha > 0.5).astype(np.float32)
                drawn = (refine if refiner == "quick" else redraw)(pixels, mask)
                alpha = within(bound, drawn)
    cut = Cut(
        photo=photo,
        spec=spec,
        prompt=prompt,
        seconds={**result.seconds, **record.seconds},
        device=result.device.name,
        dtype=result.device.dtype,
        revision=result.revision,
        peak_bytes=result.peak_bytes,
        share=matte.share,
        empty=matte.empty,
        notes=(*photo.notes, *filter(None, [said]), *matte.notes),
        objects=matte.objects,
        packed=matte_image(alpha),
        rough=rough,
        packed_foreground=None if matte.foreground is None else packed_colours(matte.foreground),
        refiner=None if matte.soft else refiner,
        weights=result.weights,
        deep=deep_image(alpha) if bits == 16 else None,
    )
    return to_keep(cut) if packing else cut


def to_keep(cut: Cut) -> Cut:
    """Make a cut small enough to keep many.

    Parameters
    ----------
    cut
        As `cut_out` gives it with or without packing.

    Returns
    -------
    Cut
        The same, its mattes packed as PNGs. It has the same key.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), packing=False)
    >>> cut.packed.shape, to_keep(cut).packed[1:4], to_keep(cut).key == cut.key
    ((400, 600), b'PNG', True)
    """

    def small(kept: Any) -> Any:
        return png(kept) if isinstance(kept, np.ndarray) else kept

    return replace(cut, packed=small(cut.packed), rough=small(cut.rough), deep=small(cut.deep))


def input_cut(photo: PhotoFile) -> Cut | None:
    """The photo's own transparency as a cut, to compare those of models with.

    Parameters
    ----------
    photo
        Any that could be opened.

    Returns
    -------
    Cut | None
        A cut by `models.catalog.INPUT_ALPHA`, which took no time. None if all of it is opaque.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> input_cut(SAMPLES[0].open()) is None
    True
    """
    alpha = photo.alpha()
    if alpha is None:
        return None
    matte = Matte(alpha, soft=True)
    return Cut(
        photo=photo,
        spec=INPUT_ALPHA,
        prompt=NOTHING_SAID,
        seconds={},
        device=BYTES_ONLY.name,
        dtype=BYTES_ONLY.dtype,
        revision="",
        peak_bytes=0,
        share=matte.share,
        empty=matte.empty,
        notes=photo.notes,
        objects=(),
        packed=packed_alpha(alpha),
    )


def within(bound: Alpha | None, alpha: Alpha) -> Alpha:
    """Keep an alpha to what is opaque in the photo's own file.

    Parameters
    ----------
    bound : (H, W) float32 array, optional
        The file's own opacity, as `PhotoFile.alpha` decodes it. None: all is opaque.
    alpha : (H, W) float32 array

    Returns
    -------
    alpha : (H, W) float32 array
        Nowhere more opaque than the bound.

    Examples
    --------
    >>> within(np.float32([[0, 0.5]]), np.float32([[1, 0.25]])).tolist()
    [[0.0, 0.25]]
    """
    return alpha if bound is None else np.minimum(alpha, bound)
