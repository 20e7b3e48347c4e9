"""Photos in: the uploader, the samples, and the bar that names the photo at hand."""

import streamlit as st

from models.running.default import default_model
from photos.names import unique
from photos.photo import PhotoFile
from photos.reading import KINDS, max_bytes
from photos.samples import SAMPLES, Sample
from ui.render import photo_preview
from ui.sidebar import is_phone
from ui.state import Bench, start_over


def welcome(held: Bench) -> None:
    """What a visit begins with: the uploader and the samples."""

    def begin(sample: PhotoFile) -> None:
        held.refused.clear()
        held.add(sample.data, sample.name)

    st.title("Which model cuts it out best?", anchor=False)
    st.markdown(
        "Upload photos, pick models, and see mattes, blurred and replaced backgrounds side by "
        "side. Photos stay on this server, and are dropped within two minutes of the tab's closing."
    )
    if note := default_model().note:
        st.warning(note, icon=":material/extension:")
    uploader(held)
    refusals(held)
    st.subheader("Or start with a sample", anchor=False)
    grid = st.grid("auto", min_column_width=170, key="samples")
    for sample in filter(Sample.fits, SAMPLES):
        with grid.cell():
            photo = sample.open()
            st.image(photo_preview(sample.file, photo, 480), width="stretch", alt=sample.title)
            st.button(
                sample.title,
                key=f"sample_{sample.title}",
                on_click=begin,
                args=(photo,),
                width="stretch",
            )
            st.caption(sample.credit)


def photo_bar(held: Bench) -> None:
    """The photo at hand, a way to each of the others, and ways to add or remove photos."""
    photo, key = held.photo, held.current
    assert photo is not None
    assert key is not None
    # Where there is no room for words, the style hides them; they are read out all the same.
    bar = "photo_bar_phone" if is_phone() else "photo_bar"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=bar):
        with st.container(key="thumb", width=56):
            st.image(photo_preview(key, photo, 128), width=56, alt="")
        size = f"{photo.width} × {photo.height}, {photo.megapixels:.1f} MP"
        st.markdown(f"**{plain(photo.stem)}**  \n:gray[{size}]", width="content")
        st.space("stretch")
        if len(held.trays) > 1:
            _switch(held)
        with st.popover("Add photos", icon=":material/add_photo_alternate:", help="Add photos"):
            uploader(held)
        st.button(
            "Start over",
            icon=":material/restart_alt:",
            key="start_over",
            help="Start over",
            on_click=start_over,
        )
    refusals(held)


def refusals(held: Bench) -> None:
    """One sentence for each file of the last upload that could not be used."""
    for sentence in held.refused:
        st.error(plain(sentence), icon=":material/broken_image:")


def uploader(held: Bench) -> None:
    """Photos that are chosen join the visit; those that are taken away leave it."""
    key = f"uploads_{held.visit}"

    def take() -> None:
        held.refused.clear()
        before, earlier = set(held.trays), held.uploads
        held.uploads = {
            file.file_id: earlier.get(file.file_id) or held.add(file.getvalue(), file.name)
            for file in st.session_state[key]
        }
        # Of several, one begins with the first.
        held.current = next((new for new in held.trays if new not in before), held.current)
        for gone in {*earlier.values()} - {*held.uploads.values()}:
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


def _switch(held: Bench) -> None:
    trays = held.trays
    # Streamlit tells options apart by what is shown of them.
    names = dict(zip(trays, unique(tray.photo.name for tray in trays.values()), strict=True))

    def go() -> None:
        if st.session_state["photo"] in held.trays:  # it may have been taken away meanwhile
            held.current = st.session_state["photo"]

    st.session_state["photo"] = held.current
    st.selectbox(
        "Photo",
        list(names),
        format_func=names.__getitem__,
        key="photo",
        on_change=go,
        label_visibility="collapsed",
        width=220,
    )


def upload_limit() -> int:
    """The largest file that an uploader takes, in whole megabytes."""
    return max(1, max_bytes() // 1_000_000)


def plain(text: str) -> str:
    """A file's name must not turn into formatting."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-!|$:~" else c for c in text)
