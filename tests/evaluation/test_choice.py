"""Which model is named, and why, under limits."""

from dataclasses import replace

import pytest

from evaluation.choice import Contrast, by_catalogue, choose
from evaluation.limits import Candidate, Limits, breaches
from models.catalog import GRABCUT, ModelSpec, find

LITE, RMBG, HR = (find(name) for name in ("birefnet-lite", "rmbg-2.0", "birefnet-hr-matting"))
GB = 10**9
MORE = "More may tell."
FIELD = [
    Candidate(LITE, 0.90, 0.85, 1.0, 2 * GB),
    Candidate(RMBG, 0.92, 0.88, 4.0, 6 * GB),
    Candidate(HR, 0.95, 0.89, 30.0, 9 * GB),
]


def alike(one: ModelSpec, other: ModelSpec) -> Contrast:
    return Contrast(False, "p = 0.4")


def apart(one: ModelSpec, other: ModelSpec) -> Contrast:
    return Contrast(True, "p = 0.001")


def test_the_best_is_named_where_all_differ() -> None:
    choice = choose(FIELD, Limits(), apart, "your 40 photos", MORE)
    assert choice.spec == HR
    assert choice.reasons == ("For your 40 photos: BiRefNet HR matting.",)
    assert choice.even == ()


def test_where_no_difference_was_found_none_is_called_the_best() -> None:
    choice = choose(FIELD, Limits(), alike, "your 40 photos", MORE)
    assert choice.even == (HR, RMBG)
    assert choice.reasons[0] == (
        "No difference found between BiRefNet HR matting, RMBG 2.0 and BiRefNet lite on your 40 "
        "photos: any of them may do."
    )
    assert choice.reasons[2:] == (
        "A photo takes: BiRefNet lite (1 s), RMBG 2.0 (4 s) and BiRefNet HR matting (30 s).",
        "Memory: BiRefNet lite (2 GB), RMBG 2.0 (6 GB) and BiRefNet HR matting (9 GB).",
        "Download: BiRefNet lite (178 MB), BiRefNet HR matting (444 MB) and RMBG 2.0 (885 MB).",
        f"Licence: BiRefNet HR matting ({HR.terms}), RMBG 2.0 ({RMBG.terms}) and BiRefNet lite "
        f"({LITE.terms}).",
        MORE,
    )


def test_whoever_is_told_apart_from_the_first_is_no_equal() -> None:
    def lite_apart(one: ModelSpec, other: ModelSpec) -> Contrast:
        return Contrast(LITE in (one, other), "p")

    choice = choose(FIELD, Limits(), lite_apart, "your 40 photos", MORE)
    assert (choice.spec, choice.even) == (RMBG, (HR,))  # much quicker
    assert "lite" not in " ".join(choice.reasons)


def test_many_equals_are_counted() -> None:
    field = [Candidate(replace(LITE, label=f"M{n}"), 0.9 - n / 100, 0.5, 1, GB) for n in range(6)]
    choice = choose(field, Limits(), alike, "them", MORE)
    assert choice.reasons == (
        "No difference found between M0, M1, M2 and 3 others on them: any of them may do.",
        MORE,
    )


def test_of_equals_the_quickest_is_named() -> None:
    choice = choose(FIELD, Limits(), alike, "your 40 photos", MORE)
    assert choice.spec == LITE
    assert choice.reasons[1] == (
        "BiRefNet HR matting is not found to be better (p = 0.4) and takes 30 times as long."
    )


def test_one_that_may_be_much_worse_isnt_named_for_being_quick() -> None:
    """That no difference was found doesn't make two equal."""
    field = [replace(FIELD[2], low=0.92), FIELD[0]]
    assert choose(field, Limits(), alike, "them", MORE).spec == HR


def test_too_few_photos_name_none_and_say_so() -> None:
    choice = choose(FIELD, Limits(), alike, "your 3 photos", MORE, few="Three are too few.")
    assert (choice.spec, choice.undecided) == (None, True)
    assert choice.reasons == ("Three are too few.",)


def test_a_hair_quicker_is_no_reason() -> None:
    close = [FIELD[2], replace(FIELD[1], seconds=25.0)]
    assert choose(close, Limits(), alike, "them", MORE).spec == HR


def test_what_breaks_the_limits_is_passed_over_with_the_reason() -> None:
    choice = choose(FIELD, Limits(commercial=True, seconds=10), apart, "your 40 photos", MORE)
    assert choice.spec == LITE
    assert choice.reasons[1:] == (
        "BiRefNet HR matting is better (p = 0.001) and too slow (30 s).",
        "RMBG 2.0 is better (p = 0.001) and not for commercial use without conditions "
        "(CC BY-NC 4.0).",
    )


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(bytes_=3 * GB), LITE),
        (Limits(bytes_=7 * GB), RMBG),
        (Limits(download=700_000_000), HR),
        (Limits(download=200_000_000), LITE),
        (Limits(download=0), None),
        (Limits(hears=frozenset({"boxes"})), None),
        (Limits(seconds=0.1), None),
    ],
)
def test_each_limit_holds(limits: Limits, named: ModelSpec | None) -> None:
    choice = choose(FIELD, limits, apart, "your photos", MORE)
    assert choice.spec == named
    if named is None:
        assert choice.reasons == (
            "For your photos: none of the models judged keeps to these limits. "
            "Loosen one, or judge others.",
        )


