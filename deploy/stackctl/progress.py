"""Follows a stack while AWS works on it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deploy.stackctl.errors import StackError
from deploy.stackctl.stage import StackSpec

POLL_S = 3.0
_ENDS = ("_COMPLETE", "_FAILED")
_STACK = "AWS::CloudFormation::Stack"
#: What befalls resources only because another one failed.
_CONSEQUENCE = ("Resource creation cancelled", "Resource update cancelled")


@dataclass(frozen=True)
class Event:
    """One step of one resource, `seconds` after the change began."""

    id: str
    seconds: float
    logical_id: str
    type: str
    status: str
    reason: str

    @property
    def is_failure(self) -> bool:
        """Whether this is a cause of the failure, not its consequence."""
        return self.status.endswith("_FAILED") and not self.reason.startswith(_CONSEQUENCE)


class Follower:
    """Prints what happens to a stack from now on, until it has come to rest."""

    def __init__(self, client: Any, stack: StackSpec, say: Callable[[str], None]) -> None:
        self._client = client
        self._stack = stack
        self._say = say
        self._began = time.time()
        self._seen = {event["EventId"] for event in self._raw()}
        self._failures: list[Event] = []

    def until_done(self) -> None:
        """Return when the stack is as asked for; StackError with the causes when it is not."""
        while True:
            status = self._status()
            self._say_new()
            if status.endswith(_ENDS) and "CLEANUP" not in status:
                break
            time.sleep(POLL_S)
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise StackError(self._why(status))

    def _status(self) -> str:
        found = self._client.describe_stacks(StackName=self._stack.full_name)["Stacks"]
        return str(found[0]["StackStatus"])

    def _say_new(self) -> None:
        for raw in reversed(self._raw()):
            if raw["EventId"] in self._seen:
                continue
            self._seen.add(raw["EventId"])
            event = self._event(raw)
            if event.is_failure:
                self._failures.append(event)
            self._say(line(event))

    def _raw(self) -> list[dict[str, Any]]:
        """All events there are, the newest first."""
        pages = self._client.get_paginator("describe_stack_events")
        found: list[dict[str, Any]] = []
        for page in pages.paginate(StackName=self._stack.full_name):
            found += page["StackEvents"]
        return found

    def _event(self, raw: dict[str, Any]) -> Event:
        return Event(
            id=raw["EventId"],
            seconds=max(0.0, raw["Timestamp"].timestamp() - self._began),
            logical_id=raw["LogicalResourceId"],
            type=raw["ResourceType"],
            status=raw["ResourceStatus"],
            reason=raw.get("ResourceStatusReason", ""),
        )

    def _why(self, status: str) -> str:
        causes = [
            f"  {event.logical_id} ({event.type}): {event.reason}"
            for event in self._failures
            if event.type != _STACK
        ]
        return "\n".join([f"{self._stack.full_name}: {status}", *causes])


def line(event: Event) -> str:
    """`   12 s  CREATE_COMPLETE       AWS::EC2::VPC  Vpc`."""
    text = f"{event.seconds:6.0f} s  {event.status:<36} {event.type:<44} {event.logical_id}"
    return f"{text}\n          {event.reason}" if event.is_failure else text
