"""Mail and CI of prod, and the other things that can be made: staging, the standby, one box."""

import re

import pytest

from deploy import templates
from deploy.stackctl import stage
from tests.deploy import account, shim
from tests.deploy.account import Deployed


def test_mail_is_signed_and_proves_itself_by_dns(prod: Deployed) -> None:
    identity = prod.client("sesv2").get_email_identity(EmailIdentity="example.org")
    route53 = prod.client("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    kinds = {(one["Name"].rstrip("."), one["Type"]) for one in records}
    assert identity["ConfigurationSetName"] == "jyoti-prod"
    assert {(f"token{n}._domainkey.example.org", "CNAME") for n in (1, 2, 3)} <= kinds
    assert ("_dmarc.example.org", "TXT") in kinds


def test_each_role_of_github_is_for_one_environment(prod: Deployed) -> None:
    iam, found = prod.client("iam"), {}
    for name in ("api", "client", "infra"):
        document = iam.get_role(RoleName=f"jyoti-prod-{name}")["Role"]["AssumeRolePolicyDocument"]
        (statement,) = document["Statement"]
        found[name] = statement["Condition"]["StringEquals"][
            "token.actions.githubusercontent.com:sub"
        ]
    assert found == {
        "api": "repo:example/jyoti:environment:prod",
        "client": "repo:example/jyoti:environment:prod",
        "infra": "repo:example/jyoti:environment:prod-infra",
    }


def test_only_cloudformation_has_all_powers(prod: Deployed) -> None:
    """The roles that GitHub takes can hand work to it, but do nothing of the kind themselves."""
    iam = prod.client("iam")
    for name in ("api", "client", "infra", "plan"):
        role = f"jyoti-prod-{name}"
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert "AdministratorAccess" not in {one["PolicyName"] for one in attached}


def test_all_layers_of_staging_can_be_made() -> None:
    with account.deployed("staging", SiteDomain="staging.photos.example.org") as staging:
        assert staging.names == templates.LAYERS
        database = staging.client("rds").describe_db_instances()["DBInstances"][0]
        group = staging.client("autoscaling").describe_auto_scaling_groups()
        assert database["MultiAZ"] is False
        assert group["AutoScalingGroups"][0]["MinSize"] == 1
        assert staging.client("ec2").describe_nat_gateways()["NatGateways"] == []


def test_hosts_of_staging_have_their_own_way_out() -> None:
    """Without NAT they live in the public subnets, and the group alone keeps the world out."""
    with account.deployed("staging", ["network"]) as staging:
        made, told = staging.resources("network"), staging.outputs("network")
        assert told["HostSubnetIds"] == f"{made['PublicSubnetA']},{made['PublicSubnetB']}"


def test_standby_follows_the_database_of_the_first_region() -> None:
    with shim.account():
        first = account.add("prod", ["network", "data"])
        source = first.outputs("data")["DatabaseArn"]
        standby = account.add("prod", is_standby=True, PrimaryDatabaseArn=source)
        replica = standby.client("rds").describe_db_instances()["DBInstances"][0]
        assert standby.stage.region == "eu-central-1"
        assert replica["ReadReplicaSourceDBInstanceIdentifier"].endswith("jyoti-prod")
        assert replica["PubliclyAccessible"] is False


def test_networks_of_the_two_regions_can_be_joined() -> None:
    first, standby = stage.load("prod"), stage.load("prod", is_standby=True)
    blocks = {one.stack("network").parameters["VpcCidr"] for one in (first, standby)}
    assert len(blocks) == 2


@pytest.fixture
def single():
    with account.deployed("prod", ["single"]) as made:
        yield made


def test_single_box_is_one_host_with_an_address_that_stays(single: Deployed) -> None:
    reservations = single.client("ec2").describe_instances()["Reservations"]
    instances = [one for found in reservations for one in found["Instances"]]
    addresses = single.client("ec2").describe_addresses()["Addresses"]
    assert len(instances) == 1
    assert len(addresses) == 1


def test_single_box_is_open_for_pages_and_nothing_else(single: Deployed) -> None:
    ports = {
        (rule["FromPort"], rule["ToPort"])
        for group in single.client("ec2").describe_security_groups()["SecurityGroups"]
        for rule in group["IpPermissions"]
        if rule["IpProtocol"] != "-1"
    }
    assert ports == {(80, 80), (443, 443)}


def test_single_box_opens_ssh_to_the_address_that_is_given() -> None:
    with account.deployed("prod", ["single"], SshCidr="192.0.2.7/32") as made:
        groups = made.client("ec2").describe_security_groups()["SecurityGroups"]
        sources = {
            one["CidrIp"]
            for group in groups
            for rule in group["IpPermissions"]
            if rule.get("FromPort") == 22
            for one in rule["IpRanges"]
        }
        assert sources == {"192.0.2.7/32"}


def test_no_number_of_an_account_stands_in_a_template() -> None:
    for path in sorted(templates.FOLDER.glob("*.yaml")):
        assert not re.findall(r"(?<![\d.])\d{12}(?!\d)", path.read_text()), path.name
