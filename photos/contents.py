"""Which files are made of a cut."""

from dataclasses import dataclass
from typing import NamedTuple

from compositing.background import Blur, Portrait, Transparent
from photos.cut import Cut
from photos.encoding import Format, refusal
from photos.framing import Kind
from photos.look import Look


class Wanted(NamedTuple):
    """A file: what it's called, without the ending, the picture that it holds, and its format.

    Examples
    --------
    >>> Wanted("blurred", "composite", "JPEG").kind
    'composite'
    """

    name: str
    kind: Kind
    format: Format


@dataclass(frozen=True)
class Contents:
    """Which pictures of a cut become files, and in which format.

    Parameters
    ----------
    kinds : frozenset of {"matte", "cutout", "composite"}
    format : str, optional
        "PNG", "JPEG" or another of `photos.encoding.FORMATS`, for the pictures. None: PNG for what
        is transparent, JPEG for what isn't, or PNG if it has 16 bits to keep or is too large.
        A cutout is a PNG where the format has no transparency, and a matte always: its levels are
        measured.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> wanted = Contents(frozenset(("cutout", "composite")), "WebP")
    >>> [f"{each.name}.{each.format}" for each in wanted.files(cut, Look(Blur(51)))]
    ['cutout.WebP', 'blurred.WebP']
    """

    kinds: frozenset[Kind] = frozenset(("matte", "cutout", "composite"))
    format: Format | None = None

    def files(self, cut: Cut, look: Look) -> list[Wanted]:
        """Tell the files of a cut.

        Parameters
        ----------
        cut : Cut
        look : Look

        Returns
        -------
        files : list of Wanted
            The composite comes last. On a transparent background it's the cutout, and made once.
        """
        background, kinds = look.behind(cut.photo), self.kinds
        lossless = cut.photo.profile is not None or refusal(cut.photo, "JPEG", look.canvas)
        opaque = self.format or ("PNG" if lossless else "JPEG")
        clear: Format = "PNG" if opaque == "JPEG" else opaque
        if isinstance(background, Transparent):
            composite = Wanted("cutout", "composite", clear)
            if "cutout" in kinds:
                kinds = kinds - {"cutout"} | {"composite"}
        else:
            blurred = isinstance(background, Blur | Portrait)
            composite = Wanted("blurred" if blurred else "replaced", "composite", opaque)
        files = [Wanted("matte", "matte", "PNG"), Wanted("cutout", "cutout", clear), composite]
        return [each for each in files if each.kind in kinds]


ALL = Contents()
