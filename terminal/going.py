"""How a batch goes on: the options of it that don't decide what is made."""

from dataclasses import dataclass
from typing import Annotated

from typer import Option

from photos.batch.found import Shard
from terminal.wishing import parse_shard

_GOING = "How it goes on"


@dataclass(frozen=True)
class Going:
    retry_failed: Annotated[
        bool,
        Option("--retry-failed", help="Try again what failed before.", rich_help_panel=_GOING),
    ] = False
    dry_run: Annotated[
        bool,
        Option(
            "--dry-run",
            help="Only tell how many photos there are to do, how long that takes and how much of "
            "the disk.",
            rich_help_panel=_GOING,
        ),
    ] = False
    watch: Annotated[
        bool,
        Option("--watch", help="Look for new photos until Ctrl-C.", rich_help_panel=_GOING),
    ] = False
    shard: Annotated[
        Shard | None,
        Option(
            parser=parse_shard,
            metavar="N/COUNT",
            help="Only this part of the photos, such as 3/16: for several machines.",
            show_default=False,
            rich_help_panel=_GOING,
        ),
    ] = None
    ray: Annotated[
        str | None,
        Option(
            "--ray",
            metavar="ADDRESS",
            help="On a Ray cluster's machines: auto, its head's HOST:PORT, or local for one of "
            "this machine alone.",
            rich_help_panel=_GOING,
            show_default=False,
        ),
    ] = None
    quiet: Annotated[
        bool, Option("--quiet", "-q", help="Only tell what failed.", rich_help_panel=_GOING)
    ] = False
    json: Annotated[
        bool,
        Option("--json", help="For programs: a line for each photo.", rich_help_panel=_GOING),
    ] = False

    def file(self, stem: str, ending: str) -> str:
        """What a file of its own is called among the results: each part has one."""
        part = f"-{self.shard[0]}-of-{self.shard[1]}" if self.shard else ""
        return f"{stem}{part}{ending}"
