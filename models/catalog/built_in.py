"""Models that come with the program."""

from models.catalog.row import ModelSpec

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
