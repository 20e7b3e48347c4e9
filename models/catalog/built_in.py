"""Models that come with the program."""

from models.catalog.row import ModelSpec

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

GRABCUT = ModelSpec(
    name="grabcut",
    label="GrabCut",
    family="grabcut.segmenter",
    group="Built in",
    summary="A quick first guess; a box around the subject makes it dependable.",
    licence="Apache-2.0",
    commercial=True,
    page="https://doi.org/10.1145/1015706.1015720",
    soft=False,
    prompts=frozenset({"boxes", "points"}),
    accelerated=False,
)
