"""How a token map is cut into attention windows (Swin transformer, Liu et al. 2021).

The cut depends on sizes alone, so it is worked out once per size and kept: as row numbers of the
flat token list, in an order that lets a block work on a few windows at a time, each gathered,
attended and put back while it is still in the cache.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import torch
from einops import rearrange
from torch import Tensor
from torch.nn import functional

UNSEEN = -100.0
"""Added before the softmax where two tokens must not see each other."""


@dataclass(frozen=True)
class Cut:
    """All that decides a cut: the map (batch, height, width), the window's side, the cyclic shift,
    the most tokens in a chunk and the device."""

    batch: int
    height: int
    width: int
    window: int
    shift: int
    limit: int
    device: torch.device


@dataclass(frozen=True, eq=False)
class Run:
    """Neighbouring windows of a chunk, `start` to `stop`, that share a mask: `float (N, N)`, UNSEEN
    where a token must not see another and 0 elsewhere, or None."""

    start: int
    stop: int
    mask: Tensor | None


@dataclass(frozen=True, eq=False)
class Chunk:
    """Windows to work on at once.

    rows: `int64 (n,)`, the tokens in them, as rows of the flat map, padding left out.
    slots: `int64 (n,)`, where each of them stands among the windows' N places each; None when there
    is no padding, so that token i stands at place i.
    """

    rows: Tensor
    slots: Tensor | None
    windows: int
    runs: tuple[Run, ...]


def chunks(
    batch: int,
    height: int,
    width: int,
    window: int,
    shift: int,
    limit: int,
    device: torch.device,
) -> tuple[Chunk, ...]:
    """The windows of a map, cut as `Cut` tells: together they hold every token once.

    The map is padded below and to the right to whole windows, then rolled by -shift both ways.
    A compiler takes the result for a constant (see `matting.ready`), so the arguments must be
    constants too.
    """
    return _chunks(Cut(batch, height, width, window, shift, limit, device))


@lru_cache(maxsize=128)
@torch.inference_mode(False)  # kept for calls to come, compiled ones among them
def _chunks(cut: Cut) -> tuple[Chunk, ...]:
    tokens, edges = _windows(cut)
    padded = (tokens < 0).any(1)
    order = torch.argsort(edges + 4 * padded, stable=True)
    size = max(1, cut.limit // cut.window**2)
    return tuple(
        _chunk(cut, tokens[part], edges[part].tolist()) for part in torch.split(order, size)
    )


def relative_positions(window: int) -> Tensor:
    """`int64 (N, N)`, N = window²: which row of the bias table belongs to each pair of tokens."""
    place = torch.arange(window * window)
    row, column = place // window, place % window
    down = row[:, None] - row[None] + window - 1
    right = column[:, None] - column[None] + window - 1
    return down * (2 * window - 1) + right


def _windows(cut: Cut) -> tuple[Tensor, Tensor]:
    """The token in each place, `(windows, N)`, -1 for padding; and whether each window holds both
    ends of the rolled map: 1 = left and right, 2 = top and bottom, 3 = both, 0 = neither."""
    below, right = -cut.height % cut.window, -cut.width % cut.window
    rows = torch.arange(cut.batch * cut.height * cut.width)
    rows = rows.view(cut.batch, cut.height, cut.width)
    rows = functional.pad(rows, (0, right, 0, below), value=-1)
    rows = rows.roll((-cut.shift, -cut.shift), (1, 2))
    grid = rearrange(rows, "b (i y) (j x) -> b i j (y x)", y=cut.window, x=cut.window)
    edges = torch.zeros(grid.shape[:3], dtype=torch.int64)
    if cut.shift:
        edges[:, :, -1] += 1
        edges[:, -1] += 2
    return grid.flatten(0, 2), edges.flatten()


def _chunk(cut: Cut, tokens: Tensor, edges: list[int]) -> Chunk:
    real = tokens.flatten() >= 0
    runs, start = [], 0
    for edge, group in groupby(edges):
        stop = start + len(list(group))
        runs.append(Run(start, stop, _mask(cut.window, cut.shift, edge, cut.device)))
        start = stop
    return Chunk(
        rows=tokens.flatten()[real].to(cut.device),
        slots=None if real.all() else real.nonzero().squeeze(1).to(cut.device),
        windows=len(edges),
        runs=tuple(runs),
    )


@lru_cache(maxsize=32)
def _mask(window: int, shift: int, edge: int, device: torch.device) -> Tensor | None:
    """In a window at the rolled map's end, the last `shift` rows (columns) came round from the
    other side: they don't see the rest of the window, nor it them."""
    if edge == 0:
        return None
    came_round = torch.arange(window) >= window - shift
    sides = torch.zeros(window, window, dtype=torch.int64)
    if edge & 1:
        sides += came_round
    if edge & 2:
        sides += 2 * came_round[:, None]
    side = sides.flatten()
    return torch.where(side[:, None] == side[None], 0.0, UNSEEN).to(device)
