"""The edge serves the web client as the application itself does: same pages, same headers."""

import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.client import CLIENT_PATHS, SECURITY_HEADERS
from deploy import templates

ROOT = Path(__file__).parents[2]
FUNCTION = ROOT / "deploy/cfn/functions/spa.js"
PUBLIC = ROOT / "frontend/public"
RESOURCES = templates.load("web")["Resources"]

# Every first part that the rule knows, parts that only look like one, and what may come behind it.
FIRST = [
    "api",
    "media",
    "admin",
    "static",
    "ws",
    "assets",
    "icons",
    ".well-known",
    "apis",
    "x",
    "boot.js",
    "sw.js",
    "ada.lovelace",
]
REST = ["", "/", "/x", "/x.js", "/../x", "//", "/%2e%2e/x", "/naïve", "/a/b.c/", ".js", ".map"]
FILES = [
    "favicon.ico",
    "favicon.svg",
    "favicon.png",
    "robots.txt",
    "manifest.webmanifest",
    "index.html",
]
PATHS = sorted(
    {f"/{first}{rest}" for first, rest in itertools.product(FIRST, REST)}
    | {f"/{name}{rest}" for name, rest in itertools.product(FILES, ["", "/", "/x"])}
    | {"/", "//", "/p/4fGh_-z", "/healthz", "/readyz", "/.well-known", "/explore/tags/%F0%9F%90%88"}
)


def rewritten(paths: list[str]) -> list[str]:
    """What the function makes of each path, run by Node as CloudFront runs it."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:/usr/bin:/usr/local/bin")
    assert node, "no node: make setup installs one"
    program = f"""{FUNCTION.read_text()}
        const paths = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const uris = paths.map((uri) => handler({{request: {{uri, method: 'GET'}}}}).uri);
        console.log(JSON.stringify(uris));"""
    done = subprocess.run(
        [node, "-e", program], input=json.dumps(paths), text=True, capture_output=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def properties(name: str) -> dict[str, Any]:
    """Of a resource of the web stack."""
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def test_template_carries_the_function_word_for_word() -> None:
    assert properties("SpaRewrite")["FunctionCode"] == FUNCTION.read_text()


def test_exactly_the_pages_of_the_client_become_its_one_page() -> None:
    pages = [path for path in PATHS if re.match(CLIENT_PATHS, path[1:])]
    assert 20 < len(pages) < len(PATHS) - 20, "both kinds of paths have to be tried"
    expected = ["/index.html" if path in pages else path for path in PATHS]
    assert dict(zip(PATHS, rewritten(PATHS), strict=True)) == dict(
        zip(PATHS, expected, strict=True)
    )


def test_every_file_of_the_client_is_served_and_not_the_page() -> None:
    files = [f"/{path.relative_to(PUBLIC)}" for path in PUBLIC.rglob("*") if path.is_file()]
    files.append("/assets/index-DT87bJ-X.css")
    assert "/boot.js" in files
    assert rewritten(files) == files


def test_the_page_has_the_headers_of_the_application() -> None:
    config = properties("SpaHeaders")["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    (policy, names) = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert "MediaBucketName" in str(names["Bucket"])
    # What a store at S3 adds: tests/config/test_store_settings.py.
    policy = policy.replace(" https://${Bucket}.s3.${AWS::Region}.amazonaws.com", "")
    sent = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff" if security["ContentTypeOptions"] else "",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]},
    }
    assert sent == SECURITY_HEADERS
    assert all(header["Override"] for header in security.values())


def test_browsers_stay_on_https_as_long_as_production_says() -> None:
    text = (ROOT / "config/settings/production.py").read_text()
    said = dict(re.findall(r"^SECURE_HSTS_(\w+) = (\w+)$", text, re.MULTILINE))
    transport = properties("SpaHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"][
        "StrictTransportSecurity"
    ]
    assert transport == {
        "Override": True,
        "AccessControlMaxAgeSec": int(said["SECONDS"]),
        "IncludeSubdomains": said["INCLUDE_SUBDOMAINS"] == "True",
        "Preload": said["PRELOAD"] == "True",
    }


@pytest.mark.parametrize("pattern", ["/api/*", "/ws/*", "/admin/*", "/static/*", "/media/*"])
def test_what_the_application_answers_goes_to_it(pattern: str) -> None:
    behaviours = properties("Distribution")["DistributionConfig"]["CacheBehaviors"]
    (found,) = [one for one in behaviours if one["PathPattern"] == pattern]
    assert found["TargetOriginId"] == "app"
    is_rewritten = bool(re.match(CLIENT_PATHS, pattern.removeprefix("/").replace("*", "x")))
    assert not is_rewritten, "the client's rule and the behaviours have to divide paths alike"


def test_nothing_else_goes_to_the_application() -> None:
    """The health routes above all: what is broken is nobody's business outside."""
    config = properties("Distribution")["DistributionConfig"]
    assert len(config["CacheBehaviors"]) == 5
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "spa"


def test_only_what_files_are_addressed_by_makes_another_entry_of_the_cache() -> None:
    """A cookie or a made-up parameter must not make CloudFront ask again for a picture."""
    for policy in ("FileCache", "MediaCache"):
        config = properties(policy)["CachePolicyConfig"]
        key = config["ParametersInCacheKeyAndForwardedToOrigin"]
        assert key["QueryStringsConfig"] == {
            "QueryStringBehavior": "whitelist",
            "QueryStrings": ["e", "s"],
        }
        assert key["CookiesConfig"] == {"CookieBehavior": "none"}
        assert key["HeadersConfig"] == {"HeaderBehavior": "none"}


def test_pictures_leave_the_edge_within_five_minutes_without_an_invalidation() -> None:
    behaviours = properties("Distribution")["DistributionConfig"]["CacheBehaviors"]
    (pictures,) = [one for one in behaviours if one["PathPattern"] == "/media/*"]
    assert pictures["CachePolicyId"] == {"Ref": "MediaCache"}
    assert properties("MediaCache")["CachePolicyConfig"]["MaxTTL"] < 300


def test_uploads_and_people_s_words_are_not_taken_for_attacks() -> None:
    rules = {rule["Name"]: rule for rule in properties("WebAcl")["Rules"]}
    group = rules["common"]["Statement"]["ManagedRuleGroupStatement"]
    counted = {one["Name"] for one in group["RuleActionOverrides"] if "Count" in one["ActionToUse"]}
    assert counted == {
        "SizeRestrictions_BODY",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
    }
