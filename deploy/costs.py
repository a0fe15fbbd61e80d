"""`python -m deploy.costs`: COSTS.md from costs.toml; `--check` only says whether it is up to date.

A profile is what runs in one month; each of its lines is a use in the unit of a price. All sums are
exact decimals and are rounded to cents once, where they are printed.
"""

import argparse
import sys
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
SOURCE, PAGE = FOLDER / "costs.toml", FOLDER / "COSTS.md"
SEEN: Final = {
    "provider": "read at the provider",
    "quoted": "quoted by others",
    "recalled": "not found on a page",
}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one unit, and where that was read."""

    text: str
    unit: str
    usd: Decimal
    seen: str
    page: str


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of a price in a month; `free` is what an allowance takes off."""

    price: Price
    use: Decimal
    free: Decimal
    why: str

    @property
    def usd(self) -> Decimal:
        """Negative for what a profile takes away from the one it stands on."""
        paid = self.use if self.use < 0 else max(self.use - self.free, Decimal(0))
        return paid * self.price.usd


@dataclass(frozen=True, slots=True)
class Profile:
    """What runs in one month."""

    name: str
    title: str
    text: str
    lines: tuple[Line, ...]
    base: "Profile | None"

    @property
    def usd(self) -> Decimal:
        """The sum of its own lines and of the profile it stands on."""
        return sum((line.usd for line in self.lines), self.base.usd if self.base else Decimal(0))


@dataclass(frozen=True, slots=True)
class Costs:
    """All of costs.toml."""

    as_of: date
    region: str
    hours: int
    prices: dict[str, Price]
    profiles: dict[str, Profile]
    claims: tuple[tuple[str, str], ...]


def read(source: str) -> Costs:
    """Raises KeyError for a price, profile or way of seeing that is not defined."""
    data = tomllib.loads(source)
    prices = {name: _price(entry) for name, entry in data["price"].items()}
    profiles: dict[str, Profile] = {}
    for name, entry in data["profile"].items():
        base = profiles[entry["base"]] if "base" in entry else None
        lines = tuple(_line(line, prices) for line in entry["lines"])
        profiles[name] = Profile(name, entry["title"], entry["text"], lines, base)
    claims = tuple((claim["said"], claim["today"]) for claim in data.get("claim", []))
    about = data["about"]
    return Costs(about["as_of"], about["region"], about["hours"], prices, profiles, claims)


def cents(usd: Decimal) -> str:
    """Dollars and cents, halves upwards."""
    return str(usd.quantize(Decimal("0.01"), ROUND_HALF_UP))


def page(costs: Costs) -> str:
    """The text of COSTS.md."""
    parts = [_head(costs), _sums(costs), *map(_profile, costs.profiles.values())]
    return "\n".join([*parts, _free_tier(costs), _claims(costs), _prices(costs)])


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 if `--check` finds another text in COSTS.md than costs.toml gives."""
    parser = argparse.ArgumentParser(prog="python -m deploy.costs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if it is stale")
    options = parser.parse_args(arguments)
    text = page(read(SOURCE.read_text()))
    if not options.check:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        parser.exit(1, "deploy/COSTS.md is stale: python -m deploy.costs\n")
    return 0


def _price(entry: dict[str, Any]) -> Price:
    if entry["seen"] not in SEEN:
        raise KeyError(entry["seen"])
    return Price(entry["text"], entry["unit"], Decimal(entry["usd"]), entry["seen"], entry["page"])


def _line(entry: dict[str, Any], prices: dict[str, Price]) -> Line:
    use, free = Decimal(entry["use"]), Decimal(entry.get("free", 0))
    return Line(prices[entry["price"]], use, free, entry.get("why", ""))


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = ["---:" if name in {"$ a month", "$", "use", "free"} else "---" for name in head]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, rule, *rows])


def _head(costs: Costs) -> str:
    return f"""# What it costs

Made by `python -m deploy.costs` from [costs.toml](costs.toml). List prices of {costs.region} in US
dollars as of {costs.as_of.isoformat()}, on demand, {costs.hours} hours a month, without taxes, support or a domain's
yearly fee. No account was at hand: these are sums of published prices, not a bill. Verify each
price at its page before you decide by it; the table at the end says how each was found.
"""


def _sums(costs: Costs) -> str:
    rows = [
        [f"[{found.title}](#{_anchor(found.title)})", f"**{cents(found.usd)}**"]
        for found in costs.profiles.values()
    ]
    return _table(["what runs", "$ a month"], rows)


def _anchor(title: str) -> str:
    """As GitHub makes it from a heading."""
    return "".join(c for c in title.lower() if c.isalnum() or c in " -").replace(" ", "-")


def _profile(profile: Profile) -> str:
    rows = [
        [
            line.price.text + (f" ({line.why})" if line.why else ""),
            f"{line.use:,}",
            f"{line.free:,}" if line.free else "",
            f"{line.price.usd:f} / {line.price.unit}",
            cents(line.usd),
        ]
        for line in profile.lines
    ]
    if profile.base:
        rows.insert(0, [profile.base.title, "", "", "", cents(profile.base.usd)])
    rows.append(["**Sum**", "", "", "", f"**{cents(profile.usd)}**"])
    table = _table(["item", "use", "free", "price", "$"], rows)
    return f"## {profile.title}\n\n{profile.text}\n\n{table}"


def _free_tier(costs: Costs) -> str:
    single = cents(costs.profiles["single"].usd)
    return f"""## The free tier today

Two rules, by the day on which the account was opened
([AWS](https://aws.amazon.com/free/), [what changed](https://freetier.co/articles/aws-free-tier-changes-july-15-2025)):

- **On or after 2025-07-15**: $100 of credits at sign-up and up to $100 more for trying services
  (EC2, RDS, Lambda, Budgets, Bedrock). On the *Free Plan* nothing is charged, some services are
  closed, and the account closes after six months or when the credits are spent. On the *Paid Plan*
  the credits hold for twelve months and everything beyond is charged. Twelve months of free
  instances do not exist here. One box at ${single} a month is therefore paid by credits for the six
  months of the Free Plan, or for up to a year on the Paid Plan, and costs its price afterwards.
- **Before 2025-07-15**: 750 hours of a t2.micro or t3.micro, 30 GB of disk, 5 GB of S3 and more for
  the first twelve months. The last such year ended in July 2026.

Without an end for everybody: CloudFront 1 TB and 10 million requests, 100 GB to the internet,
10 alarms, 10 metrics, 3 dashboards, 5 GB of logs, certificates of ACM, gateway endpoints for S3.
SES has no free mail for new accounts since 2026-07-21; its old per-mail price ($0.10 per 1,000)
holds for accounts that sent before, and can be chosen by `aws sesv2 put-account-pricing-attributes`.

Credits do not pay for a domain's registration. Make a budget alarm before anything else.
"""


def _claims(costs: Costs) -> str:
    sums = {name: cents(profile.usd) for name, profile in costs.profiles.items()}
    rows = [[said, today.format(**sums)] for said, today in costs.claims]
    head = "## What the first documents said\n\n"
    return head + _table(["then", "today"], rows)


def _prices(costs: Costs) -> str:
    rows = [
        [price.text, f"{price.usd:f} / {price.unit}", f"[{SEEN[price.seen]}]({price.page})"]
        for price in costs.prices.values()
    ]
    return "## Prices\n\n" + _table(["what", "$", "seen"], rows)


if __name__ == "__main__":
    sys.exit(main())
