"""The project's files as the invariants read them; a mutant is the same with one place changed."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy import templates

ROOT = Path(__file__).parents[2]
STACKS = (*templates.LAYERS, "region", templates.SINGLE)


@dataclass(frozen=True)
class Sources:
    """Texts by their path in the repository; `changed` stands before what lies on the disk."""

    changed: dict[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """The whole file."""
        return self.changed[path] if path in self.changed else (ROOT / path).read_text()

    def mutated(self, path: str, old: str, new: str) -> "Sources":
        """The same with `new` in the one place where `old` is."""
        text = self.text(path)
        assert text.count(old) == 1, f"{path} has {text.count(old)} times {old!r}"
        return Sources({**self.changed, path: text.replace(old, new)})

    @cached_property
    def stacks(self) -> dict[str, templates.Template]:
        """Every template, read."""
        return {name: self._template(name) for name in STACKS}

    def _template(self, name: str) -> templates.Template:
        path = f"deploy/cfn/{name}.yaml"
        return templates.parse(self.text(path)) if path in self.changed else _on_disk(name)

    def resources(self, stack: str, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type, by their names."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.stacks[stack]["Resources"].items()
            if resource["Type"] == kind
        }

    def of(self, stack: str, path: str) -> Any:
        """A property: `of("app", "HttpTargets.Port")`, with numbers for places in lists."""
        name, *rest = path.split(".")
        found = self.stacks[stack]["Resources"][name]["Properties"]
        for step in rest:
            found = found[int(step)] if step.isdigit() else found[step]
        return found

    def unit(self, name: str, key: str) -> list[str]:
        """All values of a key in a systemd unit or drop-in, in their order."""
        text = self.text(f"deploy/systemd/{name}")
        return re.findall(rf"^{re.escape(key)}=(.*)$", text, re.MULTILINE)

    def found(self, path: str, pattern: str) -> list[str]:
        """What the group of the pattern catches in a file, each time."""
        return re.findall(pattern, self.text(path), re.MULTILINE)

    def json(self, path: str) -> Any:
        """A JSON file."""
        return json.loads(self.text(path))

    @cached_property
    def constants(self) -> dict[str, dict[str, Any]]:
        """deploy/constants.toml."""
        return tomllib.loads(self.text("deploy/constants.toml"))


_parsed: dict[str, templates.Template] = {}


def _on_disk(name: str) -> templates.Template:
    """Reading a template takes a tenth of a second, and mutants change only one of them."""
    if name not in _parsed:
        _parsed[name] = templates.load(name)
    return _parsed[name]


REAL = Sources()
