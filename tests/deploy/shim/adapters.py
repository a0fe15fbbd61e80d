"""Types that moto's CloudFormation lacks, made through the service's own API in moto."""

import json
from typing import Any

from tests.deploy.shim.base import Asked, Made, Maker, account_id, client, register


def lowered(value: Any) -> Any:
    """`{"AliasTarget": 1}` as `{"aliasTarget": 1}`, all the way down."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lowered(part) for key, part in value.items()}
    return [lowered(part) for part in value] if isinstance(value, list) else value


def numbers(properties: dict[str, Any], *names: str) -> dict[str, Any]:
    """The properties, with those of these names turned from text into numbers."""
    return {name: float(value) if name in names else value for name, value in properties.items()}


# ---- Secrets -------------------------------------------------------------------------------------


def secret(asked: Asked) -> Made:
    """Generates the value as CloudFormation does: into the template's JSON, under one key."""
    properties = asked.properties
    text = properties.get("SecretString") or _generated(properties["GenerateSecretString"], asked)
    arn = client("secretsmanager", asked.region).create_secret(
        Name=properties.get("Name", asked.name),
        Description=properties.get("Description", ""),
        SecretString=text,
        **({"KmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}),
    )["ARN"]
    for replica in properties.get("ReplicaRegions", []):
        client("secretsmanager", asked.region).replicate_secret_to_regions(
            SecretId=arn, AddReplicaRegions=[{"Region": replica["Region"]}]
        )
    return Made(arn, {"Id": arn, "Arn": arn})


def _generated(rules: dict[str, Any], asked: Asked) -> str:
    options = {
        name: rules[name]
        for name in ("ExcludeCharacters", "ExcludePunctuation", "PasswordLength", "IncludeSpace")
        if name in rules
    }
    if "PasswordLength" in options:
        options["PasswordLength"] = int(options["PasswordLength"])
    if "ExcludePunctuation" in options:
        options["ExcludePunctuation"] = str(options["ExcludePunctuation"]).lower() == "true"
    value = client("secretsmanager", asked.region).get_random_password(**options)["RandomPassword"]
    if "GenerateStringKey" not in rules:
        return str(value)
    return json.dumps(
        json.loads(rules.get("SecretStringTemplate", "{}")) | {rules["GenerateStringKey"]: value}
    )


def secret_attachment(asked: Asked) -> Made:
    """Adds where the database is to its secret."""
    secrets, properties = client("secretsmanager", asked.region), asked.properties
    found = client("rds", asked.region).describe_db_instances(
        DBInstanceIdentifier=properties["TargetId"]
    )["DBInstances"][0]
    value = json.loads(secrets.get_secret_value(SecretId=properties["SecretId"])["SecretString"])
    value |= {
        "engine": found["Engine"],
        "host": found["Endpoint"]["Address"],
        "port": found["Endpoint"]["Port"],
        "dbInstanceIdentifier": found["DBInstanceIdentifier"],
    }
    if "DBName" in found:
        value["dbname"] = found["DBName"]
    secrets.put_secret_value(SecretId=properties["SecretId"], SecretString=json.dumps(value))
    return Made(properties["SecretId"])


# ---- Cache ---------------------------------------------------------------------------------------


def cache_subnets(asked: Asked) -> Made:
    """A subnet group of ElastiCache."""
    name = asked.properties.get("CacheSubnetGroupName", asked.name).lower()
    client("elasticache", asked.region).create_cache_subnet_group(
        CacheSubnetGroupName=name,
        CacheSubnetGroupDescription=asked.properties["Description"],
        SubnetIds=asked.properties["SubnetIds"],
    )
    return Made(name)


def replication_group(asked: Asked) -> Made:
    """Valkey."""
    properties = asked.properties
    name = properties.get("ReplicationGroupId", asked.name).lower()
    taken = {
        "ReplicationGroupDescription": properties["ReplicationGroupDescription"],
        "ReplicationGroupId": name,
    }
    for key in (
        "AtRestEncryptionEnabled",
        "AuthToken",
        "AutomaticFailoverEnabled",
        "CacheNodeType",
        "CacheSubnetGroupName",
        "Engine",
        "EngineVersion",
        "KmsKeyId",
        "MultiAZEnabled",
        "SecurityGroupIds",
        "TransitEncryptionEnabled",
        "TransitEncryptionMode",
    ):
        if key in properties:
            taken[key] = properties[key]
    for key in ("Port", "SnapshotRetentionLimit"):
        if key in properties:
            taken[key] = int(properties[key])
    # moto counts only the replicas.
    taken["ReplicasPerNodeGroup"] = int(properties.get("NumCacheClusters", 1)) - 1
    client("elasticache", asked.region).create_replication_group(**taken)
    port = str(properties.get("Port", 6379))
    attributes = {
        f"{kind}.{part}": value
        for kind in ("PrimaryEndPoint", "ReaderEndPoint", "ConfigurationEndPoint")
        for part, value in (("Address", f"{name}.cache.example.com"), ("Port", port))
    }
    return Made(name, attributes)


# ---- Names, certificates, what people reach ------------------------------------------------------


def certificate(asked: Asked) -> Made:
    """Asks for a certificate; the proof by DNS is not played."""
    properties = asked.properties
    arn = client("acm", asked.region).request_certificate(
        DomainName=properties["DomainName"],
        ValidationMethod=properties.get("ValidationMethod", "DNS"),
        SubjectAlternativeNames=[
            properties["DomainName"],
            *properties.get("SubjectAlternativeNames", []),
        ],
    )["CertificateArn"]
    return Made(arn)


def origin_access_control(asked: Asked) -> Made:
    """What lets a distribution read a private bucket."""
    made = client("cloudfront").create_origin_access_control(
        OriginAccessControlConfig=asked.properties["OriginAccessControlConfig"]
    )["OriginAccessControl"]
    return Made(made["Id"], {"Id": made["Id"]})


def edge_function(asked: Asked) -> Made:
    """A CloudFront function."""
    properties = asked.properties
    made = client("cloudfront").create_function(
        Name=properties["Name"],
        FunctionConfig=properties["FunctionConfig"],
        FunctionCode=properties["FunctionCode"].encode(),
    )["FunctionSummary"]
    arn = made["FunctionMetadata"]["FunctionARN"]
    return Made(arn, {"FunctionARN": arn, "FunctionMetadata.FunctionARN": arn})


def distribution(asked: Asked) -> Made:
    """A CloudFront distribution; its lists are counted, as the API wants them."""
    config = asked.properties["DistributionConfig"]
    made = client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": asked.logical_id,
            "Comment": config.get("Comment", ""),
            "Enabled": config["Enabled"],
            "Aliases": _counted(config.get("Aliases", [])),
            "DefaultRootObject": config.get("DefaultRootObject", ""),
            "PriceClass": config.get("PriceClass", "PriceClass_All"),
            "HttpVersion": config.get("HttpVersion", "http2"),
            "WebACLId": config.get("WebACLId", ""),
            "ViewerCertificate": _viewer_certificate(config["ViewerCertificate"]),
            "Origins": _counted([_origin(origin) for origin in config["Origins"]]),
            "DefaultCacheBehavior": _behaviour(config["DefaultCacheBehavior"]),
            "CacheBehaviors": _counted([_behaviour(one) for one in config["CacheBehaviors"]]),
        }
    )["Distribution"]
    return Made(made["Id"], {"Id": made["Id"], "DomainName": made["DomainName"]})


