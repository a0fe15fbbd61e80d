"""A drawing is boxes in groups and labelled edges; it knows how to be written as Mermaid."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Edge:
    """From one box to another; `dotted` for what is known or read, not for traffic."""

    source: str
    target: str
    label: str = ""
    dotted: bool = False


@dataclass
class Drawing:
    """Boxes by their id, each with a text and perhaps a group; boxes that no edge has are left out."""

    direction: str = "LR"
    texts: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)

    def box(self, name: str, text: str, group: str = "") -> None:
        """Add a box, or replace it."""
        self.texts[name] = text
        if group:
            self.groups[name] = group

    def mermaid(self) -> str:
        """A flowchart in the same order for the same content."""
        used = sorted({name for edge in self.edges for name in (edge.source, edge.target)})
        lines = [f"flowchart {self.direction}"]
        lines += [f"    {self._box(name)}" for name in used if name not in self.groups]
        for group in sorted({self.groups[name] for name in used if name in self.groups}):
            inside = [name for name in used if self.groups.get(name) == group]
            lines += [f"    subgraph {_id('group ' + group)}[{_quoted(group)}]"]
            lines += [f"        {self._box(name)}" for name in inside]
            lines += ["    end"]
        return "\n".join([*lines, *(f"    {line}" for line in _merged(self.edges))]) + "\n"

    def _box(self, name: str) -> str:
        return f"{_id(name)}[{_quoted(self.texts.get(name, name))}]"


def _merged(edges: Iterable[Edge]) -> list[str]:
    """Edges between the same two boxes become one, with a line for each label."""
    labels: dict[tuple[str, str, bool], list[str]] = {}
    for edge in sorted(edges):
        labels.setdefault((edge.source, edge.target, edge.dotted), []).append(edge.label)
    lines = []
    for (source, target, dotted), found in labels.items():
        text = "<br>".join(label for label in found if label)
        arrow = "-.->" if dotted else "-->"
        label = f"|{_quoted(text)}|" if text else ""
        lines.append(f"{_id(source)} {arrow}{label} {_id(target)}")
    return lines


def _id(name: str) -> str:
    """Mermaid takes letters, digits and underscores; `end` alone would be a word of its own."""
    return re.sub(r"\W", "_", name)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
