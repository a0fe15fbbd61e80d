"""ARCHITECTURE.md shows what templates and units say, and nothing else."""

import copy
import re
from pathlib import Path

import pytest

from deploy.diagrams import __main__ as diagrams
from deploy.diagrams.drawing import Drawing, Edge
from deploy.diagrams.references import Templates
from deploy.diagrams.wiring import layers, traffic
from deploy.templates import LAYERS


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(diagrams.FIRST)


def changed(templates: Templates) -> Templates:
    """A copy that a test may spoil."""
    return copy.deepcopy(templates)


def between(drawing: Drawing, source: str, target: str) -> set[str]:
    return {edge.label for edge in drawing.edges if (edge.source, edge.target) == (source, target)}


def test_the_architecture_shows_what_the_templates_say() -> None:
    assert diagrams.main(["--check"]) == 0


def test_a_stale_drawing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, before = tmp_path / "ARCHITECTURE.md", diagrams.PAGE.read_text()
    page.write_text(before.replace("tcp 5432", "tcp 5433"))
    monkeypatch.setattr(diagrams, "PAGE", page)
    with pytest.raises(SystemExit) as ended:
        diagrams.main(["--check"])
    assert ended.value.code == 1
    assert "python -m deploy.diagrams" in capsys.readouterr().err
    assert diagrams.main([]) == 0
    assert page.read_text() == before


def test_a_page_without_a_block_for_a_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="units"):
        diagrams.drawn(diagrams.PAGE.read_text().replace("drawn: units", "drawn"))


def test_an_arrow_carries_the_port_of_its_rule(templates: Templates) -> None:
    spoilt = changed(templates)
    rule = spoilt.all["network"]["Resources"]["CacheFromApp"]["Properties"]
    rule["FromPort"] = rule["ToPort"] = 6380
    hosts = arrows_into(traffic(templates), "data.Cache")
    assert hosts
    assert {edge.label for edge in hosts} == {"tcp 6379"}
    assert {edge.label for edge in arrows_into(traffic(spoilt), "data.Cache")} == {"tcp 6380"}


def test_without_its_rule_there_is_no_arrow(templates: Templates) -> None:
    spoilt = changed(templates)
    del spoilt.all["network"]["Resources"]["CacheFromApp"]
    assert arrows_into(traffic(spoilt), "data.Cache") == set()


def arrows_into(drawing: Drawing, name: str) -> set[Edge]:
    return {edge for edge in drawing.edges if edge.target == name}


def test_layers_are_joined_by_what_they_import(templates: Templates) -> None:
    drawing = layers(templates)
    assert "VpcId" in between(drawing, "network", "app")
    assert {edge.target for edge in drawing.edges} <= set(LAYERS) - {"network"}


def test_two_stacks_of_a_region_never_export_the_same_name() -> None:
    with pytest.raises(ValueError, match="region and data export"):
        Templates(("network", "data", "region"))


def test_a_drawing_is_the_same_in_whatever_order_it_was_made() -> None:
    one, other = Drawing(), Drawing()
    edges = [Edge("b", "a", "2"), Edge("b", "a", "1"), Edge("c", 'd"', "", dotted=True)]
    for edge in edges:
        one.edges.add(edge)
    for edge in reversed(edges):
        other.edges.add(edge)
    expected = """flowchart LR
    a["a"]
    b["b"]
    c["c"]
    d_["d#quot;"]
    b -->|"1<br>2"| a
    c -.-> d_
"""
    assert one.mermaid() == other.mermaid() == expected


def test_a_sequence_has_no_semicolon_for_mermaid_ends_the_line_there() -> None:
    blocks = re.findall(r"(?s)```mermaid\n(sequenceDiagram.*?)```", diagrams.PAGE.read_text())
    assert len(blocks) >= 6
    assert [line for block in blocks for line in block.splitlines() if ";" in line] == []
