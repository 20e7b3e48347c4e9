"""The file of a row that is at an address of its own, not on the hub.

It's kept in HF_HOME/cutout/NAME OF THE ROW, beside the hub's cache, whose folder is its own. What
it's known by is the row's checksum, or the first digits of its SHA-256, which some publishers put
into its name, as torch.hub expects it. The hub's access token is never sent to such an address.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from models.catalog import ModelSpec
from models.hub.disk import alone, bring, start
from models.hub.errors import plain_words, removing
from models.hub.presence import holds, is_folder
from models.hub.transfer import RemoteFile, Transfer, ask

_DIGITS = re.compile(r"-([0-9a-f]{8,64})\.\w+")


@dataclass(frozen=True)
class Address:
    """The one file of `spec` at `url`, and the folder for it."""

    spec: ModelSpec
    url: str

    def folder(self) -> Path:
        """Where the file is kept, whether or not it's there."""
        from huggingface_hub import constants  # quick, unlike the rest of the library

        return Path(constants.HF_HOME) / "cutout" / self.spec.name

    def complete(self) -> Path | None:
        """The folder once the file is in it, or None."""
        return self.folder() if holds(self.folder(), self.spec.files) else None

    def revision(self) -> str:
        """What it's known by: digits of its SHA-256, or "md5:" and those of its MD5. Raises
        ValueError if there are none."""
        return self.checksum().removeprefix("sha256:")

    def checksum(self) -> str:
        """The row's, or the one in the file's name. Raises ValueError if there is neither."""
        if self.spec.checksum:
            return self.spec.checksum
        (name,) = self.spec.files
        digits = _DIGITS.search(name)
        if digits is None:
            raise ValueError(f"{name} can't be checked: its name lacks the digits of its SHA-256.")
        return f"sha256:{digits[1]}"

    def download(self, transfer: Transfer) -> Path:
        """Bring the file; what an earlier stop left is carried on with.

        Raises LoadFailed with a sentence that says what to do, or Cancelled once `transfer` is
        stopped.
        """
        folder, known = self.folder(), self.checksum()
        (name,) = self.spec.files
        with plain_words(self.spec, folder.parent), alone(folder):
            transfer.check()
            # Another thread or process may have brought it while this one waited.
            if not self.complete():
                size = ask(lambda: _size(self.url), transfer)
                file = RemoteFile(name, self.url, size, (known,), with_token=False)
                start(transfer, {folder / name: file}, folder)
                bring(file, folder / name, transfer)
        return folder

    def unfinished(self) -> int:
        """Bytes that a stopped download left."""
        return sum(part.stat().st_size for part in self.folder().glob("*.incomplete"))

    def remove(self) -> int:
        """Drop the folder, with what a stopped download left. Returns the bytes freed.

        Raises LoadFailed when it can't be written to.
        """
        folder, freed = self.folder(), 0
        with removing(self.spec, folder):
            if is_folder(folder):
                freed = sum(path.stat().st_size for path in folder.glob("*"))
                shutil.rmtree(folder)
        return freed


def _size(url: str) -> int:
    """Bytes of what is at `url`. Raises ValueError if the answer doesn't tell, HTTP errors."""
    from huggingface_hub import constants, hf_raise_for_status
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    from models.hub.session import session

    headers = build_hf_headers(token=False) | {"Accept-Encoding": "identity"}
    answer = session().head(url, headers=headers, timeout=constants.HF_HUB_ETAG_TIMEOUT)
    hf_raise_for_status(answer)
    size = answer.headers.get("Content-Length", "")
    if not size.isdecimal():
        raise ValueError(f"{url} was answered without a size.")
    return int(size)
