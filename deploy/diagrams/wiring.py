"""Who reaches whom on AWS: names, behaviours, listeners, and the rules of security groups."""

from collections.abc import Iterator
from typing import Any

from deploy.diagrams.drawing import Drawing, Edge
from deploy.diagrams.references import Place, Templates, text

#: Properties that put a resource into security groups.
MEMBERSHIP = {
    "GroupSet",
    "Groups",
    "SecurityGroupIds",
    "SecurityGroups",
    "VPCSecurityGroups",
    "VpcSecurityGroupIds",
}
BALANCING = "ElasticLoadBalancingV2::"
#: What stands for a box in place of its resource's name.
CAPTIONS = {
    "AutoScaling::AutoScalingGroup": "hosts",
    "CloudFront::Distribution": "CloudFront",
    "EC2::Instance": "the box",
    "ElastiCache::ReplicationGroup": "Valkey",
    f"{BALANCING}LoadBalancer": "load balancer",
    "Lambda::Function": "rotation of passwords",
    "RDS::DBInstance": "PostgreSQL",
    "S3::Bucket": "S3",
    "SecretsManager::RotationSchedule": "rotation of passwords",
    "WAFv2::WebACL": "WAF",
}

End = Place | str
Found = Iterator[tuple[End, End, str]]


def layers(templates: Templates) -> Drawing:
    """The stacks; an arrow carries what one exports and the other imports."""
    drawing = Drawing("TB")
    for stack in templates.all:
        drawing.box(stack, stack)
    for importing, exporting, name in templates.imports():
        drawing.edges.add(Edge(exporting, importing, name.rsplit("-", 1)[-1]))
    return drawing


def traffic(templates: Templates) -> Drawing:
    """From the name that people type to the database."""
    drawing = Drawing()
    for find in (_names, _behaviours, _listeners, _targets, _rules):
        for source, target, label in find(templates):
            for end in (source, target):
                _add(drawing, templates, end)
            drawing.edges.add(Edge(str(source), str(target), label))
    return drawing


def _add(drawing: Drawing, templates: Templates, end: End) -> None:
    if isinstance(end, str):
        drawing.box(end, end)
        return
    caption = CAPTIONS.get(templates.type_of(end), end.name)
    shown = end.name if caption == end.name else f"{caption}<br>{end.name}"
    drawing.box(str(end), shown, end.stack)


def _names(templates: Templates) -> Found:
    """Records of Route 53 that lead to something of ours: aliases, and addresses of a box."""
    boxes = {
        address: box
        for place, bond in templates.resources("EC2::EIPAssociation")
        for address in templates.meant(place.stack, bond["AllocationId"])
        for box in templates.meant(place.stack, bond["InstanceId"])
    }
    for place, record in templates.resources("Route53::RecordSet"):
        before = text(record["Name"]).split("${")[0] if "Fn::Sub" in record["Name"] else ""
        targets = templates.meant(place.stack, record.get("AliasTarget", {}).get("DNSName"))
        addresses = templates.meant(place.stack, record.get("ResourceRecords"))
        for target in targets | {boxes[address] for address in addresses & boxes.keys()}:
            yield "Route 53", target, f"{before} {record['Type']}".strip()


def _behaviours(templates: Templates) -> Found:
    """Of CloudFront: the firewall before it, and a path for each origin."""
    for place, properties in templates.resources("CloudFront::Distribution"):
        config = properties["DistributionConfig"]
        for acl in templates.meant(place.stack, config.get("WebACLId")):
            yield acl, place, "asked first"
        origins = {
            origin["Id"]: _origin(templates, place.stack, origin["DomainName"])
            for origin in config["Origins"]
        }
        default = config["DefaultCacheBehavior"] | {"PathPattern": "everything else"}
        for behaviour in [*config.get("CacheBehaviors", []), default]:
            for origin in origins[behaviour["TargetOriginId"]]:
                yield place, origin, behaviour["PathPattern"]


def _origin(templates: Templates, stack: str, domain: Any) -> set[Place]:
    """What stands behind the name of an origin: a resource, or the record that has this name."""
    name = templates.value(domain)
    records = [
        templates.meant(place.stack, record["AliasTarget"]["DNSName"])
        for place, record in templates.resources("Route53::RecordSet")
        if "AliasTarget" in record and record["Name"] == name
    ]
    return templates.meant(stack, domain).union(*records)


