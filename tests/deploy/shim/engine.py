"""Mends moto's reading of templates, and opens an account in which our stacks can be made."""

import ipaddress
import itertools
import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from moto import mock_aws
from moto.cloudformation import models, parsing
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.models import MockAWS
from moto.core.responses import ActionResult

from deploy import templates
from tests.deploy.shim import adapters, completed, recorded
from tests.deploy.shim.base import client, kept

_clean_json = parsing.clean_json
_SECRET = re.compile(r"\{\{resolve:secretsmanager:(.+?):SecretString:([^:}]+)(?::[^}]*)?\}\}")
#: Images that AWS itself publishes, by the path of their public parameter.
_PUBLIC_PARAMETER = "/aws/service/"
_IMAGE = "ami-0abcdef1234567890"

adapters.register_all()
recorded.register_all()


_numbers = itertools.count(123456789012)


@contextmanager
def account() -> Iterator[str]:
    """An empty AWS account with the shim in place, by its number.

    Another one may be open around it; they do not see each other.
    """
    with ExitStack() as stack:
        if not MockAWS._nested_count:
            for patch in _patches():
                stack.enter_context(patch)
            stack.callback(client.cache_clear)
            stack.callback(kept.clear)
        stack.enter_context(mock_aws())
        number = str(next(_numbers))
        stack.enter_context(mock.patch.dict(os.environ, {"MOTO_ACCOUNT_ID": number}))
        yield number


def _patches() -> list[Any]:
    backend, change_set = models.CloudFormationBackend, models.ChangeSet
    return [
        mock.patch.object(parsing, "clean_json", clean_json),
        mock.patch.object(models.Stack, "parse_template", staticmethod(templates.parse)),
        mock.patch.object(change_set, "_parse_template", _parse_change_set),
        mock.patch.object(backend, "execute_change_set", _execute(backend.execute_change_set)),
        mock.patch.object(parsing.ResourceMap, "parse_ssm_parameter", _public_parameter),
        mock.patch.object(
            CloudFormationResponse,
            "update_termination_protection",
            _update_termination_protection,
            create=True,
        ),
        # It knows fewer attributes than there are; a wrong one fails when it is asked for.
        mock.patch.object(parsing.ResourceMap, "validate_outputs"),
        *completed.patches(),
    ]


def clean_json(value: Any, resources: Any) -> Any:
    """moto's own, with Fn::Cidr, Fn::GetAZs of a region, dotted attributes, and dynamic references."""
    if isinstance(value, dict):
        if "Fn::Cidr" in value:
            return _cidr(*(clean_json(part, resources) for part in value["Fn::Cidr"]))
        if "Fn::GetAZs" in value:
            region = clean_json(value["Fn::GetAZs"], resources) or resources["AWS::Region"]
            return [f"{region}{zone}" for zone in "abc"]
        if "Fn::GetAtt" in value:
            name, *path = value["Fn::GetAtt"]
            value = {"Fn::GetAtt": [name, ".".join(path)]}
    if isinstance(value, list):  # AWS::NoValue leaves no hole
        return [part for one in value if (part := clean_json(one, resources)) is not None]
    cleaned = _clean_json(value, resources)
    if isinstance(cleaned, str) and "{{resolve:" in cleaned and "${" not in cleaned:
        return _SECRET.sub(_secret_value, cleaned)
    return cleaned


def _cidr(block: str, count: Any, bits: Any = 8) -> list[str]:
    subnets = ipaddress.ip_network(block).subnets(new_prefix=32 - int(bits))
    return [str(subnet) for subnet, _ in zip(subnets, range(int(count)), strict=False)]


def _secret_value(found: re.Match[str]) -> str:
    name, key = found.groups()
    secret = client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    return str(json.loads(secret)[key])


def _parse_change_set(change_set: Any) -> None:
    change_set.template_dict = templates.parse(change_set.template)


def _execute(original: Any) -> Any:
    """moto's change set of a new stack knows no imports, and its exports reach nobody."""

    def execute(backend: Any, change_set_name: str, stack_name: str | None = None) -> None:
        change_set = _change_set_of(backend, change_set_name, stack_name)
        if change_set.change_set_type == "CREATE":
            _create_stack(backend, change_set)
        else:
            original(backend, change_set.change_set_id, stack_name)

    return execute


def _change_set_of(backend: Any, name: str, stack_name: str | None) -> Any:
    for change_set in backend.change_sets.values():
        if name in {change_set.change_set_id, change_set.change_set_name} and stack_name in {
            None,
            change_set.stack_id,
            change_set.stack_name,
        }:
            return change_set
    raise models.ValidationError(stack_name)


def _create_stack(backend: Any, change_set: Any) -> None:
    stack = change_set.stack
    stack.template, stack.template_dict = change_set.template, change_set.template_dict
    stack.description = stack.template_dict.get("Description")
    stack.parameters = change_set.parameters
    stack.tags = change_set.tags or {}
    stack.cross_stack_resources = backend.exports
    stack.resource_map = stack._create_resource_map()
    _drop_absent_outputs(stack)
    stack.output_map = stack._create_output_map()
    stack._add_stack_event("CREATE_IN_PROGRESS", resource_status_reason="User Initiated")
    stack.resource_map.create(stack.template_dict)
    backend._validate_export_uniqueness(stack)
    backend.exports.update({export.name: export for export in stack.exports})
    change_set.execution_status = "EXECUTE_COMPLETE"
    stack.status = "CREATE_COMPLETE"
    stack._add_stack_event("CREATE_COMPLETE")


def _drop_absent_outputs(stack: Any) -> None:
    """moto's exports do not look at the condition of an output."""
    conditions = stack.resource_map.lazy_condition_map
    stack.template_dict["Outputs"] = {
        name: output
        for name, output in stack.template_dict.get("Outputs", {}).items()
        if "Condition" not in output or conditions[output["Condition"]]
    }


_stored_parameter = parsing.ResourceMap.parse_ssm_parameter


def _public_parameter(resources: Any, value: str, value_type: str) -> str:
    if value.startswith(_PUBLIC_PARAMETER):
        return _IMAGE
    return _stored_parameter(resources, value, value_type)


def _update_termination_protection(call: Any) -> ActionResult:
    stack = call.cloudformation_backend.get_stack(call._get_param("StackName"))
    stack.enable_termination_protection = call._get_bool_param("EnableTerminationProtection")
    return ActionResult({"StackId": stack.stack_id})
