"""What the commands ask of AWS: leaving the balancer, the end of a host, the published client."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from config import client as box
from deploy.hosts import drain as draining
from deploy.hosts import lifecycle, publish
from deploy.hosts.instance import Instance, metadata

REGION, TOKEN = "us-east-1", "metadata-token"
BUCKET = "jyoti-client"
DAYS = timedelta(days=30)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws(config={"core": {"passthrough": {"urls": [r"127\.0\.0\.1"]}}}):
        yield


@pytest.fixture
def metadata_service() -> Iterator[tuple[str, dict[str, str]]]:
    """IMDSv2: values only for who brings the token that it gave."""
    values = {"instance-id": "i-0123456789abcdef0"}

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            has_ttl = "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
            self._say(TOKEN if has_ttl and self.path.endswith("/api/token") else None)

        def do_GET(self) -> None:
            is_known = self.headers.get("X-aws-ec2-metadata-token") == TOKEN
            self._say(
                values.get(self.path.removeprefix("/latest/meta-data/")) if is_known else None
            )

        def _say(self, value: str | None) -> None:
            self.send_response(404 if value is None else 200)
            self.end_headers()
            self.wfile.write((value or "").encode())

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/latest", values
    server.shutdown()
    server.server_close()


def network() -> tuple[Any, list[str], str]:
    ec2 = boto3.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]][:2]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    started = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets[0])
    return vpc, subnets, started["Instances"][0]["InstanceId"]


@pytest.fixture
def instance() -> Instance:
    """A host that is registered behind a balancer in two target groups."""
    vpc, subnets, host = network()
    elb = boto3.client("elbv2")
    balancer = elb.create_load_balancer(Name="jyoti", Subnets=subnets)["LoadBalancers"][0]
    arns = []
    for name, port in (("http", 8081), ("ws", 8082)):
        made = elb.create_target_group(Name=name, Protocol="HTTP", Port=port, VpcId=vpc)
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": host}])
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
        )
        arns.append(arn)
    return Instance(id=host, target_groups=tuple(arns), group="jyoti-prod-app", hook="drain")


def registered(instance: Instance) -> list[int]:
    """The ports at which the balancer has this host."""
    elb = boto3.client("elbv2")
    return [
        item["Target"]["Port"]
        for arn in instance.target_groups
        for item in elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        if item["Target"]["Id"] == instance.id and item["TargetHealth"]["State"] != "draining"
    ]


def test_metadata_is_read_by_its_second_version(metadata_service) -> None:
    base, _ = metadata_service
    assert metadata("instance-id", base=base) == "i-0123456789abcdef0"
    assert metadata("autoscaling/target-lifecycle-state", base=base) == ""


def test_host_knows_its_place_by_the_file_of_its_stage(metadata_service) -> None:
    base, _ = metadata_service
    stage = {"JYOTI_TARGET_GROUPS": "arn:a,arn:b", "JYOTI_GROUP": "app", "JYOTI_HOOK": "drain"}
    found = Instance.here(stage, base=base)
    assert found == Instance("i-0123456789abcdef0", ("arn:a", "arn:b"), "app", "drain")


def test_box_without_a_balancer_asks_nobody() -> None:
    nowhere = Instance.here({}, base="http://127.0.0.1:1/latest")
    nowhere.leave()
    assert nowhere == Instance("", (), "", "")
    assert nowhere.wait_until_gone(within_s=0)


def test_drain_raises_the_flag_and_leaves_both_target_groups(
    instance: Instance, tmp_path: Path
) -> None:
    flag = tmp_path / "draining"
    assert registered(instance) == [8081, 8082]
    draining.drain(instance, flag=flag, sockets_s=0)
    assert flag.exists()
    assert registered(instance) == []


def test_flag_is_up_before_the_balancer_is_asked(instance: Instance, tmp_path: Path) -> None:
    """/readyz says 503 and sockets leave even where AWS does not answer."""
    flag = tmp_path / "draining"
    lost = Instance(instance.id, ("arn:aws:elasticloadbalancing:none",), "", "")
    with pytest.raises(ClientError):
        draining.drain(lost, flag=flag, sockets_s=0)
    assert flag.exists()


def test_drain_waits_for_the_sockets_without_a_balancer(tmp_path: Path) -> None:
    began = datetime.now(UTC)
    draining.drain(Instance("", (), "", ""), flag=tmp_path / "draining", sockets_s=0.4)
    assert (datetime.now(UTC) - began).total_seconds() >= 0.4


def test_undo_takes_part_again(instance: Instance, tmp_path: Path) -> None:
    flag = tmp_path / "draining"
    draining.drain(instance, flag=flag, sockets_s=0)
    draining.undo(instance, flag=flag)
    assert not flag.exists()
    assert registered(instance) == [8081, 8082]


class Asked:
    """What Auto Scaling was told; moto knows no lifecycle actions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.actions: list[dict[str, str]] = []
        client = boto3.client

        def make(name: str) -> Any:
            return self if name == "autoscaling" else client(name)

        monkeypatch.setattr("deploy.hosts.instance.boto3.client", make)

    def complete_lifecycle_action(self, **said: str) -> None:
        self.actions.append(said)