def _counted(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": items}


def _viewer_certificate(certificate: dict[str, Any]) -> dict[str, Any]:
    names = {"AcmCertificateArn": "ACMCertificateArn", "SslSupportMethod": "SSLSupportMethod"}
    return {names.get(name, name): value for name, value in certificate.items()}


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    made = {name: value for name, value in origin.items() if name != "OriginCustomHeaders"}
    made["CustomHeaders"] = _counted(origin.get("OriginCustomHeaders", []))
    if custom := made.get("CustomOriginConfig"):
        made["CustomOriginConfig"] = custom | {
            "HTTPPort": int(custom.get("HTTPPort", 80)),
            "HTTPSPort": int(custom.get("HTTPSPort", 443)),
            "OriginSslProtocols": _counted(custom.get("OriginSSLProtocols", ["TLSv1.2"])),
        }
        made["CustomOriginConfig"].pop("OriginSSLProtocols", None)
    return made


def _behaviour(behaviour: dict[str, Any]) -> dict[str, Any]:
    kept = ("PathPattern", "TargetOriginId", "ViewerProtocolPolicy", "Compress", "CachePolicyId")
    kept += ("OriginRequestPolicyId", "ResponseHeadersPolicyId")
    made = {name: behaviour[name] for name in kept if name in behaviour}
    made["AllowedMethods"] = _counted(behaviour.get("AllowedMethods", ["GET", "HEAD"])) | {
        "CachedMethods": _counted(behaviour.get("CachedMethods", ["GET", "HEAD"]))
    }
    made["FunctionAssociations"] = _counted(behaviour.get("FunctionAssociations", []))
    return made


def web_acl(asked: Asked) -> Made:
    """A firewall of WAF. Its rules stay what the template says; tests read them there."""
    properties = asked.properties
    made = client("wafv2", asked.region).create_web_acl(
        Name=properties["Name"],
        Scope=properties["Scope"],
        DefaultAction=properties["DefaultAction"],
        VisibilityConfig=properties["VisibilityConfig"],
    )["Summary"]
    return Made(f"{made['Name']}|{made['Id']}|{properties['Scope']}", {"Arn": made["ARN"]})


def bucket_policy(asked: Asked) -> Made:
    """Who may do what in a bucket."""
    bucket = asked.properties["Bucket"]
    client("s3", asked.region).put_bucket_policy(
        Bucket=bucket, Policy=json.dumps(asked.properties["PolicyDocument"])
    )
    return Made(bucket)


# ---- To watch it ---------------------------------------------------------------------------------


def alarm(asked: Asked) -> Made:
    """An alarm of CloudWatch."""
    whole = ("EvaluationPeriods", "DatapointsToAlarm", "Period")
    properties = numbers(asked.properties, "Threshold", *whole)
    properties |= {name: int(properties[name]) for name in whole if name in properties}
    properties.setdefault("AlarmName", asked.name)
    for query in properties.get("Metrics", []):
        if "MetricStat" in query:
            query["MetricStat"]["Period"] = int(query["MetricStat"]["Period"])
        if "Period" in query:
            query["Period"] = int(query["Period"])
    client("cloudwatch", asked.region).put_metric_alarm(**properties)
    name = properties["AlarmName"]
    return Made(name, {"Arn": f"arn:aws:cloudwatch:{asked.region}:{account_id()}:alarm:{name}"})


def metric_filter(asked: Asked) -> Made:
    """What makes a metric of the lines in a log."""
    properties = asked.properties
    client("logs", asked.region).put_metric_filter(
        logGroupName=properties["LogGroupName"],
        filterName=properties.get("FilterName", asked.name),
        filterPattern=properties["FilterPattern"],
        metricTransformations=[
            {
                **lowered({key: value for key, value in one.items() if key != "Dimensions"}),
                **({"defaultValue": float(one["DefaultValue"])} if "DefaultValue" in one else {}),
                "metricValue": str(one["MetricValue"]),
            }
            for one in properties["MetricTransformations"]
        ],
    )
    return Made(properties.get("FilterName", asked.name))


def subscription(asked: Asked) -> Made:
    """Who hears of what a topic says."""
    arn = client("sns", asked.region).subscribe(
        TopicArn=asked.properties["TopicArn"],
        Protocol=asked.properties["Protocol"],
        Endpoint=asked.properties["Endpoint"],
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Made(arn)


# ---- Mail ----------------------------------------------------------------------------------------


def mail_domain(asked: Asked) -> Made:
    """A domain of SES; the names that prove it are in the form of AWS."""
    properties = asked.properties
    ses, domain = client("sesv2", asked.region), properties["EmailIdentity"]
    ses.create_email_identity(
        EmailIdentity=domain,
        ConfigurationSetName=properties["ConfigurationSetAttributes"]["ConfigurationSetName"],
    )
    names = {f"DkimDNSTokenName{n}": f"token{n}._domainkey.{domain}" for n in (1, 2, 3)}
    values = {f"DkimDNSTokenValue{n}": f"token{n}.dkim.amazonses.com" for n in (1, 2, 3)}
    return Made(domain, names | values)


def mail_settings(asked: Asked) -> Made:
    """A configuration set of SES."""
    client("sesv2", asked.region).create_configuration_set(
        ConfigurationSetName=asked.properties["Name"],
        DeliveryOptions=asked.properties.get("DeliveryOptions", {}),
        ReputationOptions=asked.properties.get("ReputationOptions", {}),
    )
    return Made(asked.properties["Name"])


# ---- To grow and shrink --------------------------------------------------------------------------


def scaling_policy(asked: Asked) -> Made:
    """How an Auto Scaling group follows its load (moto's API gives no ARN)."""
    properties = numbers(asked.properties, "EstimatedInstanceWarmup")
    if tracking := properties.get("TargetTrackingConfiguration"):
        tracking["TargetValue"] = float(tracking["TargetValue"])
    if "EstimatedInstanceWarmup" in properties:
        properties["EstimatedInstanceWarmup"] = int(properties["EstimatedInstanceWarmup"])
    name = properties.setdefault("PolicyName", asked.name)
    client("autoscaling", asked.region).put_scaling_policy(**properties)
    return Made(f"arn:aws:autoscaling:{asked.region}:{account_id()}:scalingPolicy:{name}")


def lifecycle_hook(asked: Asked) -> Made:
    """Where an instance waits before it goes."""
    properties = dict(asked.properties)
    name = properties.setdefault("LifecycleHookName", asked.name)
    if "HeartbeatTimeout" in properties:
        properties["HeartbeatTimeout"] = int(properties["HeartbeatTimeout"])
    properties["LifecycleTransition"] = properties.pop("LifecycleTransition")
    client("autoscaling", asked.region).put_lifecycle_hook(**properties)
    return Made(name)


def address_of_host(asked: Asked) -> Made:
    """Gives an address that stays to a host."""
    made = client("ec2", asked.region).associate_address(**asked.properties)
    return Made(made["AssociationId"], {"Id": made["AssociationId"]})


# ---- Who may ------------------------------------------------------------------------------------


def oidc_provider(asked: Asked) -> Made:
    """An outer party whose tokens are believed."""
    properties = asked.properties
    arn = client("iam").create_open_id_connect_provider(
        Url=properties["Url"],
        ClientIDList=properties.get("ClientIdList", []),
        ThumbprintList=properties.get("ThumbprintList", ["0" * 40]),
    )["OpenIDConnectProviderArn"]
    return Made(arn, {"Arn": arn})


ADAPTERS: dict[str, Maker] = {
    "AWS::AutoScaling::LifecycleHook": lifecycle_hook,
    "AWS::AutoScaling::ScalingPolicy": scaling_policy,
    "AWS::CertificateManager::Certificate": certificate,
    "AWS::CloudFront::Distribution": distribution,
    "AWS::CloudFront::Function": edge_function,
    "AWS::CloudFront::OriginAccessControl": origin_access_control,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::EC2::EIPAssociation": address_of_host,
    "AWS::ElastiCache::ReplicationGroup": replication_group,
    "AWS::ElastiCache::SubnetGroup": cache_subnets,
    "AWS::IAM::OIDCProvider": oidc_provider,
    "AWS::Logs::MetricFilter": metric_filter,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SES::ConfigurationSet": mail_settings,
    "AWS::SES::EmailIdentity": mail_domain,
    "AWS::SNS::Subscription": subscription,
    "AWS::SecretsManager::Secret": secret,
    "AWS::SecretsManager::SecretTargetAttachment": secret_attachment,
    "AWS::WAFv2::WebACL": web_acl,
}


def register_all() -> None:
    """Teach moto's CloudFormation all of them."""
    for type_name, make in ADAPTERS.items():
        register(type_name, make)
