"""`python cluster_cli.py batch IN OUT --ray ADDRESS …`: as `batch_cli`, and so are the workers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from photos.batch.cluster import driving
from tests.cluster_workers import Dressed

if __name__ == "__main__":
    vars(driving)["Worker"] = Dressed

    import cli

    cli.main()