def test_watch_ends_only_when_the_host_is_to_end() -> None:
    states = iter(["", "InService", "InService", "Terminated"])
    lifecycle.wait_for_the_end(lambda: next(states), poll_s=0)
    assert list(states) == []


@pytest.mark.parametrize("is_broken", [False, True], ids=["drained", "drain failed"])
def test_host_is_let_go_either_way(monkeypatch: pytest.MonkeyPatch, is_broken: bool) -> None:
    instance = Instance("i-1", (), "jyoti-prod-app", "drain")
    asked = Asked(monkeypatch)
    emptied: list[Instance] = []

    def empty(host: Instance) -> None:
        emptied.append(host)
        if is_broken:
            raise OSError("no answer")

    lifecycle.end(instance, empty)
    assert emptied == [instance]
    assert asked.actions == [
        {
            "AutoScalingGroupName": "jyoti-prod-app",
            "LifecycleHookName": "drain",
            "InstanceId": "i-1",
            "LifecycleActionResult": "CONTINUE",
        }
    ]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built client."""
    for name, content in {
        "index.html": "page 1",
        "index.html.br": "smaller",
        "boot.js": "boot",
        "favicon.svg": "<svg/>",
        "manifest.webmanifest": "{}",
        "icons/icon-512.png": "png",
        "assets/app-1a2b3c4d.js": "code",
        "assets/app-1a2b3c4d.js.gz": "smaller",
        "assets/app-5e6f7a8b.css": "style",
    }.items():
        path = tmp_path / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "dist"


@pytest.fixture
def bucket() -> Any:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    return s3


def stored(s3: Any) -> set[str]:
    names = {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}
    return names - {publish.DROPPED}


def published(dist: Path) -> list[str]:
    return publish.Client(BUCKET, dist).publish(keep=DAYS)


def order_of_uploads(dist: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    upload = publish.Client._upload

    def watch(self: publish.Client, name: str) -> None:
        seen.append(name)
        upload(self, name)

    monkeypatch.setattr(publish.Client, "_upload", watch)
    published(dist)
    return seen


def test_files_come_before_the_page_that_names_them(
    bucket: Any, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_of_uploads(dist, monkeypatch)
    assert [name.startswith("assets/") for name in order] == [True, True] + [False] * 5
    assert order[-1] == "index.html"


def test_edge_compresses_so_that_the_twins_stay_here(bucket: Any, dist: Path) -> None:
    published(dist)
    assert not [name for name in stored(bucket) if name.endswith((".gz", ".br"))]


def test_file_says_how_long_it_may_be_kept_and_what_it_is(bucket: Any, dist: Path) -> None:
    published(dist)
    heads = {name: bucket.head_object(Bucket=BUCKET, Key=name) for name in stored(bucket)}
    assert {name: (head["CacheControl"], head["ContentType"]) for name, head in heads.items()} == {
        "assets/app-1a2b3c4d.js": ("max-age=315360000, public, immutable", "text/javascript"),
        "assets/app-5e6f7a8b.css": ("max-age=315360000, public, immutable", "text/css"),
        "boot.js": ("no-cache", "text/javascript"),
        "favicon.svg": ("max-age=0, public", "image/svg+xml"),
        "icons/icon-512.png": ("max-age=0, public", "image/png"),
        "index.html": ("no-cache", "text/html"),
        "manifest.webmanifest": ("no-cache", "application/manifest+json"),
    }


def test_rule_of_hashed_files_is_that_of_the_server() -> None:
    assert publish.HASHED.pattern == box.HASHED.pattern.replace("^/", "^")


def test_second_time_uploads_and_invalidates_nothing(bucket: Any, dist: Path) -> None:
    assert set(published(dist)) == {
        "boot.js",
        "favicon.svg",
        "icons/icon-512.png",
        "index.html",
        "manifest.webmanifest",
    }
    assert published(dist) == []


def test_only_what_changed_and_has_no_hash_is_invalidated(bucket: Any, dist: Path) -> None:
    published(dist)
    (dist / "index.html").write_text("page 2")
    (dist / "assets/app-99999999.js").write_text("new code")
    assert published(dist) == ["index.html"]


def test_hashed_files_of_the_release_before_stay_for_open_pages(bucket: Any, dist: Path) -> None:
    published(dist)
    (dist / "assets/app-1a2b3c4d.js").unlink()
    published(dist)
    assert "assets/app-1a2b3c4d.js" in stored(bucket)


def test_hashed_file_goes_when_no_release_named_it_for_long(bucket: Any, dist: Path) -> None:
    """It counts from the day on which it was missing first, however old it was by then."""
    published(dist)
    (dist / "assets/app-1a2b3c4d.js").unlink()
    published(dist)
    note = json.loads(bucket.get_object(Bucket=BUCKET, Key=publish.DROPPED)["Body"].read())
    assert list(note) == ["assets/app-1a2b3c4d.js"]
    long_ago = datetime.now(UTC) - DAYS - timedelta(minutes=1)
    note = {name: long_ago.isoformat() for name in note}
    bucket.put_object(Bucket=BUCKET, Key=publish.DROPPED, Body=json.dumps(note))
    published(dist)
    assert "assets/app-1a2b3c4d.js" not in stored(bucket)
    assert "assets/app-5e6f7a8b.css" in stored(bucket)


def test_file_that_is_named_again_is_not_forgotten(bucket: Any, dist: Path) -> None:
    published(dist)
    content = (dist / "assets/app-1a2b3c4d.js").read_text()
    (dist / "assets/app-1a2b3c4d.js").unlink()
    published(dist)
    (dist / "assets/app-1a2b3c4d.js").write_text(content)
    published(dist)
    note = json.loads(bucket.get_object(Bucket=BUCKET, Key=publish.DROPPED)["Body"].read())
    assert note == {}


def test_folder_without_a_page_is_not_published(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=re.escape("has no index.html")):
        published(tmp_path)
    assert stored(bucket) == set()


def test_invalidation_names_the_files(bucket: Any) -> None:
    front = boto3.client("cloudfront")
    origin = {
        "Id": "s3",
        "DomainName": "x.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    made = front.create_distribution(
        DistributionConfig={
            "CallerReference": "1",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "s3",
                "ViewerProtocolPolicy": "redirect-to-https",
            },
        }
    )
    distribution = made["Distribution"]["Id"]
    publish.invalidate(distribution, ["boot.js", "index.html"])
    listed = front.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
    asked = front.get_invalidation(DistributionId=distribution, Id=listed[0]["Id"])
    paths = asked["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
    assert paths == ["/boot.js", "/index.html"]
