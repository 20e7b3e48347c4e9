"""`python cluster_cli.py batch IN OUT --ray ADDRESS …`: as `batch_cli`, for a cluster's workers too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from photos.batch.cluster import driving
from tests.cluster_workers import Dressed

if __name__ == "__main__":
    driving.Worker = Dressed  # type: ignore[misc]

    import cli

    cli.main()
