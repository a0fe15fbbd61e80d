"""An AWS account in memory with our stacks in it, made by stackctl as an operator would."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy import templates
from deploy.stackctl import __main__ as stackctl
from deploy.stackctl import commands, stage
from tests.deploy import shim
from tests.deploy.shim.base import account_id, client, kept

#: What the operator fills in (the parameter files have placeholders there), and a release brings.
FILLED_IN = {
    "AlarmEmail": "ops@example.org",
    "MailDomain": "example.org",
    "MailFrom": "Jyoti <hello@example.org>",
    "ReleaseSha256": "ab" * 32,
    "ReleaseVersion": "1.2.3",
    "Repository": "example/jyoti",
    "SiteDomain": "photos.example.org",
}


@dataclass(frozen=True)
class Deployed:
    """Stacks that were made, and how to ask about them."""

    account: str
    stage: stage.Stage
    names: tuple[str, ...]

    def client(self, service: str) -> Any:
        """A client in the region of these stacks."""
        return client(service, self.stage.region)

    def resources(self, name: str) -> dict[str, str]:
        """The physical id of each resource of a stack, by its name in the template."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for page in pages.paginate(StackName=self.full_name(name))
            for one in page["StackResourceSummaries"]
            if one.get("LogicalResourceId")
        }

    def asked(self, name: str, logical_id: str) -> dict[str, Any]:
        """What a stack asked for, for what moto's API does not give back."""
        return kept[self.account, self.full_name(name), logical_id]

    def outputs(self, name: str) -> dict[str, str]:
        """What a stack tells."""
        stacks = self.client("cloudformation").describe_stacks(StackName=self.full_name(name))
        return {one["OutputKey"]: one["OutputValue"] for one in stacks["Stacks"][0]["Outputs"]}

    def full_name(self, name: str) -> str:
        """`jyoti-prod-network`."""
        return f"{self.stage.project}-{self.stage.name}-{name}"


@contextmanager
def deployed(stage_name: str, names: Sequence[str] = (), **given: str) -> Iterator[Deployed]:
    """These stacks of the stage, else all layers, in an account of their own."""
    with shim.account():
        yield add(stage_name, names, **given)


def add(
    stage_name: str, names: Sequence[str] = (), *, is_standby: bool = False, **given: str
) -> Deployed:
    """Make stacks in the account that is open."""
    here = stage.load(stage_name, is_standby=is_standby)
    chosen = stage.chosen(names, is_standby=is_standby)
    facts = {**FILLED_IN, "HostedZoneId": hosted_zone(), **given}
    declared = {key for name in chosen for key in templates.load(name).get("Parameters", {})}
    options = [f"--set={key}={value}" for key, value in facts.items() if key in declared]
    output = run(
        "apply",
        "--stage",
        stage_name,
        "--yes",
        *options,
        *chosen,
        *(["--standby"] if is_standby else []),
    )
    assert output[0] == 0, output[1]
    return Deployed(account_id(), here, tuple(chosen))


def run(*arguments: str) -> tuple[int, str]:
    """What stackctl answers: its exit code and all it printed."""
    commands.client_of.cache_clear()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = stackctl.main(list(arguments))
    return code, said.getvalue()


def hosted_zone() -> str:
    """The zone of the site, made at the first call."""
    route53 = client("route53")
    for zone in route53.list_hosted_zones()["HostedZones"]:
        return str(zone["Id"]).split("/")[-1]
    made = route53.create_hosted_zone(Name="example.org", CallerReference="tests")
    return str(made["HostedZone"]["Id"]).split("/")[-1]
