"""What `models list --json` tells of each model, for programs to read."""

import json
from collections.abc import Sequence
from typing import Any

from models import catalog
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.provenance import sources_of, told
from models.running.extra import installed


def as_json(specs: Sequence[ModelSpec]) -> str:
    """{"models": [...]}, one object for each row; ASCII, whatever the pipe's encoding."""
    return json.dumps({"models": [_facts(spec) for spec in specs]}, indent=2)


def _facts(spec: ModelSpec) -> dict[str, Any]:
    """Sizes are in bytes. here: the weights are on this machine; installed: so is the package that
    they run with. commercial: free for commercial use, and conditions what it takes otherwise."""
    return {
        "name": spec.name,
        "label": spec.label,
        "family": spec.family,
        "group": spec.group,
        "summary": spec.summary,
        "paints": spec in catalog.PAINTERS,
        "tells_depth": spec in catalog.DEPTHS,
        "licence": spec.licence,
        "licences": spec.licences,
        "commercial": not spec.conditions,
        "conditions": spec.conditions or None,
        "meaning": spec.meaning,
        "page": spec.page,
        "gated": spec.gated,
        "verified": spec.verified,
        "prompts": sorted(spec.prompts),
        "needs_prompt": spec.needs_prompt,
        "soft": spec.soft,
        "engine": spec.engine,
        "parameters": spec.parameters or None,
        "extra": spec.extra,
        "installed": installed(spec),
        "here": weights.cached(spec),
        "download_bytes": spec.download_bytes,
        "bytes_here": weights.size_on_disk(spec),
        "weights": told(sources_of(spec), reading=False),
    }
