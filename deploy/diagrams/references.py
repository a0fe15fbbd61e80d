"""Follows `Ref`, `GetAtt` and `ImportValue` through all templates to the resource that is meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.templates import Template, load


@dataclass(frozen=True, order=True)
class Place:
    """A resource of a stack."""

    stack: str
    name: str

    def __str__(self) -> str:
        return f"{self.stack}.{self.name}"


class Templates:
    """The templates of stacks of one region, and whatever one of them refers to."""

    def __init__(self, stacks: tuple[str, ...]) -> None:
        self.all: dict[str, Template] = {stack: load(stack) for stack in stacks}
        self.exports: dict[str, tuple[str, Any]] = {}
        for name, exported in self._exports():
            if name in self.exports:
                raise ValueError(f"{exported[0]} and {self.exports[name][0]} export {name}")
            self.exports[name] = exported

    def resources(self, *types: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Resources of these types with their properties; all without a type."""
        for stack, template in self.all.items():
            for name, resource in template["Resources"].items():
                if not types or resource["Type"].removeprefix("AWS::") in types:
                    yield Place(stack, name), resource.get("Properties", {})

    def type_of(self, place: Place) -> str:
        """Without `AWS::`."""
        found: str = self.all[place.stack]["Resources"][place.name]["Type"]
        return found.removeprefix("AWS::")

    def meant(self, stack: str, value: Any) -> set[Place]:
        """The resources that this value of a template names, whichever way a condition falls."""
        if isinstance(value, list):
            return {place for item in value for place in self.meant(stack, item)}
        if not isinstance(value, dict):
            return set()
        if "Ref" in value:
            return self._existing(stack, value["Ref"])
        if "Fn::GetAtt" in value:
            return self._existing(stack, value["Fn::GetAtt"][0])
        if "Fn::ImportValue" in value:
            source, exported = self.exports[text(value["Fn::ImportValue"])]
            return self.meant(source, exported)
        return {place for item in value.values() for place in self.meant(stack, item)}

    def value(self, value: Any) -> Any:
        """The value itself, taken from the stack that exports it where it is imported."""
        while isinstance(value, dict) and "Fn::ImportValue" in value:
            value = self.exports[text(value["Fn::ImportValue"])][1]
        return value

    def imports(self) -> Iterator[tuple[str, str, str]]:
        """(importing stack, exporting stack, name of the export) for each import."""
        for stack, template in self.all.items():
            for name in sorted(set(_imported(template))):
                yield stack, self.exports[name][0], name

    def _exports(self) -> Iterator[tuple[str, tuple[str, Any]]]:
        for stack, template in self.all.items():
            for output in template.get("Outputs", {}).values():
                if "Export" in output:
                    yield text(output["Export"]["Name"]), (stack, output["Value"])

    def _existing(self, stack: str, name: str) -> set[Place]:
        return {Place(stack, name)} if name in self.all[stack]["Resources"] else set()


def text(value: Any) -> str:
    """A name as it is written, with its `${...}` left in."""
    if isinstance(value, dict) and "Fn::Sub" in value:
        value = value["Fn::Sub"]
    if not isinstance(value, str):
        raise TypeError(f"not a plain name: {value!r}")
    return value


def _imported(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "Fn::ImportValue" in value:
            yield text(value["Fn::ImportValue"])
        for item in value.values():
            yield from _imported(item)
    elif isinstance(value, list):
        for item in value:
            yield from _imported(item)
