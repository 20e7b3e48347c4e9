"""The recipe by which a background was painted, and can be painted again."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """All that decides what is painted: enough to paint it again.

    Parameters
    ----------
    prompt, negative, steps, guidance, seed
        The wish; see `models.painter.Wish`. Guidance is None of a painter that has none.
    painter : str
        The name of the model that painted.
    source : str, optional
        The repository of its weights; `revision` says which state of it, `licence` what is allowed.
    around : str
        The name of the model whose matte was painted around.
    width, height : int
        Of the painting, in pixels.
    device, dtype : str
        What the painter ran with.
    seconds : float
        What its network took.
    weights : list of dict
        The files of its weights, by their SHA-256, as `models.hub.provenance` tells them.

    Examples
    --------
    >>> recipe = Recipe(
    ...     "a beach", "people", 20, 7.5, 0, "sd-1.5-inpainting", None, "main",
    ...     "CreativeML OpenRAIL-M", "grabcut", 512, 336, "cpu", "float32", 41.7,
    ... )
    >>> recipe.prompt, recipe.seed, recipe.painter
    ('a beach', 0, 'sd-1.5-inpainting')
    """

    prompt: str
    negative: str
    steps: int
    guidance: float | None
    seed: int
    painter: str
    source: str | None
    revision: str
    licence: str
    around: str
    width: int
    height: int
    device: str
    dtype: str
    seconds: float
    weights: list[dict[str, Any]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """List what the painter was told and all else, ready for JSON; not what it can't be told.

        Returns
        -------
        told : dict

        Examples
        --------
        >>> recipe = Recipe(
        ...     "a beach", "", 4, None, 0, "flux.2-klein-4b", None, "main",
        ...     "Apache-2.0", "grabcut", 1248, 832, "cuda", "bfloat16", 1.7,
        ... )
        >>> "guidance" in recipe.told(), "negative" in recipe.told(), recipe.told()["steps"]
        (False, False, 4)
        """
        unheard = ("guidance", "negative") if self.guidance is None else ()
        return {name: value for name, value in asdict(self).items() if name not in unheard}
