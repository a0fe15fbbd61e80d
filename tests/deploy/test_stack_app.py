"""Balancer and hosts as they were made."""

import base64
import json
from typing import Any

import pytest
import yaml

from tests.deploy.account import Deployed
from tests.deploy.test_stack_data import secret


@pytest.fixture(scope="module")
def ids(prod: Deployed) -> dict[str, str]:
    return prod.resources("app")


@pytest.fixture(scope="module")
def group(prod, ids) -> dict[str, Any]:
    return prod.client("autoscaling").describe_auto_scaling_groups(
        AutoScalingGroupNames=[ids["Hosts"]]
    )["AutoScalingGroups"][0]


@pytest.fixture(scope="module")
def launch(prod, ids) -> dict[str, Any]:
    versions = prod.client("ec2").describe_launch_template_versions(LaunchTemplateId=ids["Host"])
    return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]


@pytest.fixture(scope="module")
def rules(prod, ids) -> list[dict[str, Any]]:
    return prod.client("elbv2").describe_rules(ListenerArn=ids["HttpsListener"])["Rules"]


def attributes(prod: Deployed, arn: str) -> dict[str, str]:
    found = prod.client("elbv2").describe_target_group_attributes(TargetGroupArn=arn)
    return {one["Key"]: one["Value"] for one in found["Attributes"]}


def test_balancer_listens_by_https_only(prod, ids) -> None:
    listeners = prod.client("elbv2").describe_listeners(LoadBalancerArn=ids["Alb"])["Listeners"]
    assert [(one["Port"], one["Protocol"]) for one in listeners] == [(443, "HTTPS")]
    assert listeners[0]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")


def test_balancer_is_in_both_public_subnets(prod, ids) -> None:
    network = prod.resources("network")
    found = prod.client("elbv2").describe_load_balancers(LoadBalancerArns=[ids["Alb"]])
    zones = {one["SubnetId"] for one in found["LoadBalancers"][0]["AvailabilityZones"]}
    assert zones == {network["PublicSubnetA"], network["PublicSubnetB"]}
    assert found["LoadBalancers"][0]["SecurityGroups"] == [network["AlbSecurityGroup"]]


def test_who_does_not_know_the_secret_gets_403(rules) -> None:
    default = next(rule for rule in rules if rule["IsDefault"])["Actions"][0]
    assert default["Type"] == "fixed-response"
    assert default["FixedResponseConfig"]["StatusCode"] == "403"


def test_every_rule_that_forwards_asks_for_the_secret_of_this_stage(prod, rules) -> None:
    value = secret(prod, "origin")["ORIGIN_VERIFY"]
    forwarding = [rule for rule in rules if rule["Actions"][0]["Type"] == "forward"]
    assert len(forwarding) == 2
    for rule in forwarding:
        headers = [
            one["HttpHeaderConfig"] for one in rule["Conditions"] if one["Field"] == "http-header"
        ]
        assert headers == [{"HttpHeaderName": "X-Origin-Verify", "Values": [value]}]


def test_sockets_go_to_the_gateway_and_all_else_to_gunicorn(rules, ids) -> None:
    targets = {
        rule["Priority"]: (
            [
                one["PathPatternConfig"]["Values"]
                for one in rule["Conditions"]
                if "PathPatternConfig" in one
            ],
            rule["Actions"][0]["TargetGroupArn"],
        )
        for rule in rules
        if not rule["IsDefault"]
    }
    assert targets == {
        "10": ([["/ws/*"]], ids["SocketTargets"]),
        "20": ([], ids["HttpTargets"]),
    }


@pytest.mark.parametrize(("name", "port"), [("HttpTargets", 8081), ("SocketTargets", 8082)])
def test_targets_are_asked_whether_they_are_ready(prod, ids, name, port) -> None:
    found = prod.client("elbv2").describe_target_groups(TargetGroupArns=[ids[name]])
    group = found["TargetGroups"][0]
    assert (group["Port"], group["HealthCheckPath"]) == (port, "/readyz")
    assert group["HealthCheckIntervalSeconds"] == 10
    assert attributes(prod, ids[name])["deregistration_delay.timeout_seconds"] == "30"


def test_hosts_are_in_both_zones_and_the_balancer_judges_them(prod, group) -> None:
    network = prod.resources("network")
    assert set(group["VPCZoneIdentifier"].split(",")) == {
        network["AppSubnetA"],
        network["AppSubnetB"],
    }
    assert group["HealthCheckType"] == "ELB"
    assert (group["MinSize"], group["MaxSize"]) == (2, 6)


