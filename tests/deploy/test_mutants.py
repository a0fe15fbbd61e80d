"""The checks bite: each of these changes is a fault, and the named check is what finds it.

`cfn-lint` is the linter itself, in this process; all others are invariants.CHECKS. Nothing but the
first kind knows names and values that AWS takes; nothing but the second looks at two files at once.
"""

from dataclasses import dataclass

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.deploy.invariants import CHECKS
from tests.deploy.sources import REAL, Sources

CFN_LINT = "cfn-lint"


@dataclass(frozen=True)
class Mutant:
    """A fault: in `path`, `old` became `new`. `caught_by` finds it and says `says`."""

    name: str
    path: str
    old: str
    new: str
    caught_by: str
    says: str


APP = "deploy/cfn/app.yaml"
DATA = "deploy/cfn/data.yaml"
NETWORK = "deploy/cfn/network.yaml"
WEB = "deploy/cfn/web.yaml"
WATCH = "deploy/cfn/observability.yaml"
CICD = "deploy/cfn/cicd.yaml"

MUTANTS = [
    Mutant(
        "property misspelt",
        APP,
        "      DefaultInstanceWarmup: 240",
        "      DefaultInstanceWarmUp: 240",
        CFN_LINT,
        "E3002",
    ),
    Mutant(
        "value that AWS does not know",
        APP,
        "      Scheme: internet-facing\n",
        "      Scheme: external\n",
        CFN_LINT,
        "E3030",
    ),
    Mutant(
        "metric for scaling that does not exist",
        APP,
        "PredefinedMetricType: ASGAverageCPUUtilization",
        "PredefinedMetricType: AverageCPU",
        CFN_LINT,
        "E3030",
    ),
    Mutant(
        "HTTPS without a certificate",
        APP,
        "      Certificates:\n        - CertificateArn: "
        "!If [MakesCertificate, !Ref Certificate, !Ref CertificateArn]\n",
        "",
        CFN_LINT,
        "E3676",
    ),
    Mutant(
        "reference to nothing",
        APP,
        "      LaunchTemplate:\n        LaunchTemplateId: !Ref Host\n",
        "      LaunchTemplate:\n        LaunchTemplateId: !Ref Hots\n",
        CFN_LINT,
        "E1020",
    ),
    Mutant(
        "import of a name that nobody exports",
        APP,
        "Fn::ImportValue: !Sub ${Project}-${Stage}-HostSubnetIds",
        "Fn::ImportValue: !Sub ${Project}-${Stage}-HostSubnets",
        "imports_are_exported_before",
        "HostSubnets",
    ),
    Mutant(
        "target group on a port that the security group does not open",
        APP,
        "      Port: 8082\n",
        "      Port: 9999\n",
        "constants_agree",
        "9999",
    ),
    Mutant(
        "rule that forwards without the secret header",
        APP,
        "            HttpHeaderName: X-Origin-Verify\n"
        "            Values:\n"
        '              - !Sub "{{resolve:secretsmanager:${Project}/${Stage}/origin:SecretString:'
        'ORIGIN_VERIFY}}"\n'
        "              - !If\n"
        "                - AcceptsPrevious\n"
        '                - !Sub "{{resolve:secretsmanager:${Project}/${Stage}/origin:SecretString:'
        'ORIGIN_VERIFY:AWSPREVIOUS}}"\n'
        "                - !Ref AWS::NoValue\n"
        "      Actions:\n"
        "        - {Type: forward, TargetGroupArn: !Ref HttpTargets}\n",
        "            HttpHeaderName: X-Forwarded-For\n"
        "            Values: ['*']\n"
        "      Actions:\n"
        "        - {Type: forward, TargetGroupArn: !Ref HttpTargets}\n",
        "forwarding_asks_for_the_secret",
        "app.HttpRule",
    ),
    Mutant(
        "header that CloudFront names otherwise than the balancer",
        WEB,
        "- HeaderName: X-Origin-Verify",
        "- HeaderName: X-Origin-Secret",
        "constants_agree",
        "X-Origin-Secret",
    ),
    Mutant(
        "database with an address of the internet",
        DATA,
        "      PubliclyAccessible: false\n",
        "      PubliclyAccessible: true\n",
        "databases_are_not_public",
        "data.Database",
    ),
    Mutant(
        "database open to the network instead of the hosts",
        NETWORK,
        "      GroupId: !Ref DatabaseSecurityGroup\n"
        "      Description: PostgreSQL from the hosts\n"
        "      IpProtocol: tcp\n"
        "      FromPort: 5432\n"
        "      ToPort: 5432\n"
        "      SourceSecurityGroupId: !Ref AppSecurityGroup\n",
        "      GroupId: !Ref DatabaseSecurityGroup\n"
        "      Description: PostgreSQL from the hosts\n"
        "      IpProtocol: tcp\n"
        "      FromPort: 5432\n"
        "      ToPort: 5432\n"
        "      CidrIp: 10.40.0.0/16\n",
        "only_groups_reach_the_data",
        "DatabaseSecurityGroup",
    ),
    Mutant(
        "balancer open to everybody",
        NETWORK,
        "          SourcePrefixListId: !Ref CloudFrontPrefixListId\n",
        "          CidrIp: 0.0.0.0/0\n",
        "balancer_is_open_to_cloudfront_alone",
        "0.0.0.0/0",
    ),
    Mutant(
        "port 22 among those of the hosts",
        NETWORK,
        "      Description: HTTP and sockets from the balancer\n"
        "      IpProtocol: tcp\n"
        "      FromPort: 8081\n",
        "      Description: HTTP and sockets from the balancer\n"
        "      IpProtocol: tcp\n"
        "      FromPort: 22\n",
        "nobody_comes_by_ssh",
        "network.AppSecurityGroup",
    ),
    Mutant(
        "hosts that end without draining",
        APP,
        "autoscaling:EC2_INSTANCE_TERMINATING",
        "autoscaling:EC2_INSTANCE_LAUNCHING",
        "hosts_drain_before_they_end",
        "app.Hosts",
    ),
    Mutant(
        "metadata without a token",
        APP,
        "          HttpTokens: required\n",
        "          HttpTokens: optional\n",
        "metadata_wants_a_token",
        "app.Host",
    ),
    Mutant(
        "alarm on a metric that nobody sends",
        WATCH,
        "      Namespace: Jyoti\n      MetricName: MessageDelay\n",
        "      Namespace: Jyoti\n      MetricName: MessagesDelay\n",
        "metrics_come_from_somewhere",
        "MessagesDelay",
    ),
    Mutant(
        "graph of a metric that nobody sends",
        WATCH,
        '["Jyoti", "disk_used_percent"',
        '["Jyoti", "disk_full_percent"',
        "metrics_come_from_somewhere",
        "disk_full_percent",
    ),
    Mutant(
        "log group with another name than the agent writes to",
        WATCH,
        "LogGroupName: !Sub /${Project}/${Stage}/worker",
        "LogGroupName: !Sub /${Project}/${Stage}/jobs",
        "constants_agree",
        "jobs",
    ),
    Mutant(
        "file of the agent that rsyslog does not write",
        "deploy/rsyslog/20-jyoti.conf",
        'file="/var/log/jyoti/ws.log"',
        'file="/var/log/jyoti/sockets.log"',
        "constants_agree",
        "sockets",
    ),
    Mutant(
        "unit on another port than the balancer asks",
        "deploy/systemd/aws/jyoti-http.socket.d/20-aws.conf",
        "ListenStream=0.0.0.0:8081",
        "ListenStream=0.0.0.0:8080",
        "constants_agree",
        "8080",
    ),
    Mutant(
        "server that closes connections before the balancer does",
        "deploy/gunicorn/http.py",
        "keepalive = 130",
        "keepalive = 65",
        "constants_agree",
        "seconds.keep_alive",
    ),
    Mutant(
        "service that is killed before it has ended its requests",
        "deploy/systemd/jyoti-http.service",
        "TimeoutStopSec=40",
        "TimeoutStopSec=10",
        "constants_agree",
        "seconds.http_stop",
    ),
    Mutant(
        "event that the filter does not look for",
        "messaging/consumers/delays.py",
        '"event": "message_delay"',
        '"event": "delay"',
        "constants_agree",
        "metrics.message_delay",
    ),
    Mutant(
        "promise that the smoke test does not keep",
        "config/ops/smoke/limits.py",
        '"ms", 500)',
        '"ms", 800)',
        "constants_agree",
        "success.api_ms",
    ),
    Mutant(
        "two documents of one name",
        WATCH,
        "      Name: !Sub ${Project}-${Stage}-agent\n      DocumentType",
        "      Name: !Sub ${Project}-${Stage}-migrate\n      DocumentType",
        "names_are_given_once",
        "app.Migrate",
    ),
    Mutant(
        "bucket that a policy could open",
        WEB,
        "        BlockPublicPolicy: true\n",
        "        BlockPublicPolicy: false\n",
        "buckets_are_private",
        "web.SpaBucket",
    ),
    Mutant(
        "role that any branch of ours may take",
        CICD,
        "sub: !Sub repo:${Repository}:environment:${Stage}-infra",
        "sub: !Sub repo:${Repository}:*",
        "github_is_held_to_our_repository",
        "cicd.",
    ),
    Mutant(
        "pictures that go with their stack",
        DATA,
        "  MediaBucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n",
        "  MediaBucket:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Delete\n",
        "databases_and_buckets_are_kept",
        "data.MediaBucket",
    ),
]


def findings(sources: Sources, check: str, path: str) -> list[str]:
    """What one check says of the sources; the linter reads only the file in question."""
    if check == CFN_LINT:
        arguments = ManualArgs(regions=["us-east-1"])
        return [match.rule.id for match in lint(sources.text(path), config=arguments)]
    return CHECKS[check](sources)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_is_caught(mutant: Mutant, record_property) -> None:
    record_property("caught_by", mutant.caught_by)
    mutated = REAL.mutated(mutant.path, mutant.old, mutant.new)
    assert any(mutant.says in one for one in findings(mutated, mutant.caught_by, mutant.path))


def test_every_check_of_the_templates_has_caught_something() -> None:
    """But for those whose mutant would be the check's own words again."""
    plain = {
        "alarms_tell_somebody",
        "cache_speaks_tls",
        "filters_read_groups_that_are_made",
        "logs_end_one_day",
        "templates_fit_into_a_call",
        "user_data_holds_no_secret",
    }
    assert set(CHECKS) - {mutant.caught_by for mutant in MUTANTS} == plain
