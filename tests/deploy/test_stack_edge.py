"""CloudFront, the client's bucket and the firewall as they were made."""

import json
from typing import Any

import pytest

from tests.deploy.account import Deployed
from tests.deploy.test_stack_data import secret

TO_APP = ["/api/*", "/ws/*", "/admin/*", "/static/*", "/media/*"]


@pytest.fixture(scope="module")
def ids(prod: Deployed) -> dict[str, str]:
    return prod.resources("web")


@pytest.fixture(scope="module")
def config(prod, ids) -> dict[str, Any]:
    found = prod.client("cloudfront").get_distribution_config(Id=ids["Distribution"])
    return found["DistributionConfig"]


@pytest.fixture(scope="module")
def origins(config) -> dict[str, dict[str, Any]]:
    return {one["Id"]: one for one in config["Origins"]["Items"]}


def asked_origin(prod: Deployed, name: str) -> dict[str, Any]:
    """moto's API leaves some of it out."""
    config = prod.asked("web", "Distribution")["DistributionConfig"]
    return next(one for one in config["Origins"] if one["Id"] == name)


def test_the_client_comes_from_a_bucket_that_only_cloudfront_reads(prod, ids) -> None:
    policy = json.loads(prod.client("s3").get_bucket_policy(Bucket=ids["SpaBucket"])["Policy"])
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert asked_origin(prod, "spa")["OriginAccessControlId"] == ids["SpaAccess"]
    assert [one["Principal"] for one in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    (source,) = allowed[0]["Condition"]["StringEquals"].values()
    assert source.endswith(f":distribution/{ids['Distribution']}")


def test_the_clients_bucket_is_private(prod, ids) -> None:
    block = prod.client("s3").get_public_access_block(Bucket=ids["SpaBucket"])
    assert set(block["PublicAccessBlockConfiguration"].values()) == {True}


def test_cloudfront_tells_the_balancer_the_secret_of_the_stage(prod, origins) -> None:
    headers = origins["app"]["CustomHeaders"]["Items"]
    assert headers == [
        {
            "HeaderName": "X-Origin-Verify",
            "HeaderValue": secret(prod, "origin")["ORIGIN_VERIFY"],
        }
    ]


def test_cloudfront_asks_the_name_that_the_balancers_certificate_has(prod, origins) -> None:
    app = prod.resources("app")
    certificate = prod.client("acm").describe_certificate(CertificateArn=app["Certificate"])
    assert origins["app"]["DomainName"] in certificate["Certificate"]["SubjectAlternativeNames"]
    assert origins["app"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_what_is_the_applications_goes_to_the_application(config) -> None:
    behaviours = config["CacheBehaviors"]["Items"]
    assert [one["PathPattern"] for one in behaviours] == TO_APP
    assert {one["TargetOriginId"] for one in behaviours} == {"app"}
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "spa"


def test_everything_is_https(config) -> None:
    every = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]["Items"]]
    policies = {one["ViewerProtocolPolicy"] for one in every}
    assert policies <= {"redirect-to-https", "https-only"}
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_the_api_takes_every_method_and_pictures_are_only_read(config) -> None:
    methods = {
        one["PathPattern"]: set(one["AllowedMethods"]["Items"])
        for one in config["CacheBehaviors"]["Items"]
    }
    assert methods["/api/*"] == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
    assert methods["/media/*"] == {"GET", "HEAD"}


def test_the_firewall_stands_before_all_of_it(prod, config, ids) -> None:
    name, number, scope = ids["WebAcl"].split("|")
    acl = prod.client("wafv2").get_web_acl(Name=name, Id=number, Scope=scope)["WebACL"]
    assert config["WebACLId"] == acl["ARN"]


def test_pages_get_the_rewriting_function(prod) -> None:
    asked = prod.asked("web", "Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    functions = asked["FunctionAssociations"]
    assert [one["EventType"] for one in functions] == ["viewer-request"]
    assert functions[0]["FunctionARN"].endswith("jyoti-prod-spa-rewrite")


def test_the_site_has_addresses_of_both_kinds(prod) -> None:
    route53 = prod.client("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    kinds = {one["Type"] for one in records if one["Name"].rstrip(".") == "photos.example.org"}
    assert {"A", "AAAA"} <= kinds


def test_hit_rate_and_access_logs_are_on(prod, ids) -> None:
    metrics = prod.asked("web", "DistributionMetrics")
    source = prod.asked("web", "AccessLogSource")
    assert metrics["DistributionId"] == ids["Distribution"]
    assert source["ResourceArn"].endswith(ids["Distribution"])
