"""What a stage is made of: which stacks, where, and with which parameters."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy import templates
from deploy.stackctl.errors import UsageError

STAGES = ("staging", "prod")
#: CloudFormation takes no longer template in a call; a longer one would need a bucket first.
LONGEST_TEMPLATE = 51_200


@dataclass(frozen=True)
class StackSpec:
    """One stack as it should be: its template and the value of each parameter without default."""

    name: str  # "network"
    full_name: str  # "jyoti-prod-network", as AWS knows it
    region: str
    body: str
    parameters: dict[str, str]
    tags: dict[str, str]


@dataclass(frozen=True)
class Stage:
    """A parameter file, read."""

    path: Path
    name: str
    project: str
    region: str
    common: dict[str, str]
    own: dict[str, dict[str, str]]
    regions: dict[str, str]

    def stack(self, name: str) -> StackSpec:
        """What this stack should be; UsageError names every parameter that is wrong."""
        body = templates.path_of(name).read_text()
        if len(body.encode()) > LONGEST_TEMPLATE:
            raise UsageError(f"{name}.yaml is over {LONGEST_TEMPLATE} bytes: split the stack")
        return StackSpec(
            name=name,
            full_name=f"{self.project}-{self.name}-{name}",
            region=self.regions.get(name, self.region),
            body=body,
            parameters=self._parameters(name, templates.parse(body).get("Parameters", {})),
            tags={"Project": self.project, "Stage": self.name, "Stack": name},
        )

    def _parameters(self, name: str, declared: dict[str, Any]) -> dict[str, str]:
        own = self.own.get(name, {})
        given = {"Project": self.project, "Stage": self.name, **self.common, **own}
        values = {key: value for key, value in given.items() if key in declared}
        without = [key for key, about in declared.items() if "Default" not in about]
        faults = {
            "knows no parameter": set(own) - set(declared),
            "needs a value for": set(without) - set(values),
            "still has a placeholder in": {key for key in values if is_placeholder(values[key])},
        }
        said = [f"{what} {', '.join(sorted(keys))}" for what, keys in faults.items() if keys]
        if said:
            raise UsageError(f"{self.path.name}: {name}.yaml {'; '.join(said)}")
        return values


def is_placeholder(value: str) -> bool:
    """Whether somebody still has to put the real value there."""
    return re.search(r"^<.*>$|CHANGE_ME", value) is not None


def load(name: str, path: Path | None = None) -> Stage:
    """The stage of this name. UsageError when its file is missing or is no JSON object."""
    path = path or templates.FOLDER / "params" / f"{name}.json"
    try:
        about = json.loads(path.read_text())
        return Stage(
            path=path,
            name=name,
            project=about.get("Project", "jyoti"),
            region=about.get("Region", "us-east-1"),
            common=_texts(about.get("Parameters", {})),
            own={stack: _texts(values) for stack, values in about.get("Stacks", {}).items()},
            regions=_texts(about.get("Regions", {})),
        )
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, AttributeError) as error:
        raise UsageError(f"{path} is not as deploy/README.md says: {error}") from error


def _texts(values: dict[str, Any]) -> dict[str, str]:
    """CloudFormation takes every parameter as text, lists with commas."""
    return {key: _text(value) for key, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def chosen(names: Sequence[str]) -> list[str]:
    """These stacks in the order in which they are made; without names all layers, not `single`."""
    known = (*templates.LAYERS, templates.SINGLE)
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no such stack: {', '.join(unknown)} (there are {', '.join(known)})")
    return [name for name in known if name in names] if names else list(templates.LAYERS)
