"""The page, whose visits end a second after their tabs, and whose downloads do so after they were
made; the file COUNTS tells what there is."""

import gc
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.stats import CacheStat

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import app as page  # noqa: E402
from ui import downloads, visits  # noqa: E402

WITH_SESSIONS = RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED
KINDS = {"Bench", "Tray", "Cut", "Job", "UploadedFile"}


def count() -> None:
    while not exists() or get_instance().state is not WITH_SESSIONS:
        time.sleep(0.2)
    while True:
        there = Counter(type(each).__name__ for each in gc.get_objects())
        counts = {kind: there[kind] for kind in KINDS}
        stats = get_instance().stats_mgr.get_stats(["cache_memory_bytes"])["cache_memory_bytes"]
        counts["media"] = sum(
            stat.byte_length
            for stat in stats
            if isinstance(stat, CacheStat) and stat.category_name == "st_memory_media_file_storage"
        )
        partial = Path(os.environ["COUNTS"] + ".part")
        partial.write_text(json.dumps(counts))
        partial.replace(os.environ["COUNTS"])
        time.sleep(0.2)


visits.KEPT = downloads.HELD = 1
threading.Thread(target=count, daemon=True).start()

app = st.App(page.__file__, **page.around())
