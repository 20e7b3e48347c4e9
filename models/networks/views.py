"""How BEN2's five views of an image, four quadrants and the whole, look at each other.

After MVANet (Yu et al. 2024, "Multi-view Aggregation Network for Dichotomous Image Segmentation",
arXiv:2404.07445). Quadrants are in reading order; views are `(5, C, h, w)`, the whole last.
"""

import math
from functools import lru_cache

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional


def quadrants(whole: Tensor) -> Tensor:
    """`(1, C, 2h, 2w)` -> `(4, C, h, w)`."""
    return rearrange(whole, "1 c (i h) (j w) -> (i j) c h w", i=2, j=2)


def assemble(local: Tensor) -> Tensor:
    """`(4, C, h, w)` -> `(1, C, 2h, 2w)`."""
    return rearrange(local, "(i j) c h w -> 1 c (i h) (j w)", i=2, j=2)


class Attention(nn.Module):
    """Attention with one head and the names of `torch.nn.MultiheadAttention`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.zeros(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """query: `(B, Q, C)`; key, value: `(B, K, C)`. Returns `(B, Q, C)`."""
        kernels, biases = self.in_proj_weight.chunk(3), self.in_proj_bias.chunk(3)
        query, key, value = (
            functional.linear(tokens, kernel, bias)[:, None]  # one head
            for tokens, kernel, bias in zip((query, key, value), kernels, biases, strict=True)
        )
        attended = functional.scaled_dot_product_attention(query, key, value)
        return self.out_proj(attended[:, 0])  # type: ignore[no-any-return]


class Localisation(nn.Module):
    """The whole looks at the assembled quadrants, coarsely; then each quadrant at its part of the
    whole. Sides of the views must be even."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.ModuleList(Attention(width) for _ in range(5))
        self.linear1 = nn.Linear(width, 2 * width)
        self.linear2 = nn.Linear(2 * width, width)
        self.linear3 = nn.Linear(width, 2 * width)
        self.linear4 = nn.Linear(2 * width, width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)

    def forward(self, views: Tensor) -> Tensor:
        local, whole = views[:4], views[4:]
        height, width = whole.shape[-2:]
        pooled = pyramid(assemble(local), height, width, (1, 4, 8))
        keys = torch.cat([to_tokens(level) for level in pooled], 1)  # (1, K, C)
        places = torch.cat([position_code(level) for level in pooled])
        tokens = to_tokens(whole)  # (1, h w, C)
        queries = tokens + position_code(whole)
        tokens = self.norm1(tokens + self.attention[0](queries, keys + places, keys))
        hidden = functional.gelu(self.linear1(tokens))
        tokens = self.norm2(tokens + self.linear2(hidden))
        whole = to_map(tokens, height)

        tokens, parts = (
            to_tokens(local),
            to_tokens(quadrants(whole)),
        )  # (4, h w, C), a quarter of it
        tokens = self.norm1(tokens + each(self.attention[1:], tokens, parts))
        hidden = functional.gelu(self.linear3(tokens))
        tokens = self.norm2(tokens + self.linear4(hidden))
        return torch.cat((to_map(tokens, height), whole.to(tokens.dtype)))


class Refinement(nn.Module):
    """Each quadrant, dimmed where the whole sees nothing, looks at its part of the whole at several
    scales; what it makes of that is added to the whole."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.ModuleList(Attention(width) for _ in range(4))
        self.linear3 = nn.Linear(width, 2 * width)
        self.linear4 = nn.Linear(2 * width, width)
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.sal_conv = nn.Conv2d(width, 1, 1)

    def forward(self, views: Tensor) -> Tensor:
        local, whole = views[:4], views[4:]
        height, width = whole.shape[-2:]
        gate = self.sal_conv(whole).sigmoid()  # (1, 1, h, w)
        gate = functional.interpolate(gate, scale_factor=2.0, mode="nearest")
        tokens = to_tokens(local * quadrants(gate))  # (4, h w, C)
        pooled = pyramid(quadrants(whole), height, width, (2, 4, 8))
        parts = torch.cat([to_tokens(level) for level in pooled], 1)  # (4, K, C)
        tokens = self.norm1(tokens + each(self.attention, tokens, parts))
        hidden = functional.gelu(self.linear3(tokens))
        tokens = self.norm2(tokens + self.linear4(hidden))
        local = to_map(tokens, height)
        whole = whole + assemble(local)[..., ::2, ::2]
        return torch.cat((local, whole.to(local.dtype)))


def each(attention: nn.ModuleList, tokens: Tensor, parts: Tensor) -> Tensor:
    """Every quadrant's `tokens` `(4, Q, C)` attend to its `parts` `(4, K, C)`, each by a module of
    its own."""
    looks = zip(attention, torch.split(tokens, 1), torch.split(parts, 1), strict=True)
    return torch.cat([look(query, part, part) for look, query, part in looks])


def pyramid(views: Tensor, height: int, width: int, ratios: tuple[int, ...]) -> list[Tensor]:
    """The views averaged to (height, width) divided by each ratio, halves to the even number; a
    level may come out empty."""
    sizes = [(round(height / ratio), round(width / ratio)) for ratio in ratios]
    return [functional.adaptive_avg_pool2d(views, size) for size in sizes if all(size)]


def to_tokens(views: Tensor) -> Tensor:
    return rearrange(views, "b c h w -> b (h w) c")


def to_map(tokens: Tensor, height: int) -> Tensor:
    return rearrange(tokens, "b (h w) c -> b c h w", h=height)


def position_code(view: Tensor) -> Tensor:
    """`(h w, C)` for a map `(1, C, h, w)`, of its number format and device: waves of the row in the
    first half of the channels, of the column in the second."""
    _, channels, height, width = view.shape
    return _waves(height, width, channels, view.device).to(view.dtype)


@lru_cache(maxsize=32)
def _waves(height: int, width: int, channels: int, device: torch.device) -> Tensor:
    half = channels // 2
    pairs = torch.arange(half) // 2
    frequency = 10000.0 ** (-2 * pairs / half)

    def axis(length: int) -> Tensor:
        place = (torch.arange(length) + 0.5) / (length + 1e-6) * math.tau
        angle = place[:, None] * frequency  # (length, C / 2)
        return torch.where(torch.arange(half) % 2 == 0, angle.sin(), angle.cos())

    rows = axis(height)[:, None].expand(-1, width, -1)
    columns = axis(width)[None].expand(height, -1, -1)
    return torch.cat((rows, columns), -1).flatten(0, 1).to(device)
