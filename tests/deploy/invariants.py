"""What must be true of the templates together; each check returns its faults, a line each.

Here is what cfn-lint does not know (it reads one template at a time) and moto does not validate.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from deploy import templates
from deploy.stackctl.stage import LONGEST_TEMPLATE
from tests.deploy.places import PLACES, value_of
from tests.deploy.sources import STACKS, Sources

Check = Callable[[Sources], list[str]]
CHECKS: dict[str, Check] = {}
RULES = {"AWS::EC2::SecurityGroup": "SecurityGroupIngress"}
CONDITION_OF_GITHUB = "token.actions.githubusercontent.com:sub"


def check(function: Callable[[Sources], Iterator[str]]) -> Check:
    """Register it under its name."""

    def run(sources: Sources) -> list[str]:
        return list(function(sources))

    CHECKS[function.__name__] = run
    return run


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in it."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def ways_in(sources: Sources, stack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every ingress rule, with the name of the group that it opens."""
    for name, group in sources.resources(stack, "AWS::EC2::SecurityGroup").items():
        for rule in group.get("SecurityGroupIngress", []):
            yield name, rule.get("Fn::If", [None, rule])[1]
    for rule in sources.resources(stack, "AWS::EC2::SecurityGroupIngress").values():
        yield rule["GroupId"].get("Ref", str(rule["GroupId"])), rule


