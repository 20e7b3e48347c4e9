"""Which order of the image's tiles a BiRefNet's weights were trained with, told by the weights."""

from typing import NamedTuple

from einops import rearrange
from torch import Tensor
from torch.nn import functional

from models.networks.birefnet import PatchOrder

TELLTALE = "decoder.ipt_blk2.conv1.weight"
"""The tensor to ask: it reads 4 x 4 tiles of three colours."""


class PatchOrderVerdict(NamedTuple):
    """order: the likelier one. The scores, 0 to 1, are how alike the filters are that would see the
    three colours of one tile in that order; the further apart, the surer."""

    order: PatchOrder
    column_score: float
    channel_score: float


def patch_order_of(weight: Tensor) -> PatchOrderVerdict:
    """The order that the first image convolution `weight` `(O, 3 T, k, k)` of a decoder level was
    trained with, T tiles.

    In photos the colours of one place go together, so trained filters for the three colours of a
    tile are much more alike (in absolute cosine) than those of different tiles. Raises ValueError
    when the channels aren't colours of tiles.
    """
    channels = weight.shape[1] if weight.ndim == 4 else 0
    if channels < 6 or channels % 3:
        raise ValueError(
            f"A tensor of shape {tuple(weight.shape)} doesn't read tiles of three colours; "
            f"ask {TELLTALE}."
        )
    filters = functional.normalize(rearrange(weight.float(), "o c y x -> c (o y x)"), dim=1)
    column = _likeness(rearrange(filters, "(t c) d -> t c d", c=3))
    channel = _likeness(rearrange(filters, "(c t) d -> t c d", c=3))
    return PatchOrderVerdict("column" if column > channel else "channel", column, channel)


def _likeness(triples: Tensor) -> float:
    """Mean |cosine| of the three pairs in each triple of unit vectors, `(T, 3, D)`."""
    cosines = (triples * triples.roll(1, 1)).sum(-1)
    return float(cosines.abs().mean())
