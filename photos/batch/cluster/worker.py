"""A process of a cluster: it does one parcel of photos after another, with models that it keeps."""

import json
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models import catalog
from models.hub import weights
from models.interface import DeviceMissing, LoadFailed, ModelError
from models.running.devices import resolve
from models.running.pool import Pool
from photos.batch.base import BadManifest
from photos.batch.cluster.shared import Shared, asked
from photos.batch.cluster.sizing import PIXELS
from photos.batch.found import Found
from photos.batch.memory import keep_memory
from photos.batch.pieces import Piece, pieces_of
from photos.batch.room import Room
from photos.batch.running import Batch
from photos.batch.stores.address import StoreFailed, is_address
from photos.batch.wishes import Wishes
from photos.saving import WriteFailed

_ENDING = (LoadFailed, DeviceMissing, WriteFailed, BadManifest, StoreFailed)
"""What is wrong with more than one photo, and ends the whole run."""


def packed(photos: Sequence[Found]) -> str:
    """Photos' names as a row of Ray Data holds them: in ASCII, as some are no Unicode.

    Parameters
    ----------
    photos : sequence of Found

    Returns
    -------
    text : str

    Examples
    --------
    >>> photos = [Found("/in/a\\udcff.jpg", "a\\udcff.jpg")]
    >>> unpacked(packed(photos)) == photos, packed(photos).isascii()
    (True, True)
    """
    return json.dumps([asdict(found) for found in photos])


def unpacked(text: str) -> list[Found]:
    """What `packed` packed.

    Parameters
    ----------
    text : str

    Returns
    -------
    photos : list of Found

    Examples
    --------
    >>> unpacked(packed([]))
    []
    """
    return [Found(**told) for told in json.loads(text)]


class Worker:
    """Does parcels, one after another; the photos of one as `Batch` does them.

    It's made in the twinkling of an eye, and is ready at the first parcel: Ray would make one that
    failed while it was made again and again.

    Parameters
    ----------
    keeper : ray.actor.ActorHandle
    wishes : str
        As `Wishes.told` gives them.
    pieces : tuple of Piece
    manifest : str
        The manifest's path. It's only looked whether it's there; empty if results go to a store.
    folder : str
        The driver's working folder, from which relative settings are meant.
    graphics : bool
        Whether Ray gave it a graphics card.

    Examples
    --------
    >>> callable(Worker)  # it needs a cluster
    True
    """

    def __init__(
        self,
        keeper: Any,
        wishes: str,
        pieces: tuple[Piece, ...],
        manifest: str,
        folder: str,
        graphics: bool,
    ) -> None:
        self._keeper, self._pieces = keeper, pieces
        self._wishes = Wishes.read(wishes)
        self._manifest, self._folder, self._graphics = manifest, folder, graphics
        self._pool: Pool | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        photos = unpacked(row["photos"])
        with Shared(self._keeper, self._pieces, int(row["parcel"])) as shared:
            try:
                pool = self._ready(photos)
                Batch(self._wishes, shared, pool=pool, room=Room(PIXELS)).over(photos)
            except _ENDING as error:
                asked(self._keeper.fail, error)
        return {"parcel": row["parcel"]}

    def _ready(self, photos: Sequence[Found]) -> Pool:
        if self._pool is None:
            keep_memory()
            with suppress(OSError):
                os.chdir(self._folder)
            self._look_around(photos)
            self._pool = self._loaded()
        return self._pool

    def _look_around(self, photos: Sequence[Found]) -> None:
        """Whether this machine sees the same folders. Raises LoadFailed."""
        there = (found.path for found in photos if found.size >= 0 and not is_address(found.path))
        folders = (Path(path).parent for path in there)
        lacking = next((each for each in folders if not each.is_dir()), None)
        if self._manifest and not Path(self._manifest).is_file():
            lacking = Path(self._manifest).parent
        if lacking:
            raise LoadFailed(
                f"“{lacking}” isn't on the machine {platform.node()}: photos and results must lie "
                "in folders that all machines of the cluster share, under the same paths."
            )
        if self._graphics and self._wishes.device == "auto" and resolve().kind != "cuda":
            raise DeviceMissing(
                f"The machine {platform.node()} has a graphics card for Ray, and none for torch: "
                "install a build for CUDA there, or add --device cpu."
            )

    def _loaded(self) -> Pool:
        """Models that were run once, so that one that ends the process isn't a photo's fault."""
        pool, blank = Pool(), np.full((64, 64, 3), 128, np.uint8)
        for name in self._wishes.models:
            spec = catalog.find(name)
            if weights.awaits_download(spec):
                weights.fetch(spec)
            prompt = self._wishes.prompt.only(spec.prompts)
            try:
                pool.run(spec, blank, prompt, self._wishes.device)
            except (LoadFailed, DeviceMissing):
                raise
            except ModelError:
                pass  # a blank picture has no such subject
        if depth := self._wishes.depth_model:
            pool.depth(depth, blank, self._wishes.device)
        if pieces_of(self._wishes) != self._pieces:
            raise LoadFailed(
                f"The machine {platform.node()} would make other pictures: its weights or its "
                "version of this program are others. Make them the same on all machines."
            )
        pool.forget_photos()
        return pool
