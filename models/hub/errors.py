"""What can go wrong between a publisher and the disk, in sentences that say what to do next."""

import errno
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.catalog import ModelSpec
from models.hub.certificates import refusal
from models.hub.presence import is_file
from models.hub.reasons import reason, tls_error
from models.hub.retries import asked_to_wait
from models.interface import Cancelled, LoadFailed

if TYPE_CHECKING:
    import httpx2

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def plain_words(spec: ModelSpec, folder: Path) -> Iterator[None]:
    """Errors of the network, the hub and the disk become LoadFailed; others pass unchanged.

    folder: the cache that the row's files go to.
    """
    try:
        yield
    except (LoadFailed, Cancelled):
        raise
    except Exception as error:
        special = _of_an_address(error, spec, spec.url) if spec.url else _of_the_hub(error, spec)
        sentence = special or _of_the_network(error, spec) or _of_the_disk(error, folder)
        if sentence is None:
            raise
        raise LoadFailed(sentence) from error


@contextmanager
def removing(spec: ModelSpec, folder: Path) -> Iterator[None]:
    """Errors of the disk become LoadFailed. folder: where the cache keeps the row's files; some of
    it may be gone by then."""
    try:
        # Seen first: once begun, the library tells of what it can't remove in its own way.
        for place, _, _ in os.walk(folder):
            if not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)
        yield
    except OSError as error:
        raise LoadFailed(
            f"{spec.label} can't be removed from {error.filename or folder} ({reason(error)}). "
            "Make the folder writable, or remove it by hand."
        ) from error


def readable(size: int) -> str:
    """885 MB, 3.4 GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def download_size(spec: ModelSpec) -> str:
    """How large the row's download is, in words: of the person's own rows it may be unknown."""
    return readable(spec.download_bytes) if spec.download_bytes else "size unknown"


def _of_the_hub(error: Exception, spec: ModelSpec) -> str | None:
    from huggingface_hub import constants, errors

    hub, repo = constants.ENDPOINT, spec.repo
    match error:
        case errors.GatedRepoError():  # a RepositoryNotFoundError too, so it comes first
            return (
                f"{spec.label} is only for those who accept its licence ({spec.licence}): do that "
                f"at {spec.page}, then set HF_TOKEN to an access token of the same account."
            )
        case errors.RepositoryNotFoundError():
            return (
                f"There is no public repository {repo} at {hub}. "
                "If it is private, set HF_TOKEN; if that is a mirror, check HF_ENDPOINT."
            )
        case errors.RevisionNotFoundError():
            return f"{repo} has no revision {spec.revision}. See {spec.page} for what became of it."
        case errors.RemoteEntryNotFoundError():
            name = error.response.url.path.partition("/resolve/")[2].partition("/")[2]
            return f"{repo} has no file {name}. See {spec.page} for what became of it."
        case errors.HfHubHTTPError() if _refuses_token(error.response, hub):
            return f"{hub} doesn't accept the access token. Correct HF_TOKEN, or unset it."
        case ValueError() if not isinstance(error, errors.HfHubHTTPError):
            return f"{hub} doesn't answer as a model hub does. Check HF_ENDPOINT."
        case _:
            return None


def _refuses_token(response: "httpx2.Response", hub: str) -> bool:
    """The token goes to the hub alone, not to where its files lie."""
    return response.status_code == 401 and str(response.url).startswith(hub)


def _of_an_address(error: Exception, spec: ModelSpec, url: str) -> str | None:
    from huggingface_hub import errors

    match error:
        case errors.HfHubHTTPError() if error.response.status_code in (401, 403, 404, 410):
            status = f"{error.response.status_code} {error.response.reason_phrase}"
            return (
                f"{url} can't be had ({status}). See {spec.page} for what became of it, "
                "or name a copy of the file in CUTOUT_WEIGHTS."
            )
        case ValueError() if not isinstance(error, errors.HfHubHTTPError):
            return f"{url} doesn't answer with a file. Check the network, then try again."
        case _:
            return None


def _of_the_network(error: Exception, spec: ModelSpec) -> str | None:
    import httpx2  # what huggingface_hub speaks HTTP with
    from huggingface_hub import constants, errors

    from models.hub.session import ProxyFailed

    host = urlsplit(spec.url).netloc if spec.url else constants.ENDPOINT
    match error:
        case errors.OfflineModeIsEnabled():
            return (
                f"{spec.label} isn't downloaded yet, and HF_HUB_OFFLINE forbids that. "
                "Unset it, or name a copy of the files in CUTOUT_WEIGHTS."
            )
        case errors.HfHubHTTPError():
            return _of_an_answer(error.response, spec)
        case ProxyFailed():
            return str(error)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            remedy = f"See {spec.page} for what became of it" if spec.url else "Correct HF_ENDPOINT"
            return f"{host} isn't an address to download from ({reason(error)}). {remedy}."
        case httpx2.ConnectError() if refused := tls_error(error):
            return refusal(refused, _host(error, host))
        case httpx2.RequestError():
            return (
                f"{_host(error, host)} can't be reached ({reason(error)}). Check the network, "
                "then try again; what has come is kept."
            )
        case _:
            return None


def _host(error: "httpx2.RequestError", otherwise: str) -> str:
    """Whom the request was for: the hub's large files are another host's."""
    try:
        return error.request.url.netloc.decode()
    except RuntimeError:  # no request in particular
        return otherwise


def _of_an_answer(response: "httpx2.Response", spec: ModelSpec) -> str:
    """What a server's refusal says: that it's busy, or that it's final."""
    status = f"{response.status_code} {response.reason_phrase}"
    told = f"{response.url.netloc.decode()} answered “{status}”"
    seconds = asked_to_wait(response.headers)
    if response.status_code < 500 and response.status_code not in (408, 425, 429):
        return f"{told}. See {spec.page} for what became of it; what has come is kept."
    later = f"in {math.ceil(seconds / 60)} minutes" if seconds > 60 else "later"
    return f"{told}. Try again {later}; what has come is kept."


def _of_the_disk(error: Exception, folder: Path) -> str | None:
    match error:
        case OSError(errno=code) if code in _FULL:
            return (
                f"The disk of {folder} is full. Make room there and try again; what has come is "
                "kept. HF_HOME can name a folder on another disk."
            )
        case OSError(errno=code) if code in _FORBIDDEN:
            return (
                f"The cache folder {folder} can't be written to. "
                "Allow it, or set HF_HOME to a folder of your own."
            )
        case FileExistsError() | NotADirectoryError():
            places = [each for each in (folder, *folder.parents) if is_file(each)]
            file = f"{places[0]} is a file" if places else str(error)
            return f"{folder} can't be made: {file}. Set HF_HOME to a folder."
        case OSError():
            return (
                f"{folder} fails as a cache: {error}. Try again, or set HF_HOME to another folder."
            )
        case _:
            return None
