"""Change sets: what AWS says it would do to a stack, before it does it."""

import time
from dataclasses import dataclass
from typing import Any

from deploy.stackctl.errors import StackError, UsageError
from deploy.stackctl.stage import StackSpec

# AUTO_EXPAND, because AWS writes the function that rotates secrets into the data stack.
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
POLL_S = 2.0
_NOTHING = ("didn't contain changes", "No updates are to be performed")
#: A stack that only ever was a change set; it has no resources.
_EMPTY = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True)
class Change:
    """What would happen to one resource."""

    action: str  # Add, Modify, Remove, Import, Dynamic
    replacement: str  # True, Conditional, False, or empty where it makes no sense
    type: str
    logical_id: str
    scope: tuple[str, ...]  # Properties, Tags, ...

    @property
    def mark(self) -> str:
        """One word: `REPLACE` is made anew, with a new name and without its data."""
        if self.action == "Modify" and self.replacement == "True":
            return "REPLACE"
        if self.action == "Modify" and self.replacement == "Conditional":
            return "replace?"
        return {"Add": "add", "Modify": "change", "Remove": "REMOVE"}.get(self.action, self.action)


@dataclass(frozen=True)
class ChangeSet:
    """A change set that AWS has worked out; no changes means that nothing is to be done."""

    arn: str
    stack: StackSpec
    is_new: bool
    changes: tuple[Change, ...]


def status_of(client: Any, stack: StackSpec) -> str:
    """The status of the stack; empty when there is none."""
    try:
        found = client.describe_stacks(StackName=stack.full_name)["Stacks"]
    except client.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return ""
        raise
    return str(found[0]["StackStatus"])


def work_out(client: Any, stack: StackSpec, *, role: str = "") -> ChangeSet:
    """Ask AWS what would change. StackError when the stack's state or AWS refuses it."""
    status = status_of(client, stack)
    _check_status(stack, status)
    is_new = status in {"", _EMPTY}
    try:
        arn = client.create_change_set(
            StackName=stack.full_name,
            ChangeSetName=f"stackctl-{time.time_ns()}",
            ChangeSetType="CREATE" if is_new else "UPDATE",
            TemplateBody=stack.body,
            Parameters=_parameters(stack, set() if is_new else _parameters_of(client, stack)),
            Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
            Capabilities=CAPABILITIES,
            **({"RoleARN": role} if role else {}),
        )["Id"]
    except client.exceptions.ClientError as error:
        if any(text in str(error) for text in _NOTHING):
            return ChangeSet("", stack, is_new, ())
        raise
    return ChangeSet(arn, stack, is_new, _changes_of(client, stack, arn))


def _parameters_of(client: Any, stack: StackSpec) -> set[str]:
    """The names of the parameters that the stack has a value for."""
    about = client.describe_stacks(StackName=stack.full_name)["Stacks"][0]
    return {one["ParameterKey"] for one in about.get("Parameters", [])}


def _parameters(stack: StackSpec, known: set[str]) -> list[dict[str, Any]]:
    if missing := [name for name in stack.kept if name not in known]:
        raise UsageError(
            f"{stack.full_name} needs a value for {', '.join(missing)}: "
            "in the parameter file, or by --set Name=value"
        )
    values: list[dict[str, Any]] = [
        {"ParameterKey": key, "ParameterValue": value}
        for key, value in sorted(stack.parameters.items())
    ]
    return values + [{"ParameterKey": name, "UsePreviousValue": True} for name in stack.kept]


def _check_status(stack: StackSpec, status: str) -> None:
    if status == "ROLLBACK_COMPLETE":
        raise UsageError(
            f"{stack.full_name} failed when it was first made and holds nothing: delete it "
            f"(aws cloudformation delete-stack --stack-name {stack.full_name}) and come again"
        )
    if status.endswith("_IN_PROGRESS") and status != _EMPTY:
        raise UsageError(f"{stack.full_name} is at work ({status}): wait until it is done")
    if status.endswith("ROLLBACK_FAILED"):
        raise UsageError(f"{stack.full_name} is stuck ({status}): see runbooks/rollback.md")


def _changes_of(client: Any, stack: StackSpec, arn: str) -> tuple[Change, ...]:
    while True:
        answer = client.describe_change_set(ChangeSetName=arn, StackName=stack.full_name)
        status, reason = answer["Status"], answer.get("StatusReason", "")
        if status == "CREATE_COMPLETE":
            return _all_changes(client, stack, answer)
        if status == "FAILED" and any(text in reason for text in _NOTHING):
            return ()
        if status == "FAILED":
            raise StackError(f"{stack.full_name}: {reason}")
        time.sleep(POLL_S)


def _all_changes(client: Any, stack: StackSpec, answer: dict[str, Any]) -> tuple[Change, ...]:
    found = list(answer.get("Changes", []))
    while "NextToken" in answer:
        answer = client.describe_change_set(
            ChangeSetName=answer["ChangeSetId"],
            StackName=stack.full_name,
            NextToken=answer["NextToken"],
        )
        found += answer.get("Changes", [])
    return tuple(_change(one["ResourceChange"]) for one in found if "ResourceChange" in one)


def _change(about: dict[str, Any]) -> Change:
    return Change(
        action=about["Action"],
        replacement=about.get("Replacement", ""),
        type=about["ResourceType"],
        logical_id=about["LogicalResourceId"],
        scope=tuple(about.get("Scope", ())),
    )


def discard(client: Any, change_set: ChangeSet) -> None:
    """Take the change set back, and with it the empty stack that a plan for a new one makes."""
    name = change_set.stack.full_name
    if not change_set.arn:
        return
    client.delete_change_set(ChangeSetName=change_set.arn, StackName=name)
    if change_set.is_new and status_of(client, change_set.stack) == _EMPTY:
        client.delete_stack(StackName=name)


def table(change_set: ChangeSet) -> str:
    """The changes, a line each, what destroys something first."""
    if not change_set.changes:
        return f"{change_set.stack.full_name}: nothing changes"
    order = ("REPLACE", "REMOVE", "replace?", "change", "add")
    changes = sorted(
        change_set.changes,
        key=lambda one: (order.index(one.mark) if one.mark in order else -1, one.logical_id),
    )
    head = f"{change_set.stack.full_name}: {'new, ' if change_set.is_new else ''}{_sum(changes)}"
    lines = [
        f"  {one.mark:<9} {one.type:<44} {one.logical_id}{_scope(one)}".rstrip() for one in changes
    ]
    return "\n".join([head, *lines])


def _sum(changes: list[Change]) -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.mark] = counts.get(change.mark, 0) + 1
    return ", ".join(f"{count} {mark}" for mark, count in counts.items())


def _scope(change: Change) -> str:
    is_telling = change.action == "Modify" and change.scope
    return f"  ({', '.join(change.scope)})" if is_telling else ""
