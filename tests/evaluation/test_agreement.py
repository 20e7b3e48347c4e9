"""A consensus of cuts is a cut like any other."""

from dataclasses import replace

import numpy as np
import pytest

from compositing.background import Blur
from evaluation.agreement import Agreement, agreement, family, no_consensus
from models.catalog import CONSENSUS, find
from photos.cut import Cut
from photos.look import Look
from photos.rendering import render
from tests.cuts import cut_of, photo_of

PHOTO = photo_of(np.full((40, 60, 3), (90, 120, 150), np.uint8))


def cut(name: str, first: int, last: int) -> Cut:
    levels = np.zeros((40, 60), np.uint8)
    levels[:, first:last] = 255
    return cut_of(PHOTO, levels, spec=find(name), empty=first >= last)


CUTS = [
    cut("isnet-general", 10, 40),
    cut("u2netp", 20, 50),
    cut("birefnet-lite", 25, 45),
    cut("birefnet-matting", 25, 60),
]


def agreed(cuts: list[Cut]) -> Agreement:
    told = agreement(cuts)
    assert told is not None
    return told


def test_it_is_the_median_with_relatives_as_one() -> None:
    told = agreed(CUTS).cut
    columns = np.nonzero(told.levels()[0] == 255)[0]
    assert (columns[0], columns[-1] + 1) == (20, 45)  # alone, the relatives would have begun at 25
    assert told.spec.name == CONSENSUS.name
    assert told.share == pytest.approx(27.5 / 60, abs=0.001)
    assert "IS-Net general, U²-Net-P, BiRefNet lite, BiRefNet matting" in told.notes[-1]
    assert "Agreement isn't quality" in told.notes[-1]


def test_it_can_be_taken_further() -> None:
    picture = render(agreed(CUTS).cut, Look(Blur(9)))
    assert picture.shape == (40, 60, 3)


def test_how_far_each_is_from_the_others() -> None:
    odd = cut("ben2", 0, 5)
    apart = agreed([*CUTS, odd]).apart
    assert max(apart, key=apart.__getitem__) == odd.key
    # The other three families' median is 1 from 20 to 45, and 0.5 from there to 50.
    assert apart[odd.key] == pytest.approx(32.5 / 60, abs=0.001)


def test_what_found_nothing_has_no_say_and_one_family_no_consensus() -> None:
    nothing = cut("grabcut", 9, 9)
    told = agreed([nothing, *CUTS[1:]])
    assert (told.cut.levels() == agreed(CUTS[1:]).cut.levels()).all()
    assert nothing.key not in told.apart
    assert agreement(CUTS[2:]) is None
    other = photo_of(np.zeros((40, 60, 3), np.uint8), "other.jpg")
    of_another = cut_of(other, np.zeros((40, 60), np.uint8), spec=find("u2netp"))
    with pytest.raises(ValueError, match="one photo"):
        agreement([CUTS[0], of_another])


def test_one_licence_binds_what_is_made_with_it() -> None:
    assert not agreed(CUTS).cut.spec.conditions
    bound = agreed([*CUTS, cut("rmbg-2.0", 20, 40)]).cut.spec
    assert bound.conditions == "non-commercial"
    assert bound.licence == "Apache-2.0 + MIT + CC BY-NC 4.0"


def test_an_own_row_that_forbids_forbids_with_others() -> None:
    mine = replace(find("ben2"), name="mine", own=True, licence="mine", commercial=False)
    told = agreed([*CUTS, cut_of(PHOTO, CUTS[0].levels(), spec=mine)]).cut.spec
    assert told.conditions == "non-commercial"


def test_why_there_is_no_consensus_is_said() -> None:
    relatives = [find("u2netp"), find("grabcut")]
    assert no_consensus(relatives).startswith("U²-Net-P and GrabCut are of one family")
    assert no_consensus(relatives[:1]).startswith("A consensus needs models of two families")
    assert not no_consensus([*relatives, find("ben2")])


def test_an_engine_is_no_family() -> None:
    u2netp = find("u2netp")
    twin = replace(u2netp, name="u2net")
    stranger = replace(u2netp, name="modnet", page="https://hub.example/modnet")
    assert family(twin) == family(u2netp) != family(stranger)
    relatives = ("grabcut", "vitmatte-small", "silueta")  # made of U²-Net, or of what it finds
    assert {family(find(name)) for name in relatives} == {family(u2netp)}
    assert family(find("rmbg-2.0")) == family(find("birefnet-lite"))
