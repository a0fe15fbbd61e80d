"""Types that moto has no API for, or an empty one: kept as asked for, for tests to read.

Every reference in them has been resolved, so that a wrong one fails. What GetAtt may ask of each
stands in the table; anything else fails.
"""

from tests.deploy.shim.base import Asked, Made, account_id, register

_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "AWS::Backup::BackupPlan": ("BackupPlanId", "BackupPlanArn"),
    "AWS::Backup::BackupSelection": (),
    "AWS::Backup::BackupVault": ("BackupVaultName", "BackupVaultArn"),
    "AWS::Budgets::Budget": (),
    "AWS::CloudFront::CachePolicy": ("Id",),
    "AWS::CloudFront::MonitoringSubscription": (),
    "AWS::CloudFront::OriginRequestPolicy": ("Id",),
    "AWS::CloudFront::ResponseHeadersPolicy": ("Id",),
    "AWS::DLM::LifecyclePolicy": ("Arn",),
    "AWS::ElastiCache::ParameterGroup": (),
    "AWS::Logs::Delivery": ("Arn", "DeliveryId"),
    "AWS::Logs::DeliveryDestination": ("Arn",),
    "AWS::Logs::DeliverySource": ("Arn",),
    "AWS::SES::ConfigurationSetEventDestination": (),
    "AWS::SNS::TopicPolicy": (),
    "AWS::SSM::Association": ("AssociationId",),
    "AWS::SecretsManager::RotationSchedule": (),
    "AWS::WAFv2::LoggingConfiguration": (),
}


def record(asked: Asked) -> Made:
    """The id and all attributes are made up but distinct; `base.kept` has the properties."""
    name = f"{asked.type.split('::')[-1]}-{asked.logical_id}".lower()
    service = asked.type.split("::")[1].lower()
    arn = f"arn:aws:{service}:{asked.region}:{account_id()}:{name}"
    attributes = {
        attribute: arn if attribute.endswith("Arn") else f"{name}-{attribute.lower()}"
        for attribute in _ATTRIBUTES[asked.type]
    }
    return Made(name, attributes)


def register_all() -> None:
    """Teach moto's CloudFormation all of them."""
    for type_name in _ATTRIBUTES:
        register(type_name, record)
