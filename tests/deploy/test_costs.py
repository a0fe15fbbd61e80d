"""COSTS.md adds up costs.toml."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from deploy import costs

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
[[claim]]
said = "free"
today = "${single}"
"""


def test_a_profile_costs_its_lines_beyond_what_is_free_and_its_base() -> None:
    found = costs.read(TOY)
    assert found.profiles["single"].usd == Decimal("12.0920")
    assert found.profiles["two"].usd == Decimal("19.6840")
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
        amounts = [Decimal(found) for found in re.findall(r"\| (\d+\.\d\d) \|\n", section)]
        total = re.search(r"\*\*Sum\*\* .*\*\*(\d+\.\d\d)\*\*", section)
        if total:
            checked += 1
            assert abs(sum(amounts) - Decimal(total[1])) <= Decimal("0.01") * len(amounts)
    assert checked == len(costs.read(costs.SOURCE.read_text()).profiles) == 5


def test_every_price_is_used_and_costs_md_is_up_to_date() -> None:
    found = costs.read(costs.SOURCE.read_text())
    used = {line.price for profile in found.profiles.values() for line in profile.lines}
    spare = {"t3_medium", "endpoint"}  # named in the text only
    assert {name for name, price in found.prices.items() if price not in used} <= spare
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
