"""What voters look at: both results of a ballot on one backdrop, and the photo itself, made ahead
in threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple, get_args

import numpy as np

from compositing.arrays import Alpha, Pixels
from compositing.background import Background, Blur, Colour, Picture, Transparent, default_kernel
from compositing.overlay import on_checkerboard
from evaluation.encoding import jpeg
from evaluation.votes.collection import Collection
from evaluation.votes.kinds import Ballot, Entry, Shown
from models.catalog import INPUT_ALPHA
from models.interface import Prompt
from photos.cut import Cut
from photos.look import Look, final_alpha
from photos.photo import PhotoFile
from photos.previews import shrink
from photos.rendering import render
from photos.samples import SCENE

type Backdrop = Literal["white", "black", "magenta", "checkerboard", "blurred", "replaced"]
BACKDROPS: tuple[Backdrop, ...] = get_args(Backdrop.__value__)

SIDE = 1280
"""Longest side, in pixels, of what is shown at first."""

SHARP_SIDE = 4096
"""Of what is shown zoomed in: single pixels, up to 12 megapixels."""

_QUALITY = 90


class Scene(NamedTuple):
    """A picture to go behind subjects. key: tells it from others."""

    key: str
    pixels: Pixels


class Pair(NamedTuple):
    """JPEGs of a ballot's left and right result, and of the photo in the same size."""

    left: bytes
    right: bytes
    photo: bytes


class Pictures:
    """Makes them, two at a time, and keeps the latest."""

    def __init__(self, kept: int = 72) -> None:
        self._threads = ThreadPoolExecutor(2, "ballots")
        self._kept, self._most = OrderedDict[tuple[object, ...], Future[bytes]](), kept
        self._lock = threading.Lock()

    def pair(
        self,
        collection: Collection,
        ballot: Ballot,
        backdrop: Backdrop,
        *,
        side: int = SIDE,
        scene: Scene | None = None,
    ) -> Callable[[], Pair]:
        """Begin with the pictures; what is returned waits for them. scene: what goes behind in
        “replaced”, if not the one that comes with the program. Raises BadBase."""

        def ask(model: str) -> Future[bytes]:
            entry = collection.entry(ballot.photo, model)
            behind = scene.key if scene and backdrop == "replaced" else ""
            key = (ballot.photo.key, hash(entry.png), backdrop, behind, side)
            return self._once(
                key, partial(_picture, collection, ballot.photo, entry, backdrop, side, scene)
            )

        left, right = ask(ballot.left), ask(ballot.right)
        photo = self._once(
            (ballot.photo.key, side), partial(_original, collection, ballot.photo, side)
        )
        return lambda: Pair(left.result(), right.result(), photo.result())

    def forget(self) -> None:
        """Keep none any longer."""
        with self._lock:
            self._kept.clear()

    def _once(self, key: tuple[object, ...], make: Callable[[], bytes]) -> Future[bytes]:
        with self._lock:
            future = self._kept.get(key)
            if future is None or (future.done() and future.exception()):
                future = self._kept[key] = self._threads.submit(make)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return future


def _picture(
    collection: Collection,
    photo: Shown,
    entry: Entry,
    backdrop: Backdrop,
    side: int,
    scene: Scene | None,
) -> bytes:
    cut = cut_of(_kept(photo, collection.picture(photo)), entry)
    look = Look(_background(backdrop, cut.photo, scene))
    pixels = shrink(cut.photo.pixels(), side)
    alpha = final_alpha(cut, look, partial(_small, side=side))
    picture = render(cut, look, pixels=pixels, alpha=alpha)
    return jpeg(on_checkerboard(picture) if picture.shape[2] == 4 else picture, _QUALITY, fine=True)


def _original(collection: Collection, photo: Shown, side: int) -> bytes:
    pixels = _kept(photo, collection.picture(photo)).pixels()
    return jpeg(shrink(pixels, side), _QUALITY, fine=True)


def _kept(photo: Shown, data: bytes) -> PhotoFile:
    """The collection's own JPEG: sRGB, upright and without metadata, so nothing is looked up in it
    as in a stranger's file, which would take as long as reading it."""
    return PhotoFile(
        photo.name, data, photo.width, photo.height, b"", b"",
        profiled=False, transparent=False, notes=(), dpi=None,
    )  # fmt: skip


def _small(cut: Cut, *, refined: bool, side: int) -> Alpha:
    return shrink(cut.levels(refined=refined), side) * np.float32(1 / 255)


def cut_of(photo: PhotoFile, entry: Entry) -> Cut:
    """A kept matte as a cut, for the one renderer. Its model may have left the catalogue."""
    spec = replace(INPUT_ALPHA, name=entry.model, label=entry.label, family=entry.family)
    return Cut(
        photo=photo,
        spec=spec,
        prompt=Prompt(),
        seconds={"network": entry.seconds},
        device="",
        dtype="",
        revision=entry.revision,
        peak_bytes=entry.peak_bytes,
        share=0.0,
        empty=False,
        notes=(),
        objects=(),
        packed=entry.png,
    )


def _background(backdrop: Backdrop, photo: PhotoFile, scene: Scene | None) -> Background:
    kernel = default_kernel(photo.width, photo.height)
    if backdrop == "blurred":
        return Blur(kernel)
    if backdrop == "replaced":
        return Picture(scene.pixels if scene else SCENE.open().pixels(), kernel=kernel)
    plain: dict[str, Background] = {
        "white": Colour(255, 255, 255),
        "black": Colour(0, 0, 0),
        "magenta": Colour(255, 0, 255),
        "checkerboard": Transparent(),
    }
    return plain[backdrop]
