"""How far apart two right results may be. Other processors have other kernels, which add in another
order: what a bound must let pass is that, and what it must not let pass is the mildest mistake."""

SUMS = 1e-5
"""For a few float32 sums of some hundred terms of about one: a hundred roundings. The kernels that
were tried differ by 1e-6 at most; a mistake in a weight, an offset or an eps makes 1e-4 or more."""

NETWORK = 2.5e-5
"""For what a whole network answers or has on the way, numbers of about one from tens of layers. Two
right ones differ by 1.4e-5 at most under the kernels that were tried; the mildest mistake, an eps
of 1e-6 in the LayerNorms, makes 3e-5."""

ONE_LEVEL = 1 / 255 / 0.224 + SUMS
"""For what a network sees of a photo, in ImageNet's deviations: old kernels round the bytes of a
resized picture otherwise where they lie in another order, by one level at most."""

MATTE = 1e-4
"""For alpha that a network drew with random weights, which carry the last bit of a box's corner as
far as 3e-5 into it. A fortieth of a grey level; half a pixel off is far more than a level."""

HALF_A_LEVEL = 0.5 / 255 + 1e-6
"""For alpha that was rounded to 8 bits, and nothing else."""

HALF_PRECISION = 0.1
"""For the mean of how far bfloat16's 8 bits move a mask that random weights drew: it is the same
subject, while another thing's mask would be some 0.5 off."""
