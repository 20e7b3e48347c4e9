"""The Swin transformer (Liu et al. 2021, arXiv:2103.14030) as a backbone with a map per stage.

Written for inference: the token map is updated in place, a few windows at a time.
"""

from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional

from models.networks.windows import Chunk, chunks, relative_positions

TOKENS_AT_ONCE = {"cpu": 2048}
"""As many as keep the hidden layer in the cache; other devices want few, large calls."""
TOKENS_AT_ONCE_ELSEWHERE = 1 << 17


@dataclass(frozen=True)
class SwinConfig:
    """width: channels of the first stage, doubled by each next one. depths: blocks per stage.
    heads: attention heads per stage. window: side of an attention window, in tokens."""

    width: int
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    window: int

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(self.width << stage for stage in range(len(self.depths)))


SWIN_T = SwinConfig(96, (2, 2, 6, 2), (3, 6, 12, 24), 7)
SWIN_B = SwinConfig(128, (2, 2, 18, 2), (4, 8, 16, 32), 12)
SWIN_L = SwinConfig(192, (2, 2, 18, 2), (6, 12, 24, 48), 12)


class WindowAttention(nn.Module):
    """Attention among the N = window² tokens of a window, biased by their relative position."""

    relative_position_index: Tensor
    position_bias: Tensor | None

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads, self.places = heads, window * window
        table = torch.zeros((2 * window - 1) ** 2, heads)
        self.relative_position_bias_table = nn.Parameter(table)
        self.register_buffer("relative_position_index", relative_positions(window))
        self.register_buffer("position_bias", None, persistent=False)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def optimise(self) -> None:
        """Keep the bias ready instead of reading it from its table in each call."""
        self.position_bias = self._bias()

    def forward(self, tokens: Tensor, chunk: Chunk) -> Tensor:
        """tokens: `(n, C)`, those of the chunk's windows. Returns `(n, C)`."""
        projected = self.qkv(tokens)  # (n, 3C)
        if chunk.slots is not None:
            # Padding takes part as zeros, and a zero token's projection is the bias.
            everywhere = self.qkv.bias.to(projected.dtype).repeat(chunk.windows * self.places, 1)
            projected = everywhere.index_copy_(0, chunk.slots, projected)
        split = "(w n) (three h d) -> three w h n d"
        query, key, value = rearrange(projected, split, three=3, n=self.places, h=self.heads)
        bias = self._bias() if self.position_bias is None else self.position_bias  # (h, N, N)
        attended = []
        for run in chunk.runs:
            some = slice(run.start, run.stop)
            mask = (bias if run.mask is None else bias + run.mask).to(query.dtype)
            result = functional.scaled_dot_product_attention(
                query[some], key[some], value[some], attn_mask=mask[None]
            )
            attended.append(rearrange(result, "w h n d -> (w n) (h d)"))
        result = attended[0] if len(attended) == 1 else torch.cat(attended)
        return self.proj(result if chunk.slots is None else result[chunk.slots])  # type: ignore[no-any-return]

    def _bias(self) -> Tensor:
        pairs = self.relative_position_bias_table[self.relative_position_index.flatten()]
        return rearrange(pairs, "(p q) h -> h p q", p=self.places).contiguous()


class Mlp(nn.Module):
    """Two linear layers with an exact GELU between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.fc2(functional.gelu(self.fc1(tokens)))  # type: ignore[no-any-return]


class Block(nn.Module):
    """Attention within windows, then the MLP, each behind a LayerNorm and added to its input."""

    def __init__(self, width: int, heads: int, window: int, shift: int) -> None:
        super().__init__()
        self.window, self.shift = window, shift
        self.norm1 = nn.LayerNorm(width)
        self.attn = WindowAttention(width, heads, window)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, tokens: Tensor) -> None:
        """tokens: `(B, h, w, C)`, contiguous, changed in place."""
        batch, height, width, _ = tokens.shape
        limit = TOKENS_AT_ONCE.get(tokens.device.type, TOKENS_AT_ONCE_ELSEWHERE)
        cut = (batch, height, width, self.window, self.shift, limit, tokens.device)
        flat = tokens.flatten(0, 2)
        for chunk in chunks(*cut):
            some = flat.index_select(0, chunk.rows)
            some += self.attn(self.norm1(some), chunk)
            some += self.mlp(self.norm2(some))
            flat.index_copy_(0, chunk.rows, some)


class PatchMerging(nn.Module):
    """Each 2x2 cell becomes one token of twice the width: `(B, h, w, C)` -> `(B, h/2, w/2, 2C)`,
    odd sides rounded up."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        _, height, width, _ = tokens.shape
        tokens = functional.pad(tokens, (0, 0, 0, width % 2, 0, height % 2))
        cells = rearrange(tokens, "b (h y) (w x) c -> b h w (x y c)", y=2, x=2)
        return self.reduction(self.norm(cells))  # type: ignore[no-any-return]


class Stage(nn.Module):
    """Blocks, every second one with shifted windows; then, in all but the last, a merging."""

    def __init__(self, width: int, depth: int, heads: int, window: int, last: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            Block(width, heads, window, shift=window // 2 * (index % 2)) for index in range(depth)
        )
        self.downsample = None if last else PatchMerging(width)

    def forward(self, tokens: Tensor) -> Tensor | None:
        """tokens: `(B, h, w, C)`, changed in place. Returns the next stage's, if there is one."""
        for block in self.blocks:
            block(tokens)
        return None if self.downsample is None else self.downsample(tokens)


class PatchEmbed(nn.Module):
    """Each 4x4 patch of the image becomes a token: `(B, 3, H, W)` -> `(B, H/4, W/4, C)`, rounded
    up."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, width, kernel_size=4, stride=4)
        self.norm = nn.LayerNorm(width)

    def forward(self, image: Tensor) -> Tensor:
        height, width = image.shape[-2:]
        image = functional.pad(image, (0, -width % 4, 0, -height % 4))
        tokens = rearrange(self.proj(image), "b c h w -> b h w c")
        return self.norm(tokens).contiguous()  # type: ignore[no-any-return]


class Swin(nn.Module):
    """The backbone. `embed` and `stages` are its halves, for whoever wants what lies between."""

    def __init__(self, config: SwinConfig) -> None:
        super().__init__()
        widths = config.widths
        self.patch_embed = PatchEmbed(config.width)
        self.layers = nn.ModuleList(
            Stage(width, depth, heads, config.window, last=width == widths[-1])
            for width, depth, heads in zip(widths, config.depths, config.heads, strict=True)
        )
        for index, width in enumerate(widths):
            self.add_module(f"norm{index}", nn.LayerNorm(width))

    def forward(self, image: Tensor) -> list[Tensor]:
        """image: `(B, 3, H, W)`. Returns a map per stage, `(B, C, H/4, W/4)` to `(B, 8C, H/32,
        W/32)`, rounded up, channels last in memory."""
        return self.stages(self.embed(image))

    def embed(self, image: Tensor) -> Tensor:
        """The patch embedding: `(B, H/4, W/4, C)`."""
        return self.patch_embed(image)  # type: ignore[no-any-return]

    def stages(self, tokens: Tensor) -> list[Tensor]:
        """The stages' maps from the patch embedding, which is used up."""
        maps = []
        for index, stage in enumerate(self.layers):
            following = stage(tokens)
            normed = self.get_submodule(f"norm{index}")(tokens)
            maps.append(rearrange(normed, "b h w c -> b c h w"))
            tokens = following
        return maps
