"""Networks that find things and tell them apart, so that the person can pick.

Sizes are those of the published files. shorter, longer: the sides at which a network sees a photo,
in pixels; certain: the least score of what is listed; things: how many of the classes, from the
first on, are things with a shape, which are counted.
"""

from types import MappingProxyType

from models.catalog.row import ModelSpec, PromptKind

_FINDS, _CLASSES = "Finds objects", "People and classes"
_OBJECTS: frozenset[PromptKind] = frozenset({"objects"})

OBJECTS: tuple[ModelSpec, ...] = (
    ModelSpec(
        name="rf-detr-seg",
        label="RF-DETR",
        family="objects.rf_detr",
        group=_FINDS,
        summary="People, animals and things one by one; the quick one, on a CPU too.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/Roboflow/rf-detr-seg-medium",
        soft=False,
        prompts=_OBJECTS,
        # The largest that takes no more than seconds on a CPU: nano's masks have half the pixels.
        repo="Roboflow/rf-detr-seg-medium",
        files=("config.json", "model.safetensors"),
        download_bytes=143_000_000,
        parameters=35_694_259,
        options=MappingProxyType({"certain": 0.5}),
    ),
    ModelSpec(
        name="mask2former-panoptic",
        label="Mask2Former",
        family="objects.panoptic",
        group=_FINDS,
        summary="All there is, sky and ground too, in clean outlines; slow on a CPU.",
        licence="Other (see its page)",
        commercial=False,
        page="https://huggingface.co/facebook/mask2former-swin-large-coco-panoptic",
        soft=False,
        prompts=_OBJECTS,
        # The publisher's own file. The safetensors there are a proposal that nobody took up.
        repo="facebook/mask2former-swin-large-coco-panoptic",
        files=("config.json", "pytorch_model.bin"),
        download_bytes=866_000_000,
        parameters=215_538_682,
        options=MappingProxyType({"shorter": 640, "longer": 1056, "certain": 0.8, "things": 80}),
    ),
    ModelSpec(
        name="detr-panoptic",
        label="DETR",
        family="objects.panoptic",
        group=_FINDS,
        summary="The one that began it, 2020: all there is, with rounder outlines.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/facebook/detr-resnet-50-panoptic",
        soft=False,
        prompts=_OBJECTS,
        repo="facebook/detr-resnet-50-panoptic",
        files=("config.json", "pytorch_model.bin"),
        download_bytes=172_000_000,
        parameters=42_899_288,
        # COCO numbers its things up to 90, with gaps.
        options=MappingProxyType({"shorter": 480, "longer": 800, "certain": 0.85, "things": 91}),
    ),
    ModelSpec(
        name="yolo-seg",
        label="YOLO11",
        family="objects.yolo",
        group=_FINDS,
        summary="The quickest. Needs the extra package ultralytics (AGPL-3.0).",
        licence="AGPL-3.0",
        commercial=False,
        page="https://docs.ultralytics.com/models/yolo11/",
        soft=False,
        prompts=_OBJECTS,
        repo="Ultralytics/YOLO11",
        files=("yolo11s-seg.pt",),
        download_bytes=20_700_000,
        extra="ultralytics",
        parameters=10_100_000,
        options=MappingProxyType({"network": "yolo11s-seg.yaml", "longer": 640, "certain": 0.4}),
    ),
    ModelSpec(
        name="deeplabv3-resnet101",
        label="DeepLabv3 ResNet-101",
        family="objects.deeplab",
        group=_CLASSES,
        summary="All people at once, or one of 19 other classes by its name.",
        licence="BSD-3-Clause",
        commercial=True,
        page="https://docs.pytorch.org/vision/stable/models/deeplabv3.html",
        soft=False,
        prompts=_OBJECTS,
        url="https://download.pytorch.org/models/deeplabv3_resnet101_coco-586e9e4e.pth",
        files=("deeplabv3_resnet101_coco-586e9e4e.pth",),
        download_bytes=244_545_000,
        parameters=60_996_202,
        options=MappingProxyType(
            {"builder": "deeplabv3_resnet101", "shorter": 520, "longer": 1040}
        ),
    ),
    ModelSpec(
        name="deeplabv3-mobilenet",
        label="DeepLabv3 MobileNetV3",
        family="objects.deeplab",
        group=_CLASSES,
        summary="The same in a fifth of the download and the time; rougher outlines.",
        licence="BSD-3-Clause",
        commercial=True,
        page="https://docs.pytorch.org/vision/stable/models/deeplabv3.html",
        soft=False,
        prompts=_OBJECTS,
        url="https://download.pytorch.org/models/deeplabv3_mobilenet_v3_large-fc3c493d.pth",
        files=("deeplabv3_mobilenet_v3_large-fc3c493d.pth",),
        download_bytes=44_356_000,
        parameters=11_029_328,
        options=MappingProxyType(
            {"builder": "deeplabv3_mobilenet_v3_large", "shorter": 520, "longer": 1040}
        ),
    ),
)