def test_what_isnt_known_keeps_to_no_limit() -> None:
    unknown = [Candidate(LITE, 0.9, 0.8, None, None)]
    assert choose(unknown, Limits(), apart, "them", MORE).spec == LITE
    assert choose(unknown, Limits(seconds=99), apart, "them", MORE).spec is None
    assert choose(unknown, Limits(bytes_=99 * GB), apart, "them", MORE).spec is None


def test_an_unknown_download_is_told_and_isnt_taken_for_a_small_one() -> None:
    mine = replace(LITE, name="mine", label="Mine", download_bytes=0)
    field = [Candidate(mine, 0.97, 0.9, 1.0, GB), FIELD[0]]
    choice = choose(field, Limits(download=99 * GB), apart, "them", MORE)
    assert choice.spec == LITE
    assert choice.reasons[1] == "Mine is better (p = 0.001) and of unknown download size."
    assert "built in" not in " ".join(choose(field, Limits(), alike, "them", MORE).reasons)
    assert by_catalogue([mine, HR, GRABCUT, LITE], Limits(download=200_000_000), {}) == [
        GRABCUT,
        LITE,
        mine,
    ]


def test_an_endless_limit_is_none() -> None:
    """As `--max-gb inf` says, which became a number of bytes only after all was measured."""
    endless = float("inf")
    assert Limits.of(endless, endless, endless, None, commercial=False) == Limits(seconds=endless)
    assert Limits.of(None, 1e300, 1e303, None, commercial=False) == Limits()


def test_a_large_download_is_passed_over_with_its_size() -> None:
    choice = choose(FIELD, Limits(download=200_000_000), apart, "them", MORE)
    assert choice.reasons[1:] == (
        "BiRefNet HR matting is better (p = 0.001) and too large to download (444 MB).",
        "RMBG 2.0 is better (p = 0.001) and too large to download (885 MB).",
    )


@pytest.mark.parametrize(
    ("fetched", "most", "told"),
    [
        (444_473_596, 444, ""),
        (444_473_596, 443.9, "too large to download (444 MB)"),
        (444_573_596, 444, "too large to download (445 MB)"),
        (1_842_600_000, 1843, ""),
        (1_842_600_000, 1842, "too large to download (1843 MB)"),
        (1_842_600_000, 1800, "too large to download (1843 MB)"),
        (200_000, 0, ""),
    ],
)
def test_a_download_is_held_against_its_limit_as_it_is_shown(
    fetched: int, most: float, told: str
) -> None:
    candidate = Candidate(replace(LITE, download_bytes=fetched), 0.9, 0.8, 1.0, GB)
    limits = Limits.of(None, None, most, None, commercial=False)
    assert breaches(candidate, limits) == ([told] if told else [])


def test_a_reason_never_tells_less_than_the_limit() -> None:
    candidate = Candidate(LITE, 0.9, 0.8, 2.04, 4_004_000_000)
    limits = Limits.of(2, 4, None, None, commercial=False)
    assert breaches(candidate, limits) == ["too slow (2.04 s)", "too large (4.004 GB)"]
    slow = replace(candidate, seconds=123.4)
    assert breaches(slow, Limits(seconds=60)) == ["too slow (120 s)"]


def test_the_catalogue_tells_who_may_keep_to_limits_without_being_run() -> None:
    rows = [HR, RMBG, GRABCUT, LITE]
    assert by_catalogue(rows, Limits(seconds=0.001), {}) == [GRABCUT, LITE, HR, RMBG]
    assert by_catalogue(rows, Limits(commercial=True), {}) == [GRABCUT, LITE, HR]
    assert by_catalogue(rows, Limits(hears=frozenset({"boxes"})), {}) == [GRABCUT]
    assert by_catalogue(rows, Limits(bytes_=2 * LITE.parameters), {}) == [GRABCUT, LITE]


def test_what_has_run_comes_first_and_is_known_to_be_too_slow_or_too_large() -> None:
    rows, spent = [HR, GRABCUT, LITE], {"birefnet-lite": (3.0, 5 * GB)}
    assert by_catalogue(rows, Limits(), spent) == [LITE, GRABCUT, HR]
    assert by_catalogue(rows, Limits(seconds=2), spent) == [GRABCUT, HR]
    assert by_catalogue(rows, Limits(bytes_=4 * GB), spent) == [GRABCUT, HR]
