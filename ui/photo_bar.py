"""Photos in: the uploader, the samples, and the bar that names the photo at hand."""

from collections.abc import Sequence
from concurrent.futures import Future

import streamlit as st

from models.catalog import ModelSpec
from models.running.default import default_model
from photos.names import unique
from photos.photo import PhotoFile
from photos.previews import shrink
from photos.reading import KINDS, max_bytes
from photos.samples import SAMPLES, Sample
from ui.components.assets import media_url
from ui.components.filmstrip import Thumbnail, filmstrip
from ui.leaving import of_this_page
from ui.parts import square_of
from ui.render import jpeg, photo_preview
from ui.sharp import threads
from ui.sidebar import is_phone
from ui.standing import states_of
from ui.starting import Dropped, bring_back, dropped, keep_for_undo, start_over, too_late
from ui.state import Bench, bench

LONGEST = 20
"""Letters of a name on a button."""
FOLDED = 4
"""From so many files on, the reasons for which they were refused are folded."""


def welcome(held: Bench) -> None:
    """What a visit begins with: the uploader and the samples."""

    def begin(sample: PhotoFile) -> None:
        held = bench()  # what this tab held before it was loaded anew may just have come back
        held.refused.clear()
        held.add(sample.data, sample.name)

    undo_button(held)
    st.title("Which model cuts it out best?", anchor=False)
    st.markdown(
        "Upload photos, pick models, and see mattes, blurred and replaced backgrounds side by "
        "side. Photos stay on this server, and are dropped within two minutes of the tab's closing."
    )
    if note := default_model().note:
        st.warning(note, icon=":material/extension:")
    uploader(held)
    refusals(held)
    st.header("Or start with a sample", anchor=False)
    grid = st.grid("auto", min_column_width=170, key="samples")
    for sample in filter(Sample.fits, SAMPLES):
        with grid.cell():
            photo = sample.open()
            with st.container(key=f"begin_{sample.title}"):
                st.image(photo_preview(sample.file, photo, 480), width="stretch", alt=sample.title)
                st.button(
                    sample.title,
                    key=f"sample_{sample.title}",
                    on_click=begin,
                    args=(photo,),
                    width="stretch",
                )
            st.caption(sample.credit)


def overlooks(held: Bench) -> bool:
    """Whether all photos are looked at, and not one."""
    return len(held.trays) > 1 and bool(st.session_state.get("overview"))


def _overview_switch(held: Bench) -> None:
    """The switch between both, where there are several photos."""
    if len(held.trays) > 1:
        # What is bold is read out alone on a phone.
        label = "All photos **at once**" if is_phone() else "All photos at once"
        st.toggle(label, key="overview", persist_state="session", width="content")


def undo_button(held: Bench) -> None:
    """The button that takes a photo's × or “Start over” back. When its time is over, it's gone."""
    left = dropped()
    every = left.left + 1 if left else None
    st.fragment(_undo, run_every=every)(list(held.trays), left is not None)


def _undo(page_shows: list[str], waits: bool) -> None:
    """page_shows: the keys of the photos that the page is about. waits: whether this is drawn again
    by the clock; only a run of the whole page ends that."""
    left = dropped()
    if list(bench().trays) != page_shows or (waits and not left):
        st.rerun()  # they are back, or it's too late
    if left:
        label = f"Bring back {_told(left)}"
        st.button(label, icon=":material/undo:", key="undo", on_click=bring_back)
    elif told := too_late():
        st.markdown(f":gray[{told}]", width="content")


def _told(left: Dropped) -> str:
    if left.photo is None:
        count = len(left.bench.trays)
        return f"{count} photos" if count > 1 else "the photo"
    stem = left.photo.tray.photo.stem
    return plain(stem if len(stem) <= LONGEST else f"{stem[: LONGEST - 1]}…")


def photo_bar(held: Bench, specs: Sequence[ModelSpec], *, overview: bool = False) -> None:
    """The photo at hand, a way to each of the others, and ways to add or remove photos. specs: the
    models whose progress is told. overview: whether all photos can be looked at here."""
    photo = held.photo
    assert photo is not None
    # A phone's second line has the strip of several; its style is that of `photos_phone`.
    below = is_phone() and len(held.trays) > 1
    with st.container(gap="xsmall", key="photos_phone" if below else None):
        # Where there is no room for words, the style hides them; they are read out all the same.
        bar = "photo_bar_phone" if is_phone() else "photo_bar"
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=bar):
            with st.container(key="photo_name", gap=None, width="content"):
                st.title(plain(photo.stem), anchor=False)
                st.markdown(f":gray[{size_of(photo)}]")
            if not below:
                _strip_place(held, specs)
            if overview:
                _overview_switch(held)
            with st.popover("Add photos", icon=":material/add_photo_alternate:", help="Add photos"):
                uploader(held)
            st.button(
                "Start over",
                icon=":material/restart_alt:",
                key="start_over",
                help="Start over",
                on_click=start_over,
            )
        if below:
            _strip_place(held, specs)
    refusals(held)


