"""Reads the YAML files that ship with the product and those a user gives, safely, and with the fast parser where it was built."""

from __future__ import annotations

from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser reads the same language some ten times faster; a PyYAML built without libyaml has none."""


def read(text: str) -> Any:
    """The value a YAML text holds: plain data only. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)
