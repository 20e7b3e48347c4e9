"""What a load or a run changes for a while is its own thread's affair."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn
from torch.nn.modules import module

from models.interface import Cancelled
from models.networks import checkpoint
from models.running.stages import checked_modules, recording


def test_a_load_gives_no_other_thread_the_device_without_numbers() -> None:
    both = threading.Barrier(2)

    def build() -> nn.Linear:
        both.wait(10)
        network = nn.Linear(2, 3)
        both.wait(10)
        return network

    def load() -> torch.device:
        return checkpoint.load(build, nn.Linear(2, 3).state_dict()).weight.device

    def compute() -> torch.device:
        both.wait(10)
        made = torch.ones(1).device
        both.wait(10)
        return made

    with ThreadPoolExecutor(2) as threads:
        loaded, computed = threads.submit(load), threads.submit(compute)
        assert loaded.result() == computed.result() == torch.device("cpu")


def test_stopping_one_run_does_not_stop_another_nor_outlast_it() -> None:
    """The second begins in the first and ends after it."""
    both, network = threading.Barrier(2), nn.Linear(2, 3)

    def stop() -> None:
        raise Cancelled

    def first() -> None:
        with recording(), checked_modules():
            both.wait(10)
            both.wait(10)
            network(torch.ones(2))
        both.wait(10)

    def second() -> None:
        both.wait(10)
        with recording(check=stop), checked_modules():
            both.wait(10)
            both.wait(10)
            with pytest.raises(Cancelled):
                network(torch.ones(2))

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(first), threads.submit(second)]:
            done.result()
    assert not module._global_forward_pre_hooks
