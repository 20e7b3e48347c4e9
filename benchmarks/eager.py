"""The yardstick for `benchmarks.networks`: the same networks and weights, written the usual way.

Whole maps, every mask and every concatenation are held in memory. The deformable convolution is a
library's. Maps are enlarged before convolutions, even where the convolutions could come first.

Each class here is one of ours with another `forward`; `write_plainly` puts them in place.
"""

from functools import lru_cache

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import deform_conv2d

from models.networks import aspp, ben2, birefnet, convolutions, swin, views
from models.networks.deformable import DeformableConv


class Block(swin.Block):
    def forward(self, tokens: Tensor) -> None:
        _, height, width, _ = tokens.shape
        window, shift = self.window, self.shift
        normed = self.norm1(tokens)
        normed = functional.pad(normed, (0, 0, 0, -width % window, 0, -height % window))
        down, right = normed.shape[1:3]
        normed = normed.roll((-shift, -shift), (1, 2))
        cut = "b (i y) (j x) c -> (b i j) (y x) c"
        windows = rearrange(normed, cut, y=window, x=window)
        windows = self._attend(windows, shift_mask(down, right, window, shift) if shift else None)
        put = "(b i j) (y x) c -> b (i y) (j x) c"
        normed = rearrange(windows, put, y=window, i=down // window, j=right // window)
        normed = normed.roll((shift, shift), (1, 2))[:, :height, :width]
        result = tokens + normed
        tokens.copy_(result + self.mlp(self.norm2(result)))

    def _attend(self, windows: Tensor, mask: Tensor | None) -> Tensor:
        """windows: `(count, N, C)`; mask: `(windows of an image, N, N)`."""
        attn = self.attn
        split = "w n (three h d) -> three w h n d"
        query, key, value = rearrange(attn.qkv(windows), split, three=3, h=attn.heads)
        scores = query * query.shape[-1] ** -0.5 @ key.transpose(-2, -1)
        pairs = attn.relative_position_bias_table[attn.relative_position_index.flatten()]
        scores = scores + rearrange(pairs, "(p q) h -> h p q", p=attn.places)
        if mask is not None:
            mask = mask.to(scores.device)[:, None]  # (windows, 1, N, N)
            scores = scores.unflatten(0, (-1, len(mask))) + mask
            scores = scores.flatten(0, 1)
        attended = scores.softmax(-1) @ value
        return attn.proj(rearrange(attended, "w h n d -> w n (h d)"))  # type: ignore[no-any-return]


@lru_cache(maxsize=16)
def shift_mask(height: int, width: int, window: int, shift: int) -> Tensor:
    """`(windows, N, N)`: -100 between tokens that are neighbours only because of the roll."""
    areas = torch.zeros(height, width)
    bands = (slice(0, -window), slice(-window, -shift), slice(-shift, None))
    for row, vertical in enumerate(bands):
        for column, horizontal in enumerate(bands):
            areas[vertical, horizontal] = 3 * row + column
    windows = rearrange(areas, "(i y) (j x) -> (i j) (y x)", y=window, x=window)
    return (windows[:, :, None] != windows[:, None]) * -100.0


class Deformable(DeformableConv):
    def forward(self, features: Tensor) -> Tensor:
        offset = self.offset_conv(features)
        mask = 2 * self.modulator_conv(features).sigmoid()
        weight = self.regular_conv.weight
        padding = weight.shape[-1] // 2
        result: Tensor = deform_conv2d(features, offset, weight, padding=padding, mask=mask)
        return result


class Aspp(aspp.DeformableAspp):
    def forward(self, features: Tensor) -> Tensor:
        branches = [branch(features) for branch in (self.aspp1, *self.aspp_deforms)]
        pooled = self.global_avg_pool(features)
        branches.append(pooled.expand(-1, -1, *features.shape[-2:]))
        return functional.relu(self.bn1(self.conv1(torch.cat(branches, 1))))


class DecoderBlock(aspp.DecoderBlock):
    def narrow(self, *parts: Tensor) -> Tensor:
        features = functional.relu(self.bn_in(self.conv_in(torch.cat(parts, 1))))
        return self.dec_att(features)  # type: ignore[no-any-return]


class Lateral(birefnet.Lateral):
    def forward(self, large: Tensor, small: Tensor, below: Tensor) -> Tensor:
        size = large.shape[-2:]
        both = torch.cat((large, birefnet.resize(small, size)), 1)
        return birefnet.resize(below, size) + self.conv(both)  # type: ignore[no-any-return]


class Decoder(birefnet.Decoder):
    def forward(
        self, image: Tensor, deep: Tensor, large: list[Tensor], small: list[Tensor]
    ) -> Tensor:
        image = image.contiguous()
        for level in (4, 3, 2):
            deep = self._block(level, deep, image)
            gradients = self.get_submodule(f"gdt_convs_{level}")(deep)
            deep = deep * self.get_submodule(f"gdt_convs_attn_{level}")(gradients).sigmoid()
            lateral = self.get_submodule(f"lateral_block{level}")
            deep = lateral(large[level - 2], small[level - 2], deep)
        deep = birefnet.resize(self._block(1, deep, image), image.shape[-2:])
        return self.conv_out1(torch.cat((deep, self.ipt_blk1(image)), 1))  # type: ignore[no-any-return]

    def _block(self, level: int, deep: Tensor, image: Tensor) -> Tensor:
        tiles = self._tiles(level, image, deep)
        return self.get_submodule(f"decoder_block{level}")(deep, tiles)  # type: ignore[no-any-return]


class Swin(swin.Swin):
    """Swin with maps that lie in memory channel by channel."""

    def stages(self, tokens: Tensor) -> list[Tensor]:
        return [stage.contiguous() for stage in super().stages(tokens)]


class Attention(views.Attention):
    def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        projected = zip((query, key, value), self.in_proj_weight.chunk(3),
                        self.in_proj_bias.chunk(3), strict=True)  # fmt: skip
        query, key, value = (functional.linear(*parts) for parts in projected)
        scores = query * query.shape[-1] ** -0.5 @ key.transpose(-2, -1)  # (B, Q, K)
        return self.out_proj(scores.softmax(-1) @ value)  # type: ignore[no-any-return]


class NormGelu(convolutions.NormGelu):
    def forward(self, features: Tensor) -> Tensor:
        return functional.gelu(functional.instance_norm(features))


class BEN2(ben2.BEN2):
    def _enlarge(self, matte: Tensor, image: Tensor) -> Tensor:
        shallow = self.shallow(image.contiguous())
        matte = matte + ben2.resize(shallow, matte)
        matte = self.upsample1(matte)
        matte = matte + ben2.resize(shallow, matte)
        return self.upsample2(matte)  # type: ignore[no-any-return]


class Enlarging(convolutions.Enlarging):
    def forward(self, features: Tensor) -> Tensor:
        features = functional.interpolate(features, scale_factor=2.0)
        for module in self:
            features = module(features)
        return features


def write_plainly(network: nn.Module, *plain: type[nn.Module]) -> None:
    """Let the modules for which `plain` has a class run that way, and the others our way."""
    for module in network.modules():
        ours = type(module).__mro__[1] if type(module).__module__ == __name__ else type(module)
        ways = [way for way in plain if way.__mro__[1] is ours]
        module.__class__ = ways[0] if ways else ours
