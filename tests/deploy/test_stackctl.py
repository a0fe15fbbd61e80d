"""The command that plans and applies the stacks, against an account in memory."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from deploy import templates
from deploy.stackctl import changes, commands, progress, stage
from deploy.stackctl.errors import StackError, UsageError
from tests.deploy import shim
from tests.deploy.account import run
from tests.deploy.shim.base import client

TOPIC = """
Parameters:
  Project: {Type: String}
  Stage: {Type: String}
  Title: {Type: String, Default: first}
  Release: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Title}}
Outputs:
  TopicArn: {Value: !Ref Topic, Export: {Name: !Sub "${Project}-${Stage}-TopicArn"}}
"""
QUEUE = """
Parameters:
  Project: {Type: String}
  Stage: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{Key: Topic, Value: {Fn::ImportValue: !Sub "${Project}-${Stage}-TopicArn"}}]
"""
PARAMETERS = {"Parameters": {"Release": "1.0"}, "Stacks": {"network": {"Title": "from the file"}}}


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two small layers, network and data, in an empty account."""
    (tmp_path / "params").mkdir()
    (tmp_path / "network.yaml").write_text(TOPIC)
    (tmp_path / "data.yaml").write_text(QUEUE)
    (tmp_path / "params/prod.json").write_text(json.dumps(PARAMETERS))
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    monkeypatch.setattr(templates, "LAYERS", ("network", "data"))
    monkeypatch.setattr("builtins.input", lambda _question: pytest.fail("asked something"))
    with shim.account():
        yield tmp_path


def apply(*more: str) -> tuple[int, str]:
    return run("apply", "--stage", "prod", "--yes", *more)


def title() -> str:
    topics = client("sns").list_topics()["Topics"]
    (topic,) = [client("sns").get_topic_attributes(TopicArn=one["TopicArn"]) for one in topics]
    return str(topic["Attributes"]["DisplayName"])


def test_apply_makes_the_layers_in_their_order() -> None:
    code, said = apply("data", "network")
    assert code == 0, said
    assert said.index("jyoti-prod-network: done") < said.index("jyoti-prod-data: new")
    assert title() == "from the file"


def test_apply_shows_each_step_with_its_time() -> None:
    _, said = apply("network")
    steps = [line for line in said.splitlines() if " s  " in line]
    assert [step.split()[2] for step in steps] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_applying_again_changes_nothing() -> None:
    apply()
    code, said = apply()
    assert code == 0
    assert said.splitlines() == [
        "jyoti-prod-network: nothing changes",
        "jyoti-prod-data: nothing changes",
    ]


def test_stacks_are_tagged_and_protected_from_deletion() -> None:
    apply("network")
    (found,) = client("cloudformation").describe_stacks()["Stacks"]
    assert {one["Key"]: one["Value"] for one in found["Tags"]} == {
        "Project": "jyoti",
        "Stage": "prod",
        "Stack": "network",
    }
    assert found["EnableTerminationProtection"] is True


def test_plan_says_what_is_new_and_leaves_nothing() -> None:
    code, said = run("plan", "--stage", "prod", "network")
    assert code == 0
    assert said.splitlines()[0] == "jyoti-prod-network: new, 1 add"
    assert said.splitlines()[1].split() == ["add", "AWS::SNS::Topic", "Topic"]
    assert (
        client("cloudformation").list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS"])[
            "StackSummaries"
        ]
        == []
    )


def test_plan_says_what_would_change_and_changes_nothing(small: Path) -> None:
    apply("network")
    (small / "network.yaml").write_text(
        TOPIC.replace("DisplayName", "FifoTopic: false, DisplayName")
    )
    code, said = run("plan", "--stage", "prod", "network", "--fail-on-changes")
    assert code == 3
    assert said.splitlines()[1].split()[:3] == ["change", "AWS::SNS::Topic", "Topic"]
    assert title() == "from the file"


def test_plan_without_changes_is_no_failure() -> None:
    apply("network")
    assert run("plan", "--stage", "prod", "network", "--fail-on-changes") == (
        0,
        "jyoti-prod-network: nothing changes\n",
    )


def test_outputs_can_be_read_by_programs() -> None:
    apply()
    code, said = run("outputs", "--stage", "prod", "--json")
    assert code == 0
    assert json.loads(said)["network"]["TopicArn"].startswith("arn:aws:sns:us-east-1:")


def test_set_beats_the_file() -> None:
    assert apply("network", "--set", "Title=by hand")[0] == 0
    assert title() == "by hand"


def test_set_of_a_parameter_that_no_stack_has_is_refused() -> None:
    code, said = apply("network", "--set", "Titel=by hand")
    assert (code, said) == (2, "no stack here has a parameter Titel\n")


def test_what_nobody_gives_keeps_the_value_of_the_stack(small: Path) -> None:
    apply("network", "--set", "Release=2.0")
    (small / "params/prod.json").write_text("{}")
    code, said = apply("network")
    assert code == 0, said
    (found,) = client("cloudformation").describe_stacks()["Stacks"]
    values = {one["ParameterKey"]: one["ParameterValue"] for one in found["Parameters"]}
    assert values["Release"] == "2.0"


def test_new_stack_without_a_value_is_named_before_anything_is_made(small: Path) -> None:
    (small / "params/prod.json").write_text("{}")
    code, said = apply("network")
    assert code == 2
    assert said.startswith("jyoti-prod-network needs a value for Release:")
    assert client("cloudformation").list_stacks()["StackSummaries"] == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"Stacks": {"network": {"Titel": "x"}}}, "knows no parameter Titel"),
        ({"Parameters": {"Release": "<the version>"}}, "still has a placeholder in Release"),
    ],
)
def test_wrong_parameter_file_is_refused(small: Path, parameters, said: str) -> None:
    (small / "params/prod.json").write_text(json.dumps(parameters))
    code, output = apply("network")
    assert code == 2
    assert said in output


