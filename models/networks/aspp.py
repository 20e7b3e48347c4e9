"""BiRefNet's decoder block: two convolutions around deformable atrous spatial pyramid pooling:
it looks at the map through kernels of several sizes, each tap placed by the map itself."""

from torch import Tensor, nn
from torch.nn import functional

from models.networks.deformable import DeformableConv
from models.networks.kernels import convolve_concatenated, fold, fold_all

KERNEL_SIZES = (1, 3, 7)


class DecoderBlock(nn.Module):
    """`(B, in, h, w)` -> `(B, out, h, w)`, narrow between."""

    def __init__(self, in_channels: int, out_channels: int, inner: int) -> None:
        super().__init__()
        self.conv_in = nn.Conv2d(in_channels, inner, 3, padding=1)
        self.bn_in: nn.Module = nn.BatchNorm2d(inner)
        self.dec_att = DeformableAspp(inner)
        self.conv_out = nn.Conv2d(inner, out_channels, 3, padding=1)
        self.bn_out: nn.Module = nn.BatchNorm2d(out_channels)

    def optimise(self) -> None:
        self.bn_in = fold(self.conv_in, self.bn_in)
        self.bn_out = fold(self.conv_out, self.bn_out)

    def forward(self, *parts: Tensor) -> Tensor:
        """parts: what the input is the concatenation of."""
        return self.bn_out(self.conv_out(self.narrow(*parts)))  # type: ignore[no-any-return]

    def narrow(self, *parts: Tensor) -> Tensor:
        """All but the last convolution: `(B, inner, h, w)`."""
        features = self.bn_in(convolve_concatenated(self.conv_in, *parts))
        return self.dec_att(functional.relu(features, inplace=True))  # type: ignore[no-any-return]


class DeformableAspp(nn.Module):
    """Four deformable branches and the map's mean, each four times as wide, brought back together
    by a 1x1 convolution: `(B, C, h, w)` -> `(B, C, h, w)`."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        wide = 4 * channels
        self.aspp1 = Branch(channels, wide, 1)
        self.aspp_deforms = nn.ModuleList(Branch(channels, wide, size) for size in KERNEL_SIZES)
        self.global_avg_pool = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, wide, 1, bias=False),
            nn.BatchNorm2d(wide),
            nn.ReLU(),
        )
        self.conv1 = nn.Conv2d(5 * wide, channels, 1, bias=False)
        self.bn1: nn.Module = nn.BatchNorm2d(channels)

    def optimise(self) -> None:
        fold_all(self.global_avg_pool)
        self.bn1 = fold(self.conv1, self.bn1)

    def forward(self, features: Tensor) -> Tensor:
        *kernels, pooled = self.conv1.weight.chunk(5, 1)
        mean = self.global_avg_pool(features)  # (B, 4C, 1, 1)
        result = functional.conv2d(mean, pooled, self.conv1.bias)
        for branch, kernel in zip((self.aspp1, *self.aspp_deforms), kernels, strict=True):
            result = functional.conv2d(branch(features), kernel) + result  # (B, C, h, w)
        return functional.relu(self.bn1(result), inplace=True)


class Branch(nn.Module):
    """A deformable convolution, normalised and rectified."""

    def __init__(self, channels: int, out_channels: int, kernel_size: int) -> None:
        super().__init__()
        self.atrous_conv = DeformableConv(channels, out_channels, kernel_size)
        self.bn: nn.Module = nn.BatchNorm2d(out_channels)

    def optimise(self) -> None:
        self.bn = fold(self.atrous_conv.regular_conv, self.bn)

    def forward(self, features: Tensor) -> Tensor:
        return functional.relu(self.bn(self.atrous_conv(features)), inplace=True)
