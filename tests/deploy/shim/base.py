"""What the shim's own resource types have in common."""

import copy
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import boto3
from moto.core.common_models import CloudFormationModel

REGION = "us-east-1"

Properties = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a template asks for: one resource with every reference in it resolved."""

    type: str
    logical_id: str
    name: str  # one that CloudFormation would make up
    properties: Properties
    region: str
    stack_id: str


@dataclass
class Made:
    """What was made: what Ref and GetAtt give."""

    id: str
    attributes: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[Asked], Made]

#: What the stacks asked for of the shim's types: (account, stack's name, logical name) to the
#: resolved properties, for what moto's API does not give back.
kept: dict[tuple[str, str, str], Properties] = {}


def account_id() -> str:
    """The account that is open; moto keeps several apart by this variable."""
    return os.environ["MOTO_ACCOUNT_ID"]


@lru_cache
def client(service: str, region: str = REGION) -> Any:
    """A client inside moto; one for all, since making one takes longer than most calls."""
    return boto3.client(service, region_name=region)


def register(type_name: str, make: Maker) -> None:
    """Teach moto's CloudFormation the type; `make` is called for each such resource."""

    def create(
        cls: Any, name: str, template: Properties, account_id: str, region: str, **about: Any
    ) -> Any:
        properties = template.get("Properties", {})
        asked = Asked(type_name, about["LogicalId"], name, properties, region, about["StackId"])
        stack_name = asked.stack_id.split("/")[1]
        kept[account_id, stack_name, asked.logical_id] = copy.deepcopy(properties)
        return cls(asked, make(asked))

    # moto finds types among the direct children of CloudFormationModel, and takes the second part
    # of the module's name for the service.
    type(
        type_name.replace("::", ""),
        (CloudFormationModel,),
        {
            "__module__": "moto.shim.models",
            "__init__": _init,
            "physical_resource_id": property(lambda self: self.made.id),
            "get_cfn_attribute": _attribute,
            "is_created": lambda _self: True,
            "has_cfn_attr": classmethod(lambda _cls, _attribute: True),
            "cloudformation_name_type": staticmethod(lambda: ""),
            "cloudformation_type": staticmethod(lambda: type_name),
            "create_from_cloudformation_json": classmethod(create),
        },
    )


def _init(self: Any, asked: Asked, made: Made) -> None:
    self.asked = asked
    self.made = made


def _attribute(self: Any, name: str) -> Any:
    if name not in self.made.attributes:
        raise AssertionError(f"{self.asked.logical_id} ({self.asked.type}) has no {name} here")
    return self.made.attributes[name]
