"""Reads the CloudFormation templates of `cfn/` with every short form (`!Ref x`) written out."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "cfn"
#: In the order in which they are made: each imports only what an earlier one exports.
LAYERS = ("network", "data", "app", "web", "mail", "observability", "cicd")
#: In the standby region, in the same order; `app` follows there when it has to take over.
STANDBY = ("network", "region")
#: One box instead of the layers.
SINGLE = "single"

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags; a date stays the text that it is there."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _written_out(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any = None
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _written_out)


def path_of(name: str) -> Path:
    """Where the template of this stack lies."""
    return FOLDER / f"{name}.yaml"


def parse(text: str) -> Template:
    """The template in this text."""
    template: Template = yaml.load(text, Loader=_Loader)  # noqa: S506 - a child of SafeLoader
    return template


def load(name: str) -> Template:
    """The template of this stack."""
    return parse(path_of(name).read_text())
