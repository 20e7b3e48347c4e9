"""The classes of COCO by name, in the order in which networks count them without gaps.

Lin et al., "Microsoft COCO: Common Objects in Context" (ECCV 2014); the stuff is that of its
panoptic task (Kirillov et al., "Panoptic Segmentation", CVPR 2019).
"""

from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights

THINGS: list[str] = [
    label
    for label in MaskRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"]
    if label not in ("__background__", "N/A")
]
"""80 that have a shape of their own."""

STUFF = (
    """
banner, blanket, bridge, cardboard, counter, curtain, door-stuff, floor-wood, flower, fruit, gravel,
house, light, mirror-stuff, net, pillow, platform, playingfield, railroad, river, road, roof, sand,
sea, shelf, snow, stairs, tent, towel, wall-brick, wall-stone, wall-tile, wall-wood, water-other,
window-blind, window-other, tree-merged, fence-merged, ceiling-merged, sky-other-merged,
cabinet-merged, table-merged, floor-other-merged, pavement-merged, mountain-merged, grass-merged,
dirt-merged, paper-merged, food-other-merged, building-other-merged, rock-merged, wall-other-merged,
rug-merged
""".replace("\n", " ")
    .strip()
    .split(", ")
)
"""53 that haven't; they are counted after the things."""
