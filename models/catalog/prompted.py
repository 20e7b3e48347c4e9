"""Networks that are told with boxes, points or words what to cut out.

Sizes are those of the published files; of SAM 2 and 3, parameters are those that photos need.
threshold: the score from which a thing that a word names counts as found.
"""

from types import MappingProxyType

from models.catalog.row import ModelSpec, PromptKind

_TOLD = "Told what to cut"
_BOXES_AND_POINTS: frozenset[PromptKind] = frozenset({"boxes", "points"})
_FILES = ("config.json", "model.safetensors")

PROMPTED: tuple[ModelSpec, ...] = (
    ModelSpec(
        name="sam2.1-tiny",
        label="SAM 2.1 (tiny)",
        family="sam",
        group=_TOLD,
        summary="Cuts out what is in a box or under a click; the quickest of its kind on a CPU.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/facebook/sam2.1-hiera-tiny",
        soft=False,
        prompts=_BOXES_AND_POINTS,
        needs_prompt=True,
        repo="facebook/sam2.1-hiera-tiny",
        files=_FILES,
        download_bytes=156_000_000,
        parameters=31_440_721,
    ),
    ModelSpec(
        name="sam2.1-large",
        label="SAM 2.1 (large)",
        family="sam",
        group=_TOLD,
        summary="Cuts out what is in a box or under a click, with the cleanest edges of its kind.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/facebook/sam2.1-hiera-large",
        soft=False,
        prompts=_BOXES_AND_POINTS,
        needs_prompt=True,
        repo="facebook/sam2.1-hiera-large",
        files=_FILES,
        download_bytes=898_000_000,
        parameters=216_924_865,
    ),
    ModelSpec(
        name="sam-vit-base",
        label="SAM (base)",
        family="sam",
        group=_TOLD,
        summary="The first of its kind, small: what is in a box or under a click.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/facebook/sam-vit-base",
        soft=False,
        prompts=_BOXES_AND_POINTS,
        needs_prompt=True,
        repo="facebook/sam-vit-base",
        files=_FILES,
        download_bytes=375_000_000,
        parameters=93_735_728,
    ),
    ModelSpec(
        name="sam-vit-huge",
        label="SAM (huge)",
        family="sam",
        group=_TOLD,
        summary="The first of its kind, large: what is in a box or under a click; wants a GPU.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/facebook/sam-vit-huge",
        soft=False,
        prompts=_BOXES_AND_POINTS,
        needs_prompt=True,
        repo="facebook/sam-vit-huge",
        files=_FILES,
        download_bytes=2_564_000_000,
        parameters=641_090_864,
    ),
    ModelSpec(
        name="sam3",
        label="SAM 3",
        family="sam3",
        group=_TOLD,
        summary="Finds all that a word names, such as “person”, and hears boxes and clicks; "
        "wants a GPU.",
        licence="SAM License",
        commercial=True,
        page="https://huggingface.co/facebook/sam3",
        soft=False,
        prompts=frozenset({"text", "boxes", "points", "objects"}),
        repo="facebook/sam3",
        files=(*_FILES, "tokenizer.json"),
        instead=("sam3.safetensors", "tokenizer.json"),
        download_bytes=3_440_000_000,
        gated=True,
        parameters=852_400_000,
        options=MappingProxyType({"threshold": 0.25}),
    ),
)