def _listeners(templates: Templates) -> Found:
    """Of the balancer: each rule and each default action that forwards."""
    balancers: dict[Place, set[Place]] = {}
    for place, listener in templates.resources(f"{BALANCING}Listener"):
        balancers[place] = templates.meant(place.stack, listener["LoadBalancerArn"])
        yield from _forwards(templates, place, listener["DefaultActions"], balancers[place], [])
    for place, rule in templates.resources(f"{BALANCING}ListenerRule"):
        for listener_place in templates.meant(place.stack, rule["ListenerArn"]):
            yield from _forwards(
                templates, place, rule["Actions"], balancers[listener_place], rule["Conditions"]
            )


def _forwards(
    templates: Templates,
    place: Place,
    actions: list[dict[str, Any]],
    balancers: set[Place],
    conditions: list[dict[str, Any]],
) -> Found:
    paths = [path for condition in conditions for path in _paths(condition)]
    for balancer in balancers:
        for group in templates.meant(place.stack, actions):
            yield balancer, group, ", ".join(paths) or "everything else"


def _paths(condition: dict[str, Any]) -> list[str]:
    if condition["Field"] != "path-pattern":
        return []
    found: list[str] = condition.get("PathPatternConfig", condition).get("Values", [])
    return found


def _targets(templates: Templates) -> Found:
    """Target groups and the hosts that register themselves there."""
    for place, group in templates.resources("AutoScaling::AutoScalingGroup"):
        for target in templates.meant(place.stack, group.get("TargetGroupARNs", [])):
            properties = templates.all[target.stack]["Resources"][target.name]["Properties"]
            label = f"{properties['Port']}, asks {properties['HealthCheckPath']}"
            yield target, place, label


def _rules(templates: Templates) -> Found:
    """Rules of security groups, between what is in the groups."""
    members = _members(templates)
    for group, stack, rule in _ingress(templates):
        port = _port(rule)
        for source in _sources(templates, stack, rule, members):
            for target in members.get(group, set()):
                yield source, target, port


def _ingress(templates: Templates) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    for place, properties in templates.resources("EC2::SecurityGroup"):
        for rule in properties.get("SecurityGroupIngress", []):
            yield place, place.stack, rule
    for place, rule in templates.resources("EC2::SecurityGroupIngress"):
        for group in templates.meant(place.stack, rule["GroupId"]):
            yield group, place.stack, rule


def _sources(
    templates: Templates, stack: str, rule: dict[str, Any], members: dict[Place, set[Place]]
) -> set[End]:
    if "SourcePrefixListId" in rule:
        found: set[End] = {place for place, _ in templates.resources("CloudFront::Distribution")}
        return found
    if "SourceSecurityGroupId" in rule:
        groups = templates.meant(stack, rule["SourceSecurityGroupId"])
        return {member for group in groups for member in members.get(group, set())}
    cidr = rule.get("CidrIp", rule.get("CidrIpv6"))
    return {"internet" if cidr in ("0.0.0.0/0", "::/0") else "addresses of yours, if any"}


def _port(rule: dict[str, Any]) -> str:
    first, last = rule["FromPort"], rule["ToPort"]
    return f"tcp {first}" if first == last else f"tcp {first}-{last}"


def _members(templates: Templates) -> dict[Place, set[Place]]:
    """Security group: what is in it. A launch template stands for the group that it launches."""
    launched = {
        template: place
        for place, group in templates.resources("AutoScaling::AutoScalingGroup")
        for template in templates.meant(place.stack, group.get("LaunchTemplate"))
    }
    members: dict[Place, set[Place]] = {}
    for place, properties in templates.resources():
        for value in _membership(properties):
            for group in templates.meant(place.stack, value):
                members.setdefault(group, set()).add(launched.get(place, place))
    return members


def _membership(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in MEMBERSHIP:
                yield item
            else:
                yield from _membership(item)
    elif isinstance(value, list):
        for item in value:
            yield from _membership(item)
