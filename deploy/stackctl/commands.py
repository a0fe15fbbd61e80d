"""plan, apply, outputs and drift, each over the chosen stacks in their order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import boto3

from deploy.stackctl import changes, stage
from deploy.stackctl.errors import StackError, UsageError
from deploy.stackctl.progress import Follower

Say = Callable[[str], None]


@dataclass(frozen=True)
class Work:
    """What a command works on and how it talks."""

    stacks: Sequence[stage.StackSpec]
    role: str
    say: Say
    confirm: Callable[[str], bool]


@lru_cache
def client_of(region: str) -> Any:
    """CloudFormation in this region."""
    return boto3.client("cloudformation", region_name=region)


def plan(work: Work) -> int:
    """Say what apply would do, and leave nothing behind. The number of stacks that would change."""
    changing = 0
    for stack in work.stacks:
        client = client_of(stack.region)
        try:
            change_set = changes.work_out(client, stack, role=work.role)
        except StackError as error:
            if "No export named" not in str(error):
                raise
            work.say(f"{stack.full_name}: new; imports from a stack that is not there yet")
            changing += 1
            continue
        work.say(changes.table(change_set))
        changes.discard(client, change_set)
        changing += bool(change_set.changes)
    return changing


def apply(work: Work) -> int:
    """Bring each stack to what its template says; the number of stacks that changed.

    A stack that fails ends the command: the later ones build on it.
    """
    changed = 0
    for stack in work.stacks:
        client = client_of(stack.region)
        change_set = changes.work_out(client, stack, role=work.role)
        work.say(changes.table(change_set))
        if not change_set.changes:
            changes.discard(client, change_set)
        elif work.confirm(f"Apply this to {stack.full_name}?"):
            _execute(client, change_set, work.say)
            changed += 1
        else:
            changes.discard(client, change_set)
            raise UsageError(f"{stack.full_name} was left as it is, and what comes after it, too")
        client.update_termination_protection(
            EnableTerminationProtection=True, StackName=stack.full_name
        )
    return changed


def _execute(client: Any, change_set: changes.ChangeSet, say: Say) -> None:
    began = time.monotonic()
    follower = Follower(client, change_set.stack, say)
    client.execute_change_set(ChangeSetName=change_set.arn, StackName=change_set.stack.full_name)
    follower.until_done()
    say(f"{change_set.stack.full_name}: done in {time.monotonic() - began:.0f} s")


def outputs(work: Work) -> dict[str, dict[str, str]]:
    """The outputs of each stack that is there, by the stack's short name."""
    found = {}
    for stack in work.stacks:
        client = client_of(stack.region)
        if changes.status_of(client, stack):
            about = client.describe_stacks(StackName=stack.full_name)["Stacks"][0]
            found[stack.name] = {
                one["OutputKey"]: one["OutputValue"] for one in about.get("Outputs", [])
            }
    return found


def drift(work: Work) -> int:
    """Say what was changed past the templates; the number of such resources."""
    drifted = 0
    for stack in work.stacks:
        client = client_of(stack.region)
        detection = client.detect_stack_drift(StackName=stack.full_name)["StackDriftDetectionId"]
        _wait_for_drift(client, detection)
        found = client.describe_stack_resource_drifts(
            StackName=stack.full_name, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
        )["StackResourceDrifts"]
        work.say(f"{stack.full_name}: {len(found)} resources differ from the template")
        for one in found:
            work.say(_drift_line(one))
        drifted += len(found)
    return drifted


def _wait_for_drift(client: Any, detection: str) -> None:
    while True:
        state = client.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        if state["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if state["DetectionStatus"] == "DETECTION_FAILED":
            raise StackError(state.get("DetectionStatusReason", "drift detection failed"))
        time.sleep(changes.POLL_S)


def _drift_line(one: dict[str, Any]) -> str:
    paths = ", ".join(part["PropertyPath"] for part in one.get("PropertyDifferences", []))
    status = one["StackResourceDriftStatus"]
    return f"  {status:<9} {one['ResourceType']:<44} {one['LogicalResourceId']}  {paths}".rstrip()
