"""Workers of a cluster that have the model of `batch_cli` from the moment they import this."""

from photos.batch.cluster.worker import Worker
from tests.batch_cli import dress

dress()


class Dressed(Worker):
    pass
