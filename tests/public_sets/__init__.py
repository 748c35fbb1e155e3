"""Small fixed parts of public sets, kept here so that no test that needs them is left out; SOURCES.md says whose words they are.

`DATA_DIR` names a folder with the whole sets, in the same layout: the tests then use those.
"""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
KEPT_WHOLE = ("summedits/summedits_samsum.json",)
"""Here in full, in a layout of our own."""


def public(name: str) -> Path:
    """A file of a set, such as `banking77/test.csv`: the whole one of `DATA_DIR` where it is there, else the part kept here."""
    whole = Path(os.environ.get("DATA_DIR", HERE)) / name
    return whole if whole.exists() and name not in KEPT_WHOLE else HERE / name
