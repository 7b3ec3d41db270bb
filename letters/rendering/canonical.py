"""The one way in which facts are written before they are hashed or embedded."""

import json
from collections.abc import Mapping


def canonical(payload: Mapping[str, object]) -> bytes:
    """The facts as the one JSON text that has this meaning: sorted, without spaces, UTF-8."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
