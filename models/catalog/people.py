"""Networks that draw mattes of people alone.

What the published files hold wasn't seen: the size is that of its parameters in float32, their
number is the backbone's as published and the head's as far as it is known.
"""

from models.catalog.row import ModelSpec

PEOPLE: tuple[ModelSpec, ...] = (
    ModelSpec(
        name="sapiens2-matting",
        label="Sapiens2 matting",
        family="sapiens2",
        group="Mattes by themselves",
        summary=(
            "People alone: hair in its own colours; wants a GPU. "
            "Not for surveillance, biometrics, deepfakes or military use."
        ),
        licence="Sapiens2 License",
        commercial=False,
        page="https://huggingface.co/facebook/sapiens2-matting-1b",
        soft=True,
        verified=False,
        repo="facebook/sapiens2-matting-1b",
        files=("config.json", "model.safetensors"),
        download_bytes=6_160_000_000,
        parameters=1_540_000_000,
    ),
)
