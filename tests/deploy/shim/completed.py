"""Carries over what moto's own types take from the API but ignore in CloudFormation."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from moto.ec2.models.instances import Instance
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.models.subnets import SubnetRouteTableAssociation
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.logs.models import LogGroup
from moto.rds.models import DBInstance, DBParameterGroup
from moto.s3.models import FakeBucket

from tests.deploy.shim.base import Properties, client

Complete = Callable[[Any, Properties, str], None]


def bucket(made: Any, properties: Properties, region: str) -> None:
    """Privacy, encryption, versions and life cycle of a bucket."""
    s3, name = client("s3", region), made.name
    if block := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if ownership := properties.get("OwnershipControls"):
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=ownership)
    if versions := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versions)
    if encryption := properties.get("BucketEncryption"):
        rules = [
            {
                **rule,
                "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
            }
            for rule in encryption["ServerSideEncryptionConfiguration"]
        ]
        for rule in rules:
            rule.pop("ServerSideEncryptionByDefault")
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})


def target_group(made: Any, properties: Properties, region: str) -> None:
    """Attributes of a target group, such as how long it waits for running requests."""
    if attributes := properties.get("TargetGroupAttributes"):
        client("elbv2", region).modify_target_group_attributes(
            TargetGroupArn=made.arn,
            Attributes=[{"Key": one["Key"], "Value": str(one["Value"])} for one in attributes],
        )


def security_group(made: Any, properties: Properties, region: str) -> None:
    """All rules of a group; moto makes no prefix lists of them and forgets those for the way out."""
    ec2 = client("ec2", region)
    if ways_in := properties.get("SecurityGroupIngress"):
        ec2.authorize_security_group_ingress(
            GroupId=made.id, IpPermissions=[_permission(rule, "Source") for rule in ways_in]
        )
    if ways_out := properties.get("SecurityGroupEgress"):
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        ec2.revoke_security_group_egress(GroupId=made.id, IpPermissions=[everything])
        ec2.authorize_security_group_egress(
            GroupId=made.id, IpPermissions=[_permission(rule, "Destination") for rule in ways_out]
        )


def _permission(rule: Properties, side: str) -> Properties:
    made: Properties = {"IpProtocol": str(rule["IpProtocol"])}
    for key in ("FromPort", "ToPort"):
        if key in rule:
            made[key] = int(rule[key])
    if "CidrIp" in rule:
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"]}]
    if "CidrIpv6" in rule:
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"]}]
    if group := rule.get(f"{side}SecurityGroupId"):
        made["UserIdGroupPairs"] = [{"GroupId": group}]
    if prefix_list := rule.get(f"{side}PrefixListId"):
        made["PrefixListIds"] = [{"PrefixListId": prefix_list}]
    return made


def subnet_routes(_made: Any, properties: Properties, region: str) -> None:
    """Which table a subnet follows."""
    client("ec2", region).associate_route_table(
        RouteTableId=properties["RouteTableId"], SubnetId=properties["SubnetId"]
    )


def log_group(made: Any, properties: Properties, _region: str) -> None:
    """The key that encrypts it; moto has no call for that afterwards."""
    made.kms_key_id = properties.get("KmsKeyId")


def no_more(_made: Any, _properties: Properties, _region: str) -> None:
    """For types that only need other properties at first."""


def database(made: Any, properties: Properties, region: str) -> None:
    """Who may reach a database, its master's password, and how it is protected."""
    wanted = {
        "VpcSecurityGroupIds": properties.get("VPCSecurityGroups"),
        "DeletionProtection": _truth(properties.get("DeletionProtection")),
        "EnableIAMDatabaseAuthentication": properties.get("EnableIAMDatabaseAuthentication"),
        "ManageMasterUserPassword": properties.get("ManageMasterUserPassword"),
        "MasterUserSecretKmsKeyId": properties.get("MasterUserSecret", {}).get("KmsKeyId"),
        "MultiAZ": _truth(properties.get("MultiAZ")),
    }
    client("rds", region).modify_db_instance(
        DBInstanceIdentifier=made.db_instance_identifier,
        ApplyImmediately=True,
        **{name: value for name, value in wanted.items() if value is not None},
    )


