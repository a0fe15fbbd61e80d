"""The network as it was made: two zones, nobody in but CloudFront, the data reached by hosts only."""

import ipaddress
import itertools
from typing import Any

import pytest

from tests.deploy.account import Deployed

EVERYWHERE = "0.0.0.0/0"


@pytest.fixture(scope="module")
def ids(prod: Deployed) -> dict[str, str]:
    return prod.resources("network")


def routes_of(prod: Deployed, subnet: str) -> list[dict[str, Any]]:
    tables = prod.client("ec2").describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["RouteTables"]
    assert len(tables) == 1, "a subnet without its own table follows the VPC's main one"
    return tables[0]["Routes"]


def default_route(prod: Deployed, subnet: str) -> dict[str, Any] | None:
    found = [
        route
        for route in routes_of(prod, subnet)
        if route.get("DestinationCidrBlock") == EVERYWHERE
    ]
    return found[0] if found else None


def group(prod: Deployed, group_id: str) -> dict[str, Any]:
    return prod.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]


def ways_in(prod: Deployed, group_id: str) -> set[tuple[int, int, str]]:
    """First and last port, and who may come: a group, a prefix list, a range."""
    found = set()
    for rule in group(prod, group_id)["IpPermissions"]:
        sources = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
        sources += [one["PrefixListId"] for one in rule.get("PrefixListIds", [])]
        sources += [one["CidrIp"] for one in rule["IpRanges"]]
        sources += [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", [])]
        found |= {(rule["FromPort"], rule["ToPort"], source) for source in sources}
    return found


@pytest.mark.parametrize("kind", ["Public", "App", "Data"])
def test_each_kind_of_subnet_is_in_two_zones(prod, ids, kind) -> None:
    subnets = prod.client("ec2").describe_subnets(
        SubnetIds=[ids[f"{kind}SubnetA"], ids[f"{kind}SubnetB"]]
    )["Subnets"]
    assert {subnet["AvailabilityZone"] for subnet in subnets} == {"us-east-1a", "us-east-1b"}


def test_subnets_lie_in_the_vpc_and_apart(prod, ids) -> None:
    ec2 = prod.client("ec2")
    vpc = ec2.describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"][0]["CidrBlock"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [ids["Vpc"]]}])["Subnets"]
    blocks = sorted(ipaddress.ip_network(subnet["CidrBlock"]) for subnet in subnets)
    assert vpc == "10.40.0.0/16"
    assert len(blocks) == 6
    assert all(block.subnet_of(ipaddress.ip_network(vpc)) for block in blocks)
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(blocks))


def test_public_subnets_reach_the_internet_by_the_gateway(prod, ids) -> None:
    for name in ("PublicSubnetA", "PublicSubnetB"):
        assert default_route(prod, ids[name])["GatewayId"] == ids["InternetGateway"]


def test_hosts_of_prod_leave_by_the_nat_of_their_own_zone(prod, ids) -> None:
    ways = {name: default_route(prod, ids[f"AppSubnet{name}"])["NatGatewayId"] for name in "AB"}
    assert ways == {"A": ids["NatA"], "B": ids["NatB"]}


def test_data_subnets_have_no_way_out(prod, ids) -> None:
    for name in ("DataSubnetA", "DataSubnetB"):
        assert [route["DestinationCidrBlock"] for route in routes_of(prod, ids[name])] == [
            "10.40.0.0/16"
        ]


def test_pictures_and_releases_do_not_pass_the_nat(prod, ids) -> None:
    endpoint = prod.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[ids["S3Endpoint"]])[
        "VpcEndpoints"
    ][0]
    assert endpoint["ServiceName"] == "com.amazonaws.us-east-1.s3"
    assert set(endpoint["RouteTableIds"]) >= {ids["AppRoutesA"], ids["AppRoutesB"]}


def test_only_cloudfront_reaches_the_balancer_and_only_by_https(prod, ids) -> None:
    assert ways_in(prod, ids["AlbSecurityGroup"]) == {(443, 443, "pl-3b927c52")}


def test_only_the_balancer_reaches_the_hosts(prod, ids) -> None:
    assert ways_in(prod, ids["AppSecurityGroup"]) == {(8081, 8082, ids["AlbSecurityGroup"])}


def test_only_hosts_and_the_rotation_reach_the_database(prod, ids) -> None:
    assert ways_in(prod, ids["DatabaseSecurityGroup"]) == {
        (5432, 5432, ids["AppSecurityGroup"]),
        (5432, 5432, ids["RotationSecurityGroup"]),
    }


def test_only_hosts_reach_the_cache(prod, ids) -> None:
    assert ways_in(prod, ids["CacheSecurityGroup"]) == {(6379, 6379, ids["AppSecurityGroup"])}


def test_nobody_reaches_the_rotation(prod, ids) -> None:
    assert ways_in(prod, ids["RotationSecurityGroup"]) == set()


def test_the_world_can_get_to_the_data_by_no_chain_of_groups(prod, ids) -> None:
    """Closure over all groups of the VPC: the only way in is the prefix list at the balancer."""
    groups = prod.client("ec2").describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [ids["Vpc"]]}]
    )["SecurityGroups"]
    names = {one["GroupId"] for one in groups}
    from_outside = {
        (one["GroupId"], source)
        for one in groups
        if one["GroupName"] != "default"
        for _, _, source in ways_in(prod, one["GroupId"])
        if source not in names
    }
    assert from_outside == {(ids["AlbSecurityGroup"], "pl-3b927c52")}
    before = reachable_from(prod, ids["AlbSecurityGroup"], names)
    assert before == {ids["AppSecurityGroup"]} | {
        ids["DatabaseSecurityGroup"],
        ids["CacheSecurityGroup"],
    }


def reachable_from(prod: Deployed, start: str, names: set[str]) -> set[str]:
    reached, todo = set(), [start]
    while todo:
        source = todo.pop()
        for name in names - reached:
            if any(who == source for _, _, who in ways_in(prod, name)):
                reached.add(name)
                todo.append(name)
    return reached


def test_no_group_lets_anybody_in_by_ssh(prod) -> None:
    for one in prod.client("ec2").describe_security_groups()["SecurityGroups"]:
        for rule in one["IpPermissions"]:
            if rule["IpProtocol"] == "-1":  # the default group of a VPC: its own members
                assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [one["GroupId"]]
            else:
                assert not rule["FromPort"] <= 22 <= rule["ToPort"]


def test_database_and_cache_open_no_connections(prod, ids) -> None:
    for name in ("DatabaseSecurityGroup", "CacheSecurityGroup"):
        ranges = [
            one["CidrIp"]
            for rule in group(prod, ids[name])["IpPermissionsEgress"]
            for one in rule["IpRanges"]
        ]
        assert ranges == ["127.0.0.1/32"]


def test_traffic_is_recorded(prod, ids) -> None:
    logs = prod.client("ec2").describe_flow_logs(
        Filter=[{"Name": "resource-id", "Values": [ids["Vpc"]]}]
    )["FlowLogs"]
    assert [log["TrafficType"] for log in logs] == ["ALL"]


def test_the_key_of_the_stage_turns_every_year(prod, ids) -> None:
    kms = prod.client("kms")
    assert kms.get_key_rotation_status(KeyId=ids["StageKey"])["KeyRotationEnabled"] is True