def of_type(sources: Sources, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All resources of a type in all stacks: `data.MediaBucket` and its properties."""
    for stack in STACKS:
        for name, properties in sources.resources(stack, kind).items():
            yield f"{stack}.{name}", properties


@check
def constants_agree(sources: Sources) -> Iterator[str]:
    """Every place says what deploy/constants.toml says."""
    for place in PLACES:
        found, wanted = place.read(sources), place.expected(value_of(sources, place.constant))
        if found != wanted:
            yield f"{place.where} says {found}, {place.constant} is {wanted}"


@check
def imports_are_exported_before(sources: Sources) -> Iterator[str]:
    """Every import has its export in an earlier stack of its order."""
    for order in (templates.LAYERS, (*templates.STANDBY, "app"), (templates.SINGLE,)):
        known: set[str] = set()
        for stack in order:
            template = sources.stacks[stack]
            for part in walk(template):
                name = exported_name(part.get("Fn::ImportValue"))
                if name and name not in known:
                    yield f"{stack} imports {name}, which no stack before it exports"
            known |= {
                exported_name(output["Export"]["Name"])
                for output in template.get("Outputs", {}).values()
                if "Export" in output
            }


def exported_name(value: Any) -> str:
    """The text of a name that Fn::Sub puts together."""
    return value.get("Fn::Sub", "") if isinstance(value, dict) else value or ""


@check
def names_are_given_once(sources: Sources) -> Iterator[str]:
    """No two resources of a stage have the same fixed name; the second could not be made."""
    seen: dict[tuple[str, str], str] = {}
    for stack in templates.LAYERS:
        for logical_id, resource in sources.stacks[stack]["Resources"].items():
            kind = resource["Type"]
            given = fixed_name(kind, resource.get("Properties", {}))
            if given is None:
                continue
            where = f"{stack}.{logical_id}"
            if (kind, given) in seen:
                yield f"{where} and {seen[kind, given]} are both {kind} {given}"
            seen[kind, given] = where


def fixed_name(kind: str, properties: dict[str, Any]) -> str | None:
    """The name that a template gives; records and rules may share theirs."""
    if kind.startswith("AWS::Route53::") or kind == "AWS::Logs::MetricFilter":
        return None
    last = kind.rsplit("::", 1)[1]
    for key in ("Name", f"{last}Name", f"{last}Identifier", "AssociationName", "TopicName"):
        if key in properties and kind != "AWS::IAM::Policy":
            return json.dumps(properties[key])
    return None


@check
def only_groups_reach_the_data(sources: Sources) -> Iterator[str]:
    """Database and cache are open to groups, never to addresses."""
    for group, rule in ways_in(sources, "network"):
        if group in {"DatabaseSecurityGroup", "CacheSecurityGroup"}:
            source = rule.get("SourceSecurityGroupId", {}).get("Ref")
            if source not in {"AppSecurityGroup", "RotationSecurityGroup"}:
                yield f"{group} is open to {source or rule}"


@check
def databases_are_not_public(sources: Sources) -> Iterator[str]:
    """No address of the internet, and encrypted."""
    for name, properties in of_type(sources, "AWS::RDS::DBInstance"):
        if properties.get("PubliclyAccessible") is not False:
            yield f"{name} may get a public address"
        # A copy is encrypted by the key that it is given, and says nothing more.
        is_copy = "SourceDBInstanceIdentifier" in properties and "KmsKeyId" in properties
        if properties.get("StorageEncrypted") is not True and not is_copy:
            yield f"{name} is not encrypted"


@check
def databases_and_buckets_are_kept(sources: Sources) -> Iterator[str]:
    """Whoever deletes a stack does not delete what people entrusted to us."""
    kept = {"AWS::S3::Bucket": {"Retain"}, "AWS::RDS::DBInstance": {"Snapshot", "Retain"}}
    for stack in STACKS:
        for name, resource in sources.stacks[stack]["Resources"].items():
            wanted = kept.get(resource["Type"], set())
            is_replica = "SourceDBInstanceIdentifier" in resource.get("Properties", {})
            if wanted and not is_replica and resource.get("DeletionPolicy") not in wanted:
                yield f"{stack}.{name} goes with its stack"


@check
def nobody_comes_by_ssh(sources: Sources) -> Iterator[str]:
    """Port 22 is closed in every layer; the single box opens it only to an address that is given."""
    for stack in STACKS:
        for group, rule in ways_in(sources, stack):
            ports = range(int(rule.get("FromPort", 0)), int(rule.get("ToPort", 65535)) + 1)
            is_open = 22 in ports or rule.get("IpProtocol") == "-1"
            is_given = stack == templates.SINGLE and isinstance(rule.get("CidrIp"), dict)
            if is_open and not is_given:
                yield f"{stack}.{group} is open for port 22"


@check
def balancer_is_open_to_cloudfront_alone(sources: Sources) -> Iterator[str]:
    """Whoever comes past CloudFront comes past its firewall."""
    for group, rule in ways_in(sources, "network"):
        if group == "AlbSecurityGroup" and "SourcePrefixListId" not in rule:
            yield f"{group} is open to {rule.get('CidrIp')}"


@check
def forwarding_asks_for_the_secret(sources: Sources) -> Iterator[str]:
    """A listener forwards nothing by default, and by rule only what carries the header."""
    header = sources.constants["header"]["origin_verify"]
    for name, rule in of_type(sources, "AWS::ElasticLoadBalancingV2::ListenerRule"):
        headers = [one.get("HttpHeaderConfig", {}) for one in rule["Conditions"]]
        if not any(one.get("HttpHeaderName") == header for one in headers):
            yield f"{name} forwards without {header}"
    for name, listener in of_type(sources, "AWS::ElasticLoadBalancingV2::Listener"):
        if [one["Type"] for one in listener["DefaultActions"]] != ["fixed-response"]:
            yield f"{name} forwards what no rule knows"


@check
def hosts_drain_before_they_end(sources: Sources) -> Iterator[str]:
    """Every group of hosts has a hook at termination."""
    hooked = {
        hook["AutoScalingGroupName"]["Ref"]
        for _, hook in of_type(sources, "AWS::AutoScaling::LifecycleHook")
        if hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    }
    for name, _ in of_type(sources, "AWS::AutoScaling::AutoScalingGroup"):
        if name.split(".")[1] not in hooked:
            yield f"{name} ends its hosts without draining them"


@check
def metadata_wants_a_token(sources: Sources) -> Iterator[str]:
    """IMDSv2 only: a page that a host is tricked into fetching gets no credentials."""
    for name, template in of_type(sources, "AWS::EC2::LaunchTemplate"):
        if (
            template["LaunchTemplateData"].get("MetadataOptions", {}).get("HttpTokens")
            != "required"
        ):
            yield f"{name} answers without a token"
    for name, instance in of_type(sources, "AWS::EC2::Instance"):
        if "LaunchTemplate" not in instance and (
            instance.get("MetadataOptions", {}).get("HttpTokens") != "required"
        ):
            yield f"{name} answers without a token"


@check
def user_data_holds_no_secret(sources: Sources) -> Iterator[str]:
    """Everybody on the host can read it."""
    for stack in STACKS:
        for part in walk(sources.stacks[stack]):
            if "UserData" in part and "{{resolve:" in json.dumps(part["UserData"]):
                yield f"{stack} resolves a secret into user data"


@check
def buckets_are_private(sources: Sources) -> Iterator[str]:
    """All four kinds of public access are shut off."""
    for name, bucket in of_type(sources, "AWS::S3::Bucket"):
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if len(block) != 4 or set(block.values()) != {True}:
            yield f"{name} is not private"


@check
def cache_speaks_tls(sources: Sources) -> Iterator[str]:
    """And asks for a token, and is encrypted where it lies."""
    for name, cache in of_type(sources, "AWS::ElastiCache::ReplicationGroup"):
        if not (cache.get("TransitEncryptionEnabled") and cache.get("AtRestEncryptionEnabled")):
            yield f"{name} is not encrypted"
        if cache.get("TransitEncryptionMode", "required") != "required":
            yield f"{name} also speaks without TLS"
        if "AuthToken" not in cache:
            yield f"{name} lets everybody in"


@check
def metrics_come_from_somewhere(sources: Sources) -> Iterator[str]:
    """An alarm or a graph of ours shows only what a filter or the agent makes."""
    namespace = sources.constants["metrics"]["namespace"]
    known = {
        made["MetricName"]
        for _, one in of_type(sources, "AWS::Logs::MetricFilter")
        for made in one["MetricTransformations"]
    } | agent_metrics(sources)
    for name, alarm in of_type(sources, "AWS::CloudWatch::Alarm"):
        for part in walk(alarm):
            if part.get("Namespace") == namespace and part.get("MetricName") not in known:
                yield f"{name} waits for {part.get('MetricName')}, which nobody sends"
    for name, dashboard in of_type(sources, "AWS::CloudWatch::Dashboard"):
        body = json.dumps(dashboard["DashboardBody"]).replace("\\", "")
        for metric in re.findall(rf'\["{namespace}", "(\w+)"', body):
            if metric not in known:
                yield f"{name} shows {metric}, which nobody sends"


def agent_metrics(sources: Sources) -> set[str]:
    """What the CloudWatch agent sends, under the names that it gives them."""
    collected = sources.json("deploy/cloudwatch/agent.json")["metrics"]["metrics_collected"]
    found = set()
    for kind, about in collected.items():
        for one in about if isinstance(about, list) else [about]:
            prefix = f"{kind}_"
            found |= {f"{prefix}{name.removeprefix(prefix)}" for name in one["measurement"]}
    return found


@check
def alarms_tell_somebody(sources: Sources) -> Iterator[str]:
    """An alarm without an action is a light in an empty room."""
    for name, alarm in of_type(sources, "AWS::CloudWatch::Alarm"):
        if not alarm.get("AlarmActions"):
            yield f"{name} tells nobody"


@check
def filters_read_groups_that_are_made(sources: Sources) -> Iterator[str]:
    """And the agent writes to groups that are made; hosts may not make any."""
    groups = sources.resources("observability", "AWS::Logs::LogGroup")
    for name, one in sources.resources("observability", "AWS::Logs::MetricFilter").items():
        if one["LogGroupName"].get("Ref") not in groups:
            yield f"{name} reads {one['LogGroupName']}"


@check
def logs_end_one_day(sources: Sources) -> Iterator[str]:
    """Every group has a retention."""
    for name, group in of_type(sources, "AWS::Logs::LogGroup"):
        if "RetentionInDays" not in group:
            yield f"{name} is kept for ever"


@check
def github_is_held_to_our_repository(sources: Sources) -> Iterator[str]:
    """A role that GitHub may take names the repository and the environment, without wildcards."""
    for name, role in of_type(sources, "AWS::IAM::Role"):
        for part in walk(role["AssumeRolePolicyDocument"]):
            if part.get("Action") != "sts:AssumeRoleWithWebIdentity":
                continue
            conditions = part.get("Condition", {})
            subjects = conditions.get("StringEquals", {}).get(CONDITION_OF_GITHUB)
            texts = (
                [exported_name(one) for one in subjects]
                if isinstance(subjects, list)
                else [exported_name(subjects)]
            )
            if "StringLike" in conditions or not all(
                text.startswith("repo:${Repository}:") and "*" not in text for text in texts
            ):
                yield f"{name} can be taken by {subjects or conditions}"


@check
def templates_fit_into_a_call(sources: Sources) -> Iterator[str]:
    """CloudFormation takes so many bytes without a bucket."""
    for stack in STACKS:
        if len(sources.text(f"deploy/cfn/{stack}.yaml").encode()) > LONGEST_TEMPLATE:
            yield f"{stack}.yaml is too long"
