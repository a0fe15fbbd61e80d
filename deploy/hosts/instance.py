"""One EC2 instance: what it is told by its metadata, and its place behind the load balancer."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

METADATA = "http://169.254.169.254/latest"
TIMEOUT_S = 3
POLL_S = 2.0


def metadata(path: str, *, base: str = METADATA) -> str:
    """One value by IMDSv2; empty where the instance has none. Raises OSError without an answer."""
    ask_for_token = urllib.request.Request(  # noqa: S310  the address is fixed
        f"{base}/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    )
    token = _read(ask_for_token)
    asking = urllib.request.Request(  # noqa: S310
        f"{base}/meta-data/{path}", headers={"X-aws-ec2-metadata-token": token}
    )
    try:
        return _read(asking)
    except urllib.error.HTTPError as error:
        if error.code == 404:  # noqa: PLR2004
            return ""
        raise


def _read(request: urllib.request.Request) -> str:
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        text: str = answer.read().decode()
    return text.strip()


@dataclass(frozen=True, slots=True)
class Instance:
    """One host: its id, its target groups, its Auto Scaling group and the hook of its end.

    A box without a load balancer has no target groups, and nothing here does anything.
    """

    id: str
    target_groups: tuple[str, ...]
    group: str
    hook: str

    @classmethod
    def here(cls, environ: Mapping[str, str] = os.environ, *, base: str = METADATA) -> "Instance":
        """The instance that this runs on, by /etc/jyoti/stage.env and the metadata."""
        arns = tuple(arn for arn in environ.get("JYOTI_TARGET_GROUPS", "").split(",") if arn)
        return cls(
            id=metadata("instance-id", base=base) if arns else "",
            target_groups=arns,
            group=environ.get("JYOTI_GROUP", ""),
            hook=environ.get("JYOTI_HOOK", ""),
        )

    def leave(self) -> None:
        """Ask the load balancer to send nobody new."""
        for arn in self.target_groups:
            _balancer().deregister_targets(TargetGroupArn=arn, Targets=[{"Id": self.id}])

    def join(self) -> None:
        """Ask the load balancer to send people again."""
        for arn in self.target_groups:
            _balancer().register_targets(TargetGroupArn=arn, Targets=[{"Id": self.id}])

    def wait_until_gone(self, *, within_s: float) -> bool:
        """Whether the balancer let the last request end within that time."""
        end = time.monotonic() + within_s
        while any(self._is_draining(arn) for arn in self.target_groups):
            if time.monotonic() > end:
                return False
            time.sleep(POLL_S)
        return True

    def _is_draining(self, arn: str) -> bool:
        health = _balancer().describe_target_health(TargetGroupArn=arn, Targets=[{"Id": self.id}])
        states = [each["TargetHealth"]["State"] for each in health["TargetHealthDescriptions"]]
        return "draining" in states

    def let_it_end(self) -> None:
        """Tell Auto Scaling that it need not wait for this host any longer."""
        boto3.client("autoscaling").complete_lifecycle_action(
            AutoScalingGroupName=self.group,
            LifecycleHookName=self.hook,
            InstanceId=self.id,
            LifecycleActionResult="CONTINUE",
        )


def _balancer() -> Any:
    return boto3.client("elbv2")
