"""Data written as YAML, every text in quotes.

Which plain texts are safe differs between YAML 1.1, which the library writes, and 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml


class _Quoting(yaml.SafeDumper):
    pass


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


@dataclass(frozen=True)
class Again:
    """As a key, one that is written like another of the same mapping."""

    key: str


def _again(dumper: yaml.SafeDumper, again: Again) -> yaml.ScalarNode:
    return _quoted(dumper, again.key)


_Quoting.add_representer(str, _quoted)
_Quoting.add_representer(Again, _again)


def dump(data: object, *, flow: bool = False) -> str:
    return yaml.dump(data, Dumper=_Quoting, default_flow_style=flow, allow_unicode=True)
