"""BEN2 ("Background Erase Network", Meyer and Spruyt 2025, arXiv:2501.06230), for inference.

The image is seen as five views, its four quadrants and the whole at half the size; one Swin
transformer runs on all of them, and attention between the views ties them together.
"""

from typing import ClassVar

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional

from models.networks.convolutions import Convolution, Enlarging, NormGelu, Shallow
from models.networks.swin import SWIN_B, Swin, SwinConfig
from models.networks.views import Localisation, Refinement, assemble, quadrants


class BEN2(nn.Module):
    """The network; by default the published configuration. All widths follow the backbone's."""

    training_only: ClassVar[tuple[str, ...]] = ("sideout",)
    """Published tensors whose names begin so serve training alone."""

    def __init__(self, backbone: SwinConfig = SWIN_B) -> None:
        super().__init__()
        width = backbone.width
        self.backbone = Swin(backbone)
        for level, wide in enumerate((width, *backbone.widths), 1):
            self.add_module(f"output{level}", Convolution(wide, width, NormGelu()))
        self.multifieldcrossatt = Localisation(width)
        for level in range(1, 5):
            self.add_module(f"dec_blk{level}", Refinement(width))
            self.add_module(f"conv{level}", Convolution(width, width, NormGelu()))
        self.insmask_head = nn.Sequential(
            nn.Conv2d(width, 3 * width, 3, padding=1),
            NormGelu(),
            nn.Identity(),  # the published names count norm and GELU apart
            nn.Conv2d(3 * width, 3 * width, 3, padding=1),
            NormGelu(),
            nn.Identity(),
            nn.Conv2d(3 * width, width, 3, padding=1),
        )
        self.shallow = Shallow(3, width)
        self.upsample1 = Enlarging(width, width, NormGelu())
        self.upsample2 = Enlarging(width, width, NormGelu())
        self.output = Convolution(width, 1)

    @torch.no_grad()
    def forward(self, images: Tensor) -> Tensor:
        """images: `(B, 3, H, W)`, ImageNet-normalised, sides multiples of 128 (1024 in training).
        Returns mattes, `float32 (B, 1, H, W)` in [0, 1]. Raises ValueError for other sides."""
        height, width = images.shape[-2:]
        if height % 128 or width % 128:
            raise ValueError(f"BEN2 wants sides that are multiples of 128, not {width}x{height}.")
        kind = self.shallow.conv.weight.dtype
        images = images.to(kind, memory_format=torch.channels_last)
        return torch.cat([self._matte(image) for image in torch.split(images, 1)])

    def _matte(self, image: Tensor) -> Tensor:
        """`(1, 3, H, W)` -> `float32 (1, 1, H, W)`."""
        matte = self._enlarge(self.insmask_head(self._looked_at(image)), image)
        return self.output(matte).float().sigmoid()  # type: ignore[no-any-return]

    def _looked_at(self, image: Tensor) -> Tensor:
        """What the views made of the image between them: `(1, C, H/4, W/4)`."""
        half = functional.avg_pool2d(image, 2)
        views = self._levels(torch.cat((quadrants(image), half)))
        seen = self.multifieldcrossatt(views.pop())  # (5, C, H/64, W/64)
        for level in (4, 3, 2, 1):
            here = views.pop()
            here = here + resize(seen, here)  # up to (5, C, H/8, W/8)
            refine = self.get_submodule(f"dec_blk{level}")
            seen = self.get_submodule(f"conv{level}")(refine(here))
        local, whole = assemble(seen[:4]), seen[4:]  # (1, C, H/4, W/4), half of it
        return local + resize(whole, local)

    def _enlarge(self, matte: Tensor, image: Tensor) -> Tensor:
        """`(1, C, H/4, W/4)`, used up -> `(1, C, H, W)`, with what the image itself shows."""
        matte += self.shallow.reduced(image, 4)
        matte = self.upsample1(matte)  # (1, C, H/2, W/2)
        matte += self.shallow.reduced(image, 2)
        return self.upsample2(matte)  # type: ignore[no-any-return]

    def _levels(self, views: Tensor) -> list[Tensor]:
        """The embedding of the views `(5, 3, H/2, W/2)` and the stages' maps, all C wide: twice at
        1/8 of the image, then down to 1/64."""
        tokens = self.backbone.embed(views)
        # The stages use the embedding up: first things first.
        levels = [self.get_submodule("output1")(rearrange(tokens, "b h w c -> b c h w"))]
        for level, stage in enumerate(self.backbone.stages(tokens), 2):
            levels.append(self.get_submodule(f"output{level}")(stage))
        return levels


def resize(features: Tensor, like: Tensor) -> Tensor:
    """Bilinear to the size of the map `like`, as everywhere in this network."""
    if features.shape[-2:] == like.shape[-2:]:
        return features
    return functional.interpolate(features, like.shape[-2:], mode="bilinear", align_corners=False)
