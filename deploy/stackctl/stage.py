"""What a stage is made of: which stacks, where, and with which parameters.

cfn/params/<stage>.json holds, all but Parameters optional:

    {"Project": "jyoti", "Region": "us-east-1",
     "Parameters": {for every stack that has a parameter of that name},
     "Stacks": {"data": {for this stack alone, beating the former}},
     "Standby": {"Region": "...", "Parameters": {...}, "Stacks": {...}}}

Standby is laid over the rest for the stacks of the second region (--standby). What no file and no
--set gives keeps the value that the stack has already, such as the running release.
"""

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
    """One stack as it should be."""

    name: str  # "network"
    full_name: str  # "jyoti-prod-network", as AWS knows it
    region: str
    body: str
    parameters: dict[str, str]
    kept: tuple[str, ...]  # parameters that only the stack itself can tell; a new one can't
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
    given: dict[str, str]

    def stack(self, name: str) -> StackSpec:
        """What this stack should be; UsageError names every parameter that is wrong."""
        body = templates.path_of(name).read_text()
        if len(body.encode()) > LONGEST_TEMPLATE:
            raise UsageError(f"{name}.yaml is over {LONGEST_TEMPLATE} bytes: split the stack")
        declared = templates.parse(body).get("Parameters", {})
        parameters = self._parameters(name, declared)
        return StackSpec(
            name=name,
            full_name=f"{self.project}-{self.name}-{name}",
            region=self.region,
            body=body,
            parameters=parameters,
            kept=tuple(
                key
                for key, about in declared.items()
                if "Default" not in about and key not in parameters
            ),
            tags={"Project": self.project, "Stage": self.name, "Stack": name},
        )

    def _parameters(self, name: str, declared: dict[str, Any]) -> dict[str, str]:
        own = self.own.get(name, {})
        given = {"Project": self.project, "Stage": self.name, **self.common, **own, **self.given}
        values = {key: value for key, value in given.items() if key in declared}
        faults = {
            "knows no parameter": set(own) - set(declared),
            "still has a placeholder in": {key for key in values if is_placeholder(values[key])},
        }
        said = [f"{what} {', '.join(sorted(keys))}" for what, keys in faults.items() if keys]
        if said:
            raise UsageError(f"{self.path.name}: {name}.yaml {'; '.join(said)}")
        return values


def is_placeholder(value: str) -> bool:
    """Whether somebody still has to put the real value there."""
    return re.search(r"^<.*>$|CHANGE_ME", value) is not None


def load(
    name: str,
    *,
    given: dict[str, str] | None = None,
    is_standby: bool = False,
    path: Path | None = None,
) -> Stage:
    """The stage of this name; `given` beats its file. UsageError when the file can't be used."""
    path = path or templates.FOLDER / "params" / f"{name}.json"
    try:
        about = json.loads(path.read_text())
        layers = [about, about["Standby"]] if is_standby else [about]
        return Stage(
            path=path,
            name=name,
            project=about.get("Project", "jyoti"),
            region=layers[-1].get("Region", "us-east-1"),
            common=_laid_over([layer.get("Parameters", {}) for layer in layers]),
            own={
                stack: _laid_over([layer.get("Stacks", {}).get(stack, {}) for layer in layers])
                for layer in layers
                for stack in layer.get("Stacks", {})
            },
            given=given or {},
        )
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except KeyError as error:
        raise UsageError(f"{path.name} has no {error.args[0]}") from error
    except (ValueError, AttributeError) as error:
        raise UsageError(f"{path.name} is not of its form (stackctl/stage.py): {error}") from error


def _laid_over(layers: list[dict[str, Any]]) -> dict[str, str]:
    """The values, later layers first; CloudFormation takes each as text, lists with commas."""
    return {key: _text(value) for layer in layers for key, value in layer.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def chosen(names: Sequence[str], *, is_standby: bool = False) -> list[str]:
    """These stacks in the order in which they are made; without names all layers, not `single`."""
    everything = templates.STANDBY if is_standby else templates.LAYERS
    known = [*everything, *(("app",) if is_standby else (templates.SINGLE,))]
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no such stack: {', '.join(unknown)} (there are {', '.join(known)})")
    return [name for name in known if name in names] if names else list(everything)
