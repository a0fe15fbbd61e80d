"""Logs, alarms and dashboard as they were made."""

import json
import re

import pytest

from tests.deploy.account import Deployed

GROUPS = {f"/jyoti/prod/{name}" for name in ("http", "ws", "worker", "deploy")}


@pytest.fixture(scope="module")
def alarms(prod: Deployed):
    pages = prod.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {one["AlarmName"]: one for page in pages for one in page["MetricAlarms"]}


@pytest.fixture(scope="module")
def dashboard(prod: Deployed):
    body = prod.client("cloudwatch").get_dashboard(DashboardName="jyoti-prod")["DashboardBody"]
    return json.loads(body)


def test_logs_are_kept_for_a_time_and_encrypted_by_the_key_of_the_stage(prod) -> None:
    pages = prod.client("logs").get_paginator("describe_log_groups").paginate()
    groups = {one["logGroupName"]: one for page in pages for one in page["logGroups"]}
    key = prod.outputs("network")["KmsKeyArn"]
    assert set(groups) >= GROUPS
    assert {groups[name]["retentionInDays"] for name in GROUPS} == {90}
    assert {groups[name]["kmsKeyId"] for name in GROUPS} == {key}


def test_filters_read_the_groups_that_were_made(prod) -> None:
    filters = prod.client("logs").describe_metric_filters()["metricFilters"]
    ours = [one for one in filters if one["metricTransformations"][0]["metricNamespace"] == "Jyoti"]
    assert {one["logGroupName"] for one in ours} == GROUPS


def test_every_alarm_tells_the_operators(prod, alarms) -> None:
    topics = {
        prod.outputs("observability")["AlarmTopicArn"],
        *(one["TopicArn"] for one in prod.client("sns").list_topics()["Topics"]),
    }
    assert len(alarms) >= 25
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"], name
        assert set(alarm["AlarmActions"]) <= topics, name


def test_operators_are_told_by_mail(prod) -> None:
    topic = prod.outputs("observability")["AlarmTopicArn"]
    heard = prod.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(one["Protocol"], one["Endpoint"]) for one in heard] == [("email", "ops@example.org")]


def test_alarms_watch_what_was_made(prod, alarms) -> None:
    """The dimensions are names of this account, not of another stage or of nothing."""
    app, data, web = (prod.resources(name) for name in ("app", "data", "web"))
    names = {
        "AutoScalingGroupName": {app["Hosts"]},
        "LoadBalancer": {app["Alb"].split(":loadbalancer/")[1]},
        "TargetGroup": {app[name].split(":")[-1] for name in ("HttpTargets", "SocketTargets")},
        "DBInstanceIdentifier": {data["Database"]},
        "DistributionId": {web["Distribution"]},
        "BucketName": {data["MediaBucket"], web["SpaBucket"]},
    }
    seen = set()
    for alarm in alarms.values():
        for dimension in alarm["Dimensions"]:
            if dimension["Name"] in names:
                assert dimension["Value"] in names[dimension["Name"]], alarm["AlarmName"]
                seen.add(dimension["Name"])
    assert seen == set(names)


@pytest.mark.parametrize(
    ("namespace", "metric"),
    [
        ("AWS/ApplicationELB", "TargetResponseTime"),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"),
        ("AWS/ApplicationELB", "UnHealthyHostCount"),
        ("AWS/EC2", "CPUUtilization"),
        ("AWS/EC2", "NetworkOut"),
        ("AWS/RDS", "CPUUtilization"),
        ("AWS/RDS", "FreeStorageSpace"),
        ("AWS/RDS", "DatabaseConnections"),
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage"),
        ("AWS/CloudFront", "5xxErrorRate"),
        ("AWS/Route53", "HealthCheckStatus"),
        ("Jyoti", "disk_used_percent"),
        ("Jyoti", "MessageDelay"),
        ("Jyoti", "JobsFailed"),
        ("Jyoti", "Errors"),
    ],
)
def test_there_is_an_alarm_for(alarms, namespace: str, metric: str) -> None:
    watched = set()
    for alarm in alarms.values():
        watched.add((alarm.get("Namespace"), alarm.get("MetricName")))
        for query in alarm.get("Metrics", []):
            found = query.get("MetricStat", {}).get("Metric", {})
            watched.add((found.get("Namespace"), found.get("MetricName")))
    assert (namespace, metric) in watched


def test_dashboard_shows_every_metric_of_the_first_plan(dashboard) -> None:
    shown = {
        (metric[0], metric[1])
        for widget in dashboard["widgets"]
        for metric in widget["properties"].get("metrics", [])
    }
    assert {
        ("AWS/EC2", "CPUUtilization"),
        ("AWS/EC2", "NetworkIn"),
        ("AWS/EC2", "NetworkOut"),
        ("Jyoti", "disk_used_percent"),
        ("AWS/ApplicationELB", "RequestCount"),
        ("AWS/ApplicationELB", "TargetResponseTime"),
        ("Jyoti", "Errors"),
        ("Jyoti", "MessageDelay"),
        ("AWS/S3", "AllRequests"),
        ("AWS/CloudFront", "CacheHitRate"),
        ("AWS/RDS", "DatabaseConnections"),
        ("AWS/RDS", "FreeStorageSpace"),
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage"),
    } <= shown


def test_dashboard_refers_to_what_was_made(prod, dashboard) -> None:
    text = json.dumps(dashboard)
    assert "${" not in text
    for stack, name in (("app", "Hosts"), ("data", "Database"), ("web", "Distribution")):
        assert prod.resources(stack)[name] in text
    assert prod.resources("app")["Alb"].split(":loadbalancer/")[1] in text


def test_widgets_of_the_dashboard_lie_side_by_side(dashboard) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in dashboard["widgets"]:
        cells = {
            (widget["x"] + right, widget["y"] + down)
            for right in range(widget["width"])
            for down in range(widget["height"])
        }
        assert not taken & cells
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_the_site_is_asked_from_outside(prod) -> None:
    checks = prod.client("route53").list_health_checks()["HealthChecks"]
    configs = [one["HealthCheckConfig"] for one in checks]
    assert [
        (one["Type"], one["FullyQualifiedDomainName"], one["ResourcePath"]) for one in configs
    ] == [("HTTPS", "photos.example.org", "/api/v1/instance")]


def test_budget_tells_before_it_is_spent(prod) -> None:
    asked = prod.asked("observability", "Budget")
    levels = {
        (one["Notification"]["NotificationType"], one["Notification"]["Threshold"])
        for one in asked["NotificationsWithSubscribers"]
    }
    assert ("ACTUAL", 80) in levels
    assert ("FORECASTED", 100) in levels


def test_agent_runs_on_hosts_of_this_stage_only(prod) -> None:
    stacks = [name for name in prod.names if "AgentOnEachHost" in prod.resources(name)]
    (target,) = prod.asked(stacks[0], "AgentOnEachHost")["Targets"]
    assert stacks == ["observability"]
    assert all(re.fullmatch(r"jyoti-prod-app", value) for value in target["Values"])
