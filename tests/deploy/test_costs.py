"""COSTS.md adds up costs.toml."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from deploy import costs
from deploy.templates import FOLDER, LAYERS, load

#: Prices that only a sentence or a claim names.
NAMED_ONLY = {"t3_medium", "endpoint"}

COUNTED = (
    "alarm",
    "cache_micro",
    "dashboard",
    "database_disk_two",
    "firewall",
    "firewall_rule",
    "health_check",
    "key",
    "nat",
    "secret",
    "t3_small",
)

TOY = """
[about]
as_of = 2026-01-31
region = "nowhere-1"
hours = 730
[price.host]
text = "Host"
unit = "hour"
usd = "0.0104"
seen = "quoted"
page = "https://example.org/host"
[price.data]
text = "Data"
unit = "GB"
usd = "0.09"
seen = "provider"
page = "https://example.org/data"
[profile.single]
title = "One"
text = "one host"
lines = [{ price = "host", use = 730 }, { price = "data", use = 150, free = 100 }]
[profile.two]
title = "Two"
text = "another one"
base = "single"
lines = [{ price = "host", use = 730 }, { price = "data", use = 50, free = 100 }]
[profile.less]
title = "Less"
text = "taken away"
base = "two"
lines = [{ price = "data", use = -10 }]
[[claim]]
said = "free"
today = "${single}"
"""


def test_a_profile_costs_its_lines_beyond_what_is_free_and_its_base() -> None:
    found = costs.read(TOY)
    assert found.profiles["single"].usd == Decimal("12.0920")
    assert found.profiles["two"].usd == Decimal("19.6840")
    assert found.profiles["less"].usd == Decimal("18.7840")
    assert costs.cents(found.profiles["two"].usd) == "19.68"
    assert costs.cents(Decimal("0.125")) == "0.13"


def test_sums_are_printed_and_put_into_claims() -> None:
    page = costs.page(costs.read(TOY))
    assert "| [Two](#two) | **19.68** |" in page
    assert "| Data | 150 | 100 | 0.09 / GB | 4.50 |" in page
    assert "| free | $12.09 |" in page


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('price = "data"', 'price = "dat"'), ('base = "single"', 'base = "x"'), ("quoted", "felt")],
)
def test_a_name_that_is_not_defined_is_refused(right: str, wrong: str) -> None:
    with pytest.raises(KeyError):
        costs.read(TOY.replace(right, wrong))


def test_the_printed_lines_of_each_profile_add_up_to_its_printed_sum() -> None:
    sections = re.split(r"(?m)^## ", costs.PAGE.read_text())
    checked = 0
    for section in sections:
        amounts = [Decimal(found) for found in re.findall(r"\| (-?\d+\.\d\d) \|\n", section)]
        total = re.search(r"\*\*Sum\*\* .*\*\*(\d+\.\d\d)\*\*", section)
        if total:
            checked += 1
            assert abs(sum(amounts) - Decimal(total[1])) <= Decimal("0.01") * len(amounts)
    assert checked == len(costs.read(costs.SOURCE.read_text()).profiles) == 6


def test_every_price_is_used_and_costs_md_is_up_to_date() -> None:
    found = costs.read(costs.SOURCE.read_text())
    used = {line.price for profile in found.profiles.values() for line in profile.lines}
    assert {name for name, price in found.prices.items() if price not in used} <= NAMED_ONLY
    assert costs.main(["--check"]) == 0


def test_a_stale_page_of_costs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(costs, "PAGE", tmp_path / "COSTS.md")
    with pytest.raises(SystemExit) as ended:
        costs.main(["--check"])
    assert ended.value.code == 1
    assert "python -m deploy.costs" in capsys.readouterr().err
    assert costs.main([]) == 0
    assert costs.main(["--check"]) == 0


def test_what_is_counted_is_what_templates_and_parameters_make() -> None:
    profile = costs.read(costs.SOURCE.read_text()).profiles["prod"]
    use = {line.price.text: int(line.use) for line in profile.lines}
    prices = {name: costs.read(costs.SOURCE.read_text()).prices[name].text for name in COUNTED}
    stage = json.loads((FOLDER / "params/prod.json").read_text())["Stacks"]
    resources = [
        resource
        for stack in LAYERS
        if stack != "region"
        for resource in load(stack)["Resources"].values()
    ]
    kinds = Counter(resource["Type"] for resource in resources)
    acl = load("web")["Resources"]["WebAcl"]["Properties"]
    made = {
        "alarm": kinds["AWS::CloudWatch::Alarm"],
        "dashboard": kinds["AWS::CloudWatch::Dashboard"],
        "database_disk_two": stage["data"]["DatabaseStorageGb"],
        "cache_micro": 730 * stage["data"]["CacheNodes"],
        "firewall": kinds["AWS::WAFv2::WebACL"],
        "firewall_rule": len(acl["Rules"]),
        "health_check": kinds["AWS::Route53::HealthCheck"],
        "key": kinds["AWS::KMS::Key"],
        "nat": 730 * {"none": 0, "one": 1, "per-az": 2}[stage["network"]["NatGateways"]],
        "secret": kinds["AWS::SecretsManager::Secret"],  # the master's: RDS's own or ours
        "t3_small": 730 * stage["app"]["MinHosts"],
    }
    assert {name: use[prices[name]] for name in COUNTED} == made
    assert stage["app"]["InstanceType"] == "t3.small"
    assert stage["data"]["DatabaseMultiAz"] is True


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_the_budget_alarm_of_a_stage_is_near_its_sum(stage: str) -> None:
    parameters = json.loads((FOLDER / f"params/{stage}.json").read_text())["Stacks"]
    budget = parameters["observability"]["MonthlyBudgetUsd"]
    assert 0.9 < budget / costs.read(costs.SOURCE.read_text()).profiles[stage].usd < 2