def test_hosts_are_targets_of_both_groups(prod, ids, group) -> None:
    instances = {one["InstanceId"] for one in group["Instances"]}
    assert len(instances) == 2
    for name in ("HttpTargets", "SocketTargets"):
        health = prod.client("elbv2").describe_target_health(TargetGroupArn=ids[name])
        assert {one["Target"]["Id"] for one in health["TargetHealthDescriptions"]} == instances


def test_group_grows_by_processor_and_by_requests(prod, ids) -> None:
    policies = prod.client("autoscaling").describe_policies(AutoScalingGroupName=ids["Hosts"])
    followed = {
        one["TargetTrackingConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]
        for one in policies["ScalingPolicies"]
    }
    assert followed == {"ASGAverageCPUUtilization", "ALBRequestCountPerTarget"}


def test_requests_are_counted_at_the_balancer_that_was_made(prod, ids) -> None:
    policies = prod.client("autoscaling").describe_policies(AutoScalingGroupName=ids["Hosts"])
    labels = [
        specification["ResourceLabel"]
        for one in policies["ScalingPolicies"]
        if "ResourceLabel"
        in (specification := one["TargetTrackingConfiguration"]["PredefinedMetricSpecification"])
    ]
    balancer = ids["Alb"].split(":loadbalancer/")[1]
    targets = ids["HttpTargets"].split(":")[-1]
    assert labels == [f"{balancer}/{targets}"]


def test_host_waits_before_it_ends_until_it_was_drained(prod, ids) -> None:
    hooks = prod.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=ids["Hosts"])
    found = [
        (one["LifecycleHookName"], one["LifecycleTransition"], one["HeartbeatTimeout"])
        for one in hooks["LifecycleHooks"]
    ]
    assert found == [("drain", "autoscaling:EC2_INSTANCE_TERMINATING", 300)]


def test_metadata_of_a_host_wants_a_token_and_goes_one_hop(launch) -> None:
    options = launch["MetadataOptions"]
    assert (options["HttpTokens"], int(options["HttpPutResponseHopLimit"])) == ("required", 1)


def test_disk_of_a_host_is_encrypted_and_ends_with_it(launch) -> None:
    (disk,) = launch["BlockDeviceMappings"]
    assert str(disk["Ebs"]["Encrypted"]).lower() == "true"
    assert str(disk["Ebs"]["DeleteOnTermination"]).lower() == "true"


def test_host_has_the_group_of_hosts_and_no_key_to_sign_in(prod, launch) -> None:
    (interface,) = launch["NetworkInterfaces"]
    groups = interface.get("Groups") or interface.get("SecurityGroupId")
    assert prod.resources("network")["AppSecurityGroup"] in groups
    assert "KeyName" not in launch


def test_user_data_is_cloud_config_with_every_name_filled_in(prod, ids, launch) -> None:
    text = base64.b64decode(launch["UserData"]).decode()
    assert text.startswith("#cloud-config\n")
    assert "${" not in text
    files = {one["path"]: one["content"] for one in yaml.safe_load(text)["write_files"]}
    facts = dict(line.split("=", 1) for line in files["/etc/jyoti/stage.env"].splitlines())
    assert facts["JYOTI_STAGE"] == "prod"
    assert facts["JYOTI_GROUP"] == ids["Hosts"]
    assert facts["JYOTI_TARGET_GROUPS"] == f"{ids['HttpTargets']},{ids['SocketTargets']}"
    assert facts["JYOTI_RELEASE_BUCKET"] == prod.resources("data")["ReleaseBucket"]


def test_user_data_holds_no_secret(prod, launch) -> None:
    text = base64.b64decode(launch["UserData"]).decode()
    values = [
        value
        for name in ("app", "origin", "database", "cache")
        for key, value in secret(prod, name).items()
        if key in {"SECRET_KEY", "ORIGIN_VERIFY", "password", "auth_token"}
    ]
    assert len(values) == 4
    assert not [value for value in values if value in text]


def test_host_may_read_its_own_secrets_and_no_other(prod, ids) -> None:
    iam = prod.client("iam")
    role = ids["HostRole"]
    name = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    (statement,) = [one for one in document["Statement"] if one.get("Sid") == "Secrets"]
    names = {arn.split(":secret:")[1] for arn in statement["Resource"]}
    assert names == {f"jyoti/prod/{name}-??????" for name in ("app", "database", "cache")}
    assert "secretsmanager:*" not in json.dumps(document)


def test_host_may_write_logs_of_its_stage_only(prod, ids) -> None:
    iam, role = prod.client("iam"), ids["HostRole"]
    name = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    (statement,) = [one for one in document["Statement"] if one.get("Sid") == "Logs"]
    assert statement["Resource"].endswith(":log-group:/jyoti/prod/*")
