"""The way to the hub, and what it allows. Whatever is asked has to be answered soon."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from models import catalog
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import plain_words
from models.interface import LoadFailed
from photos.counts import listed
from terminal.doctor.finding import Finding, first_line

DEADLINE = 6.0
"""Seconds for all questions that are asked at the same time."""


def certificates() -> list[Finding]:
    """Whether those that are trusted can be read."""
    from models.hub import session

    try:
        session.certificates()
    except LoadFailed as error:
        return [Finding("certificate", "problem", str(error))]
    file, folder = (os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    return [Finding("certificate", "ok", f"Trusted: {file or folder or 'the usual ones'}.")]


def proxies() -> list[Finding]:
    """Those that are named, without passwords."""
    from models.hub import session

    try:
        named = session.proxies()
    except LoadFailed as error:
        return [Finding("proxy", "problem", str(error))]
    told = ", ".join(map(str, named)) or "none is set"
    return [Finding("proxy", "ok", f"{told[0].upper()}{told[1:]}.")]


def hub() -> list[Finding]:
    """The access token, whether the hub answers, and which gated models it lets through."""
    from huggingface_hub import constants, get_token

    gated = [spec for spec in catalog.everything() if spec.gated and spec.repo]
    missing = [spec for spec in gated if weights.awaits_download(spec)]
    token = _token(bool(get_token()), missing)
    if constants.is_offline_mode():
        return [token, Finding("hub", "ok", "Not asked, as HF_HUB_OFFLINE is set.")]
    public = next((spec for spec in catalog.everything() if spec.repo and not spec.gated), None)
    answers = together({"hub": lambda: access(public)}) if public else []
    reached = all(answer.state == "ok" for answer in answers)
    gates = missing if get_token() and reached else []
    return [token, *answers, *together({spec.name: _question(spec) for spec in gates})]


def _question(spec: ModelSpec) -> Callable[[], Finding]:
    return lambda: access(spec)


def _token(there: bool, missing: Sequence[ModelSpec]) -> Finding:
    if there:
        return Finding("token", "ok", "An access token is set.")
    if not missing:
        return Finding("token", "ok", "No access token is set, and none is needed.")
    names = listed([spec.label for spec in missing])
    told = (
        f"No access token is set, without which {names} can't be downloaded. If you want that, "
        f"ask for access at {missing[0].page}, then set HF_TOKEN."
    )
    return Finding("token", "warning", told)


def access(spec: ModelSpec) -> Finding:
    """Whether the hub would give a row's first file."""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url

    from models.hub import session  # noqa: F401 (its client is the one that they use)

    about = spec.name if spec.gated else "hub"
    url = hf_hub_url(spec.repo or "", spec.files[0], revision=spec.revision)
    try:
        with plain_words(spec, Path(constants.HF_HUB_CACHE)):
            get_hf_file_metadata(url, timeout=DEADLINE)
    except LoadFailed as error:
        return Finding(about, "problem" if _refuses(error.__cause__) else "warning", str(error))
    told = f"{spec.label} can be downloaded." if spec.gated else f"{constants.ENDPOINT} answers."
    return Finding(about, "ok", told)


def _refuses(error: BaseException | None) -> bool:
    """Whether the hub doesn't know the token, with which it gives nothing at all."""
    from huggingface_hub import errors

    told = isinstance(error, errors.HfHubHTTPError) and error.response.status_code == 401
    return told and not isinstance(error, errors.RepositoryNotFoundError)


def together(
    questions: Mapping[str, Callable[[], Finding]], seconds: float = DEADLINE
) -> list[Finding]:
    """What is answered, by what it's about, all asked at the same time. Who hasn't answered after
    so many seconds is told as not reached, and nobody waits any longer."""
    answers: dict[str, Finding] = {}

    def ask(about: str) -> None:
        try:
            answers[about] = questions[about]()
        except Exception as error:
            told = f"Could not be asked ({first_line(error)}). Check the network and HF_ENDPOINT."
            answers[about] = Finding(about, "warning", told)

    threads = [threading.Thread(target=ask, args=(each,), daemon=True) for each in questions]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    late = f"Not reached within {seconds:g} seconds. Check the network and the proxy."
    return [answers.get(each) or Finding(each, "warning", late) for each in questions]