def test_address_in_angle_brackets_is_no_placeholder() -> None:
    assert stage.is_placeholder("<Jyoti <hello@example.org>>")
    assert not stage.is_placeholder("Jyoti <hello@example.org>")


def test_missing_credentials_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as nobody:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            nobody.delenv(name, raising=False)
        nobody.setenv("AWS_EC2_METADATA_DISABLED", "true")
        nobody.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        nobody.setattr(boto3, "DEFAULT_SESSION", None)
        answer = run("plan", "--stage", "prod", "network")
    assert answer == (2, "no AWS credentials: sign in (aws sso login) or set AWS_PROFILE\n")


def test_unknown_stack_is_refused() -> None:
    assert run("plan", "--stage", "prod", "netwrok")[0] == 2


def test_nobody_at_the_terminal_means_no() -> None:
    code, said = run("apply", "--stage", "prod", "network")
    assert (code, said.splitlines()[-1]) == (2, "nobody is there to ask: say --yes")


def test_stack_that_failed_when_it_was_made_has_to_be_deleted_first() -> None:
    spec = stage.load("prod").stack("network")
    with pytest.raises(UsageError, match="delete it"):
        changes._check_status(spec, "ROLLBACK_COMPLETE")


def test_stack_at_work_is_left_alone() -> None:
    spec = stage.load("prod").stack("network")
    with pytest.raises(UsageError, match="wait until it is done"):
        changes._check_status(spec, "UPDATE_IN_PROGRESS")


def test_what_destroys_stands_first_in_the_table() -> None:
    spec = stage.load("prod").stack("network")
    rows = [
        changes.Change("Add", "", "AWS::SNS::Topic", "New", ()),
        changes.Change("Modify", "False", "AWS::SNS::Topic", "Kept", ("Properties",)),
        changes.Change("Modify", "True", "AWS::RDS::DBInstance", "Database", ("Properties",)),
        changes.Change("Remove", "", "AWS::SNS::Topic", "Old", ()),
    ]
    said = changes.table(changes.ChangeSet("arn", spec, is_new=False, changes=tuple(rows)))
    head, *lines = said.splitlines()
    assert head == "jyoti-prod-network: 1 REPLACE, 1 REMOVE, 1 change, 1 add"
    assert [line.split()[-2 if "(" in line else -1] for line in lines] == [
        "Database",
        "Old",
        "Kept",
        "New",
    ]


def event(logical_id: str, status: str, reason: str, number: int) -> dict[str, object]:
    return {
        "StackId": "arn",
        "EventId": str(number),
        "StackName": "jyoti-prod-network",
        "LogicalResourceId": logical_id,
        "ResourceType": "AWS::SNS::Topic",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "Timestamp": datetime.datetime.now(datetime.UTC),
    }


def test_failure_names_its_cause_and_not_what_followed_from_it() -> None:
    spec = stage.load("prod").stack("network")
    events = [
        event("Other", "CREATE_FAILED", "Resource creation cancelled", 2),
        event("Topic", "CREATE_FAILED", "Invalid parameter: DisplayName", 1),
    ]
    real = boto3.client("cloudformation", region_name="us-east-1")
    with Stubber(real) as answers:
        answers.add_response("describe_stack_events", {"StackEvents": []})
        answers.add_response(
            "describe_stacks",
            {
                "Stacks": [
                    {
                        "StackName": spec.full_name,
                        "CreationTime": datetime.datetime.now(datetime.UTC),
                        "StackStatus": "ROLLBACK_COMPLETE",
                    }
                ]
            },
        )
        answers.add_response("describe_stack_events", {"StackEvents": events})
        follower = progress.Follower(real, spec, lambda _text: None)
        with pytest.raises(StackError) as error:
            follower.until_done()
    assert str(error.value).splitlines() == [
        "jyoti-prod-network: ROLLBACK_COMPLETE",
        "  Topic (AWS::SNS::Topic): Invalid parameter: DisplayName",
    ]


def test_drift_names_what_was_changed_past_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = stage.load("prod").stack("network")
    real = boto3.client("cloudformation", region_name="us-east-1")
    monkeypatch.setattr(commands, "client_of", lambda _region: real)
    said: list[str] = []
    with Stubber(real) as answers:
        answers.add_response("detect_stack_drift", {"StackDriftDetectionId": "d"})
        answers.add_response(
            "describe_stack_drift_detection_status",
            {
                "StackId": "arn",
                "StackDriftDetectionId": "d",
                "DetectionStatus": "DETECTION_COMPLETE",
                "Timestamp": datetime.datetime.now(datetime.UTC),
            },
        )
        answers.add_response(
            "describe_stack_resource_drifts",
            {
                "StackResourceDrifts": [
                    {
                        "StackId": "arn",
                        "LogicalResourceId": "Topic",
                        "ResourceType": "AWS::SNS::Topic",
                        "StackResourceDriftStatus": "MODIFIED",
                        "Timestamp": datetime.datetime.now(datetime.UTC),
                        "PropertyDifferences": [
                            {
                                "PropertyPath": "/DisplayName",
                                "ExpectedValue": "a",
                                "ActualValue": "b",
                                "DifferenceType": "NOT_EQUAL",
                            }
                        ],
                    }
                ]
            },
        )
        work = commands.Work([spec], role="", say=said.append, confirm=lambda _question: True)
        assert commands.drift(work) == 1
    assert said[1].split() == ["MODIFIED", "AWS::SNS::Topic", "Topic", "/DisplayName"]