def refusals(held: Bench) -> None:
    """One box for all files of the last upload that could not be used, each in a sentence of its
    own, until it's closed. Of many, the sentences are folded."""
    told = [plain(sentence) for sentence in held.refused]
    if not told:
        return
    folded = len(told) >= FOLDED
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.error(
            f"{len(told)} files could not be used." if folded else "\n\n".join(told),
            icon=":material/broken_image:",
        )
        st.button(
            "Close", icon=":material/close:", key="close_refused", on_click=held.refused.clear
        )
    if folded:
        with st.expander("Which, and why"):
            st.markdown("\n".join(f"- {sentence}" for sentence in told))


def uploader(held: Bench) -> None:
    """Photos that are chosen join the visit; those that are taken away leave it."""
    key = f"uploads_{held.visit}"

    @of_this_page
    def take() -> None:
        held = bench()  # as with a sample
        held.refused.clear()
        before, earlier = set(held.trays), held.uploads
        held.uploads = {
            file.file_id: earlier.get(file.file_id) or held.add(file.getvalue(), file.name)
            for file in st.session_state[key]
        }
        # Of several, one begins with the first.
        held.current = next((new for new in held.trays if new not in before), held.current)
        for gone in {*earlier.values()} - {*held.uploads.values()}:
            keep_for_undo(held, gone)
            held.drop(gone)

    # No list of endings is given: with one, Streamlit refuses files and doesn't say why.
    st.file_uploader(
        "Photos",
        help=f"{KINDS}.",
        accept_multiple_files=True,
        max_upload_size=upload_limit(),
        key=key,
        on_change=take,
    )
    # After a visit to another page the uploader is empty, though nobody removed the photos: they
    # must stay when it changes.
    shown = {file.file_id for file in st.session_state[key]}
    held.uploads = {file: photo for file, photo in held.uploads.items() if file in shown}


def _strip_place(held: Bench, specs: Sequence[ModelSpec]) -> None:
    with st.container(key="strip", width="stretch"):
        st.fragment(_strip)(held, specs, (held.current, *held.trays))


def _strip(held: Bench, specs: Sequence[ModelSpec], page_shows: tuple[str | None, ...]) -> None:
    """All photos; drawn by itself while their thumbnails are made. page_shows: the key of the photo
    that the page is about, and those of all."""
    trays, at_hand = held.trays, held.current
    if at_hand is None or (at_hand, *trays) != page_shows:
        st.rerun()
    names = dict(zip(trays, unique(tray.photo.name for tray in trays.values()), strict=True))
    states = states_of(held, specs)
    photos = [
        Thumbnail(key, names[key], _thumbnail(key, tray.photo), *states[key])
        for key, tray in trays.items()
    ]

    def pick(key: str) -> None:
        if key in held.trays:  # it may have been taken away meanwhile
            held.current = key

    def remove(key: str) -> None:
        keep_for_undo(held, key)
        held.remove(key)

    filmstrip(photos, at_hand, pick, remove, key="photos")


def _thumbnail(key: str, photo: PhotoFile) -> str | None:
    """The address of a small picture; None while it's being made."""
    made = _small(key, photo)
    if not made.done() or made.exception():
        return None if not made.done() else ""
    return media_url(made.result(), f"thumbnail/{key}")


@st.cache_resource(scope="session", max_entries=500, show_spinner=False)
def _small(key: str, _photo: PhotoFile) -> Future[bytes]:  # noqa: ARG001
    """To decode twelve large photos takes seconds."""
    return threads().submit(lambda: jpeg(shrink(square_of(_photo.pixels()), 128)))


def size_of(photo: PhotoFile) -> str:
    """Such as “4000 × 3000, 12.0 MP”; of a small photo, “0.0 MP” tells nothing."""
    large = f", {photo.megapixels:.1f} MP" if photo.megapixels >= 0.05 else ""
    return f"{photo.width} × {photo.height}{large}"


def upload_limit() -> int:
    """The largest file that an uploader takes, in whole megabytes."""
    return max(1, max_bytes() // 1_000_000)


def plain(text: str) -> str:
    """A file's name must not turn into formatting."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-!|$:~" else c for c in text)
