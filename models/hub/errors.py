"""What can go wrong between a publisher and the disk, in sentences that say what to do next."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from models.catalog import ModelSpec
from models.interface import Cancelled, LoadFailed

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


def readable(size: int) -> str:
    """885 MB, 3.4 GB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


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
        case errors.HfHubHTTPError() if error.response.status_code == 401:
            return f"{hub} doesn't accept the access token. Correct HF_TOKEN, or unset it."
        case ValueError():
            return f"{hub} doesn't answer as a model hub does. Check HF_ENDPOINT."
        case _:
            return None


def _of_an_address(error: Exception, spec: ModelSpec, url: str) -> str | None:
    from huggingface_hub import errors

    match error:
        case errors.HfHubHTTPError() if error.response.status_code in (401, 403, 404, 410):
            status = f"{error.response.status_code} {error.response.reason_phrase}"
            return (
                f"{url} can't be had ({status}). See {spec.page} for what became of it, "
                "or name a copy of the file in CUTOUT_WEIGHTS."
            )
        case ValueError():
            return f"{url} doesn't answer with a file. Check the network, then try again."
        case _:
            return None


def _of_the_network(error: Exception, spec: ModelSpec) -> str | None:
    import httpx2  # what huggingface_hub speaks HTTP with
    from huggingface_hub import constants, errors

    host = urlsplit(spec.url).netloc if spec.url else constants.ENDPOINT
    match error:
        case errors.OfflineModeIsEnabled():
            return (
                f"{spec.label} isn't downloaded yet, and HF_HUB_OFFLINE forbids that. "
                "Unset it, or name a copy of the files in CUTOUT_WEIGHTS."
            )
        case errors.HfHubHTTPError():
            status = f"{error.response.status_code} {error.response.reason_phrase}"
            return f"{host} answered “{status}”. Try again later; what has come is kept."
        case httpx2.RequestError():
            return (
                f"{host} can't be reached ({type(error).__name__}). Check the network, "
                "then try again; what has come is kept."
            )
        case _:
            return None


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
        case OSError():
            return (
                f"{folder} fails as a cache: {error}. Try again, or set HF_HOME to another folder."
            )
        case _:
            return None
