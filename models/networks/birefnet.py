"""BiRefNet (Zheng et al. 2024, "Bilateral Reference for High-Resolution Dichotomous Image
Segmentation", arXiv:2401.03407), written for inference. RMBG-2.0 has the same architecture."""

from typing import ClassVar, Literal, cast

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional

from models.networks.aspp import DecoderBlock
from models.networks.kernels import composed, fold_all, kernel_and_bias, then_pointwise
from models.networks.swin import SWIN_L, SWIN_T, Swin, SwinConfig

type PatchOrder = Literal["channel", "column"]
"""How the tiles of the image become channels: by colour, row and column of the tile ("channel"), or
by column, row and colour ("column": RMBG-2.0 and other older weights)."""

BACKBONES = {"swin_l": SWIN_L, "swin_t": SWIN_T}


class BiRefNet(nn.Module):
    """The network; by default the published large configuration.

    backbone: "swin_l" (large), "swin_t" (lite), or a SwinConfig of four stages.
    patch_order: the one that the weights were trained with; names and shapes don't tell.
    inner: channels inside the decoder's blocks.
    """

    training_only: ClassVar[tuple[str, ...]] = ("decoder.conv_ms_spvn_", "decoder.gdt_convs_pred_")
    """Published tensors whose names begin so serve training alone."""

    def __init__(
        self,
        backbone: Literal["swin_l", "swin_t"] | SwinConfig = "swin_l",
        patch_order: PatchOrder = "channel",
        inner: int = 64,
    ) -> None:
        super().__init__()
        config = backbone if isinstance(backbone, SwinConfig) else BACKBONES[backbone]
        widths = tuple(2 * width for width in config.widths)  # of both scales together
        self.bb = Swin(config)
        self.squeeze_module = nn.Sequential(DecoderBlock(sum(widths), widths[-1], inner))
        self.decoder = Decoder(widths, inner, patch_order)

    @torch.no_grad()
    def forward(self, image: Tensor) -> Tensor:
        """image: `(B, 3, H, W)`, ImageNet-normalised, sides multiples of 32. Returns the matte's
        logits, `float32 (B, 1, H, W)`. Raises ValueError for other sides."""
        height, width = image.shape[-2:]
        if height % 32 or width % 32:
            raise ValueError(
                f"BiRefNet wants sides that are multiples of 32, not {width}x{height}."
            )
        image = image.to(self.bb.patch_embed.proj.weight.dtype, memory_format=torch.channels_last)
        large = self.bb(image)  # 1/4 to 1/32 of the image, E to 8E channels
        small = self.bb(resize(image, (height // 2, width // 2)))  # 1/8 to 1/64
        deepest = large[-1].shape[-2:]
        context = [
            resize(scale, deepest)
            for at_full, at_half in zip(large, small, strict=True)
            for scale in (at_full, resize(at_half, at_full.shape[-2:]))
        ]
        deep = self.squeeze_module(torch.cat(context, 1))  # (B, 16E, H/32, W/32)
        return self.decoder(image, deep, large[:3], small[:3])  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """From the deepest map up to the image's size; each level is shown the image itself, in tiles.

    Level k stands at 1/2^(k+1) of the image.
    """

    decoder_block1: DecoderBlock
    ipt_blk1: "TwoConvs"

    def __init__(self, widths: tuple[int, ...], inner: int, patch_order: PatchOrder) -> None:
        super().__init__()
        self.patch_order = patch_order
        tiled = tuple(width // 8 for width in (*widths, widths[-1]))  # ipt_blk1 to ipt_blk5
        for level, width in enumerate(tiled, 1):
            tiles = 4**level if level > 1 else 1
            self.add_module(f"ipt_blk{level}", TwoConvs(3 * tiles, width))
        outputs = (widths[0] // 2, *widths[:3])  # decoder_block1 to decoder_block4
        for level, (wide, narrow) in enumerate(zip(widths, outputs, strict=True), 1):
            block = DecoderBlock(wide + tiled[level], narrow, inner)
            self.add_module(f"decoder_block{level}", block)
        for level, width in enumerate(outputs[1:], 2):
            self.add_module(f"lateral_block{level}", Lateral(width))
            self.add_module(f"gdt_convs_{level}", gradient_features(width))
            self.add_module(f"gdt_convs_attn_{level}", nn.Sequential(nn.Conv2d(16, 1, 1)))
        self.conv_out1 = nn.Sequential(nn.Conv2d(outputs[0] + tiled[0], 1, 1))

    def optimise(self) -> None:
        for level in (4, 3, 2):
            fold_all(cast(nn.Sequential, self.get_submodule(f"gdt_convs_{level}")))

    def forward(
        self, image: Tensor, deep: Tensor, large: list[Tensor], small: list[Tensor]
    ) -> Tensor:
        """deep: `(B, c4, H/32, W/32)`. large, small: the backbone's first three maps of the image
        and of the image at half its size. Returns logits `float32 (B, 1, H, W)`."""
        for level in (4, 3, 2):
            block = self.get_submodule(f"decoder_block{level}")
            deep = block(deep, self._tiles(level, image, deep))
            gradients = self.get_submodule(f"gdt_convs_{level}")(deep)  # (B, 16, h, w)
            deep *= self.get_submodule(f"gdt_convs_attn_{level}")(gradients).sigmoid()
            lateral = self.get_submodule(f"lateral_block{level}")
            deep = lateral(large[level - 2], small[level - 2], deep)  # (B, c, 2h, 2w)
        narrow = self.decoder_block1.narrow(deep, self._tiles(1, image, deep))
        with torch.autocast(image.device.type, enabled=False):
            return self._logits(narrow.float(), image.float())

    def _tiles(self, level: int, image: Tensor, beside: Tensor) -> Tensor:
        """The image in tiles of the size of the map `beside`, as channels, convolved."""
        tiles = image_tiles(image, beside.shape[-2:], self.patch_order)
        return self.get_submodule(f"ipt_blk{level + 1}")(tiles)  # type: ignore[no-any-return]

    def _logits(self, narrow: Tensor, image: Tensor) -> Tensor:
        """The last 1x1 convolution joins decoder_block1, enlarged, and ipt_blk1. Both end in a
        convolution, which takes it in, so that one channel is enlarged instead of many."""
        block, last = self.decoder_block1, cast(nn.Conv2d, self.conv_out1[0])
        joins, offset = kernel_and_bias(last)
        widths = [block.conv_out.out_channels, self.ipt_blk1.conv_out.out_channels]
        from_block, from_image = torch.split(joins.float(), widths, 1)
        kernel, bias = kernel_and_bias(block.conv_out, block.bn_out)
        kernel, bias = then_pointwise(kernel.float(), bias.float(), from_block)
        logits = functional.conv2d(narrow, kernel, bias + offset.float(), padding=1)
        logits = resize(logits, image.shape[-2:])  # (B, 1, H, W)
        return logits.add_(self.ipt_blk1.then(image, from_image))


class TwoConvs(nn.Module):
    """Two 3x3 convolutions with nothing between them."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 64, 3, padding=1)
        self.conv_out = nn.Conv2d(64, out_channels, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.conv_out(self.conv1(image))  # type: ignore[no-any-return]

    def then(self, image: Tensor, pointwise: Tensor) -> Tensor:
        """Both, and then the 1x1 convolution `pointwise` `(1, out, 1, 1)`: in one 5x5 convolution
        of the image `float32 (B, 3, H, W)`, so that nothing wide is ever of its size."""
        first, offset = (part.float() for part in kernel_and_bias(self.conv1))
        last, bias = (part.float() for part in kernel_and_bias(self.conv_out))
        second, bias = then_pointwise(last, bias, pointwise)

        def stepwise(strip: Tensor) -> Tensor:
            between = functional.conv2d(strip, first, offset, padding=1)
            return functional.conv2d(between, second, bias, padding=1)

        total = bias + (second.sum((0, 2, 3)) * offset).sum()
        result = functional.conv2d(image, composed(first, second), total, padding=2)
        # The map between ends where the image does; the 5x5 kernel would go on beyond its border.
        result[:, :, 0] = stepwise(image[:, :, :3])[:, :, 0]
        result[:, :, -1] = stepwise(image[:, :, -3:])[:, :, -1]
        result[..., 0] = stepwise(image[..., :3])[..., 0]
        result[..., -1] = stepwise(image[..., -3:])[..., -1]
        return result


class Lateral(nn.Module):
    """The backbone's maps of both scales, joined by a 1x1 convolution, added to the map from below.

    A 1x1 convolution may as well come before an enlargement: the small scale meets the map from
    below at their common size.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 1)

    def forward(self, large: Tensor, small: Tensor, below: Tensor) -> Tensor:
        """large: `(B, c/2, 2h, 2w)`; small: `(B, c/2, h, w)`; below: `(B, c, h, w)`, used up.
        Returns `(B, c, 2h, 2w)`."""
        for_large, for_small = self.conv.weight.chunk(2, 1)
        below += functional.conv2d(small, for_small)
        result = resize(below, large.shape[-2:])
        result += functional.conv2d(large, for_large, self.conv.bias)
        return result


def gradient_features(channels: int) -> nn.Sequential:
    """What the attention to the image's gradients is made from."""
    return nn.Sequential(nn.Conv2d(channels, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU())


def resize(features: Tensor, size: tuple[int, ...]) -> Tensor:
    """Bilinear with aligned corners, as everywhere in this network."""
    if features.shape[-2:] == size:
        return features
    return functional.interpolate(features, list(size), mode="bilinear", align_corners=True)


def image_tiles(image: Tensor, size: tuple[int, ...], order: PatchOrder) -> Tensor:
    """The image cut into tiles of `size` (h, w), laid on each other as channels:
    `(B, 3, n h, m w)` -> `(B, 3 n m, h, w)`, channels last in memory."""
    channels = {"channel": "(c n m)", "column": "(m n c)"}[order]
    height, width = size
    tiles = rearrange(image, f"b c (n h) (m w) -> b h w {channels}", h=height, w=width)
    return rearrange(tiles, "b h w c -> b c h w")
