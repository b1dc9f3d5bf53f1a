"""The audit of what users run: it fails on what is known, says when nobody can tell, and asks once a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.advisories import registry_with_advisories
from tests.support.checkout import NOWHERE, Checkout
from tests.support.site import ROOT

HASH = "sha256:" + "0" * 64


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """One that has .venv, and in its locks a package of each kind."""
    checkout = Checkout(tmp_path / "checkout")
    (checkout.root / ".venv").symlink_to(ROOT / ".venv")
    lock(checkout, python="sound==1.0", node="sound-node")
    return checkout


def lock(checkout: Checkout, *, python: str, node: str) -> None:
    (checkout.root / "requirements.lock").write_text(f"{python} --hash={HASH}\n")
    asked = {"name": "page", "version": "1.0.0", "dependencies": {node: "1.0.0"}}
    packages = {"": asked, f"node_modules/{node}": {"version": "1.0.0", "integrity": "sha512-AA=="}}
    folder = checkout.static
    (folder / "package.json").write_text(json.dumps(asked))
    (folder / "package-lock.json").write_text(json.dumps({**asked, "lockfileVersion": 3, "packages": packages}))


@pytest.fixture
def registry() -> Iterator[tuple[dict[str, str], list[str]]]:
    with registry_with_advisories() as found:
        yield found


def test_what_nobody_has_found_fault_with_passes_and_is_asked_about_once(
    checkout: Checkout, registry: tuple[dict[str, str], list[str]]
) -> None:
    variables, asked = registry
    said = "  No known vulnerability in the Python packages.\n  No known vulnerability in the node packages.\n"
    assert checkout.does("audit", **variables) == said
    count = len(asked)
    assert checkout.does("audit", **variables) == said
    assert len(asked) == count == 2


def test_a_known_vulnerability_fails_and_is_named(
    checkout: Checkout, registry: tuple[dict[str, str], list[str]]
) -> None:
    variables, _ = registry
    checkout.does("audit", **variables)
    lock(checkout, python="leaky==1.0", node="leaky-node")
    for _ in range(2):
        with checkout.begin("audit", **variables) as process:
            _, complaint = process.communicate(timeout=60)
        assert process.returncode == 1
        assert complaint.splitlines() == [
            "Known vulnerabilities in what users run:",
            "leaky 1.0: PYSEC-2026-1, mended in 1.2",
            "leaky-node 1.0.0: Prototype pollution (https://advisories.example/1)",
        ]


def test_without_a_network_it_says_so_and_does_not_fail(checkout: Checkout) -> None:
    nowhere = {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": NOWHERE, "npm_config_registry": NOWHERE}
    said = checkout.does("audit", **nowhere, npm_config_fetch_retries="0")
    assert said == (
        "  Skipped the audit of the Python packages: no advisories can be had from here.\n"
        "  Skipped the audit of the node packages: no advisories can be had from here.\n"
    )