def _truth(value: Any) -> bool | None:
    return None if value is None else str(value).lower() == "true"


def balancer(made: Any, properties: Properties, region: str) -> None:
    """Attributes of a balancer, such as its idle time."""
    client("elbv2", region).modify_load_balancer_attributes(
        LoadBalancerArn=made.arn,
        Attributes=[
            {"Key": one["Key"], "Value": str(one["Value"])}
            for one in properties.get("LoadBalancerAttributes", [])
            # moto looks whether the balancer may write into the bucket, and knows only its old way.
            if not one["Key"].startswith("access_logs")
        ],
    )


_COMPLETED: dict[type, Complete] = {
    DBInstance: database,
    FakeBucket: bucket,
    FakeLoadBalancer: balancer,
    FakeTargetGroup: target_group,
    Instance: no_more,
    LogGroup: log_group,
    SecurityGroup: security_group,
    SubnetRouteTableAssociation: subnet_routes,
}
#: What AWS takes when a template says nothing, and moto takes something else.
_DEFAULTS: dict[type, Properties] = {
    DBInstance: {"Port": 5432},
    Instance: {"ImageId": "ami-0abcdef1234567890"},  # stands in the launch template
}
#: What the shim does instead of moto, and moto therefore does not get to see.
_HIDDEN: dict[type, tuple[str, ...]] = {
    SecurityGroup: ("SecurityGroupIngress", "SecurityGroupEgress"),
}


#: What GetAtt gives and moto's types do not.
_ATTRIBUTES: dict[type, dict[str, Callable[[Any], str]]] = {
    DBInstance: {
        "DBInstanceArn": lambda instance: instance.db_instance_arn,
        "DbiResourceId": lambda instance: instance.dbi_resource_id,
        "MasterUserSecret.SecretArn": lambda instance: instance.master_user_secret.secret_arn,
    },
    FakeTargetGroup: {
        "TargetGroupArn": lambda group: group.arn,
        "TargetGroupFullName": lambda group: group.arn.split(":")[-1],
        "TargetGroupName": lambda group: group.name,
    },
    FakeLoadBalancer: {
        "CanonicalHostedZoneID": lambda _balancer: "Z35SXDOTRQ7X7K",
        "LoadBalancerArn": lambda balancer: balancer.arn,
        "LoadBalancerFullName": lambda balancer: balancer.arn.split(":loadbalancer/")[-1],
    },
}


def patches() -> list[Any]:
    """One patch for each type of moto's that is completed."""
    name = property(lambda group: group.name)
    return [
        mock.patch.object(DBParameterGroup, "physical_resource_id", name, create=True),
        *(
            mock.patch.object(model, "get_cfn_attribute", _attributes(model, known), create=True)
            for model, known in _ATTRIBUTES.items()
        ),
    ] + [
        mock.patch.object(model, "create_from_cloudformation_json", _wrapped(model, complete))
        for model, complete in _COMPLETED.items()
    ]


def _wrapped(model: Any, complete: Complete) -> Any:
    original = model.create_from_cloudformation_json.__func__

    def create(
        cls: Any, name: str, template: Properties, account_id: str, region: str, **about: Any
    ) -> Any:
        asked = template.get("Properties", {})
        seen = {**_DEFAULTS.get(model, {}), **asked}
        for key in _HIDDEN.get(model, ()):
            seen.pop(key, None)
        if "SourceDBInstanceIdentifier" in asked:  # moto looks for the group in the other region
            seen.pop("DBSubnetGroupName", None)
        made = original(cls, name, {**template, "Properties": seen}, account_id, region, **about)
        complete(made, asked, region)
        return made

    return classmethod(create)


def _attributes(model: Any, known: dict[str, Callable[[Any], str]]) -> Any:
    original = getattr(model, "get_cfn_attribute", None)

    def attribute(made: Any, name: str) -> Any:
        if name in known:
            return known[name](made)
        if original is None:
            raise AssertionError(f"{model.__name__} has no {name} here")
        return original(made, name)

    return attribute
