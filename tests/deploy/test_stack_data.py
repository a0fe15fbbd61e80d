"""Database, cache, secrets and buckets as they were made."""

import json

import pytest

from tests.deploy.account import Deployed


@pytest.fixture(scope="module")
def ids(prod: Deployed) -> dict[str, str]:
    return prod.resources("data")


@pytest.fixture(scope="module")
def database(prod, ids):
    return prod.client("rds").describe_db_instances(DBInstanceIdentifier=ids["Database"])[
        "DBInstances"
    ][0]


@pytest.fixture(scope="module")
def cache(prod, ids):
    found = prod.client("elasticache").describe_replication_groups(ReplicationGroupId=ids["Cache"])
    return found["ReplicationGroups"][0]


def secret(prod: Deployed, name: str) -> dict[str, str]:
    found = prod.client("secretsmanager").get_secret_value(SecretId=f"jyoti/prod/{name}")
    return json.loads(found["SecretString"])


def test_database_is_encrypted_by_the_key_of_the_stage(prod, database) -> None:
    assert database["StorageEncrypted"] is True
    assert database["KmsKeyId"] == prod.outputs("network")["KmsKeyArn"]


def test_database_of_prod_survives_the_loss_of_a_zone(database) -> None:
    assert database["MultiAZ"] is True


def test_database_is_not_public_and_behind_its_own_group(prod, database) -> None:
    groups = [one["VpcSecurityGroupId"] for one in database["VpcSecurityGroups"]]
    assert database["PubliclyAccessible"] is False
    assert groups == [prod.resources("network")["DatabaseSecurityGroup"]]


def test_database_lies_in_the_subnets_without_a_way_out(prod, database) -> None:
    network = prod.resources("network")
    subnets = {one["SubnetIdentifier"] for one in database["DBSubnetGroup"]["Subnets"]}
    assert subnets == {network["DataSubnetA"], network["DataSubnetB"]}


def test_two_weeks_of_the_database_can_be_restored(database) -> None:
    assert database["BackupRetentionPeriod"] == 14
    assert database["DeletionProtection"] is True


def test_database_refuses_connections_without_tls(prod, ids) -> None:
    parameters = prod.client("rds").describe_db_parameters(
        DBParameterGroupName=ids["DatabaseSettings"]
    )["Parameters"]
    values = {one["ParameterName"]: one["ParameterValue"] for one in parameters}
    assert values["rds.force_ssl"] == "1"
    assert values["shared_preload_libraries"] == "pg_stat_statements"


def test_rds_keeps_the_masters_password(database) -> None:
    assert database["MasterUserSecret"]["SecretArn"]


def test_cache_is_encrypted_on_the_way_and_at_rest(cache) -> None:
    assert cache["TransitEncryptionEnabled"] is True
    assert cache["AtRestEncryptionEnabled"] is True
    assert cache["AuthTokenEnabled"] is True


def test_cache_of_prod_has_a_second_node_in_another_zone(cache) -> None:
    assert cache["AutomaticFailover"] == "enabled"
    assert cache["MultiAZ"] == "enabled"
    assert len(cache["MemberClusters"]) == 2


def test_cluster_mode_of_the_cache_is_off(cache) -> None:
    assert cache["ClusterEnabled"] is False


def test_full_cache_refuses_instead_of_forgetting(prod) -> None:
    settings = prod.asked("data", "CacheSettings")
    assert settings["Properties"] == {"maxmemory-policy": "noeviction"}


def test_app_secret_holds_what_the_settings_read(prod) -> None:
    found = secret(prod, "app")
    assert set(found) == {"SECRET_KEY", "MAIL_URL"}
    assert len(found["SECRET_KEY"]) == 64
    assert found["MAIL_URL"] == "ses://us-east-1"


def test_origin_secret_is_apart_from_what_hosts_read(prod) -> None:
    found = secret(prod, "origin")
    assert set(found) == {"ORIGIN_VERIFY"}
    assert len(found["ORIGIN_VERIFY"]) == 48


def test_database_secret_says_where_and_as_whom(prod, database) -> None:
    found = secret(prod, "database")
    assert found["host"] == database["Endpoint"]["Address"]
    assert found["port"] == 5432
    assert found["dbname"] == "jyoti"
    assert found["username"] == "jyoti_app"
    assert found["masterarn"] == database["MasterUserSecret"]["SecretArn"]
    assert len(found["password"]) == 32


def test_cache_asks_for_the_token_of_its_secret(prod) -> None:
    assert len(secret(prod, "cache")["auth_token"]) == 64


@pytest.mark.parametrize("name", ["LogBucket", "MediaBucket", "ReleaseBucket"])
def test_bucket_is_private_and_encrypted(prod, ids, name) -> None:
    s3 = prod.client("s3")
    block = s3.get_public_access_block(Bucket=ids[name])["PublicAccessBlockConfiguration"]
    rules = s3.get_bucket_encryption(Bucket=ids[name])["ServerSideEncryptionConfiguration"]["Rules"]
    assert set(block.values()) == {True}
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}


@pytest.mark.parametrize("name", ["MediaBucket", "ReleaseBucket"])
def test_bucket_keeps_what_was_overwritten(prod, ids, name) -> None:
    assert prod.client("s3").get_bucket_versioning(Bucket=ids[name])["Status"] == "Enabled"


@pytest.mark.parametrize("name", ["LogBucket", "MediaBucket", "ReleaseBucket"])
def test_bucket_refuses_plain_http(prod, ids, name) -> None:
    policy = json.loads(prod.client("s3").get_bucket_policy(Bucket=ids[name])["Policy"])
    refused = [
        one
        for one in policy["Statement"]
        if one["Effect"] == "Deny"
        and one.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert [one["Principal"] for one in refused] == ["*"]


@pytest.mark.parametrize("name", ["LogBucket", "MediaBucket", "ReleaseBucket"])
def test_no_policy_of_a_bucket_lets_everybody_in(prod, ids, name) -> None:
    policy = json.loads(prod.client("s3").get_bucket_policy(Bucket=ids[name])["Policy"])
    allowed = [one["Principal"] for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert "*" not in allowed
    assert {"AWS": "*"} not in allowed
