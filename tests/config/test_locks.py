"""What is installed is what was looked at: pinned, hashed, and from no address in particular."""

import re

import pytest

from config import env

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json", ".npmrc"])
def test_no_lock_names_an_address(name):
    assert "://" not in (env.ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name):
    packages = re.split(r"\n(?=\S)", (env.ROOT / name).read_text().strip())

    assert [
        package for package in packages if "==" not in package or "--hash=sha256:" not in package
    ] == []


def test_production_installs_the_versions_that_were_tested():
    def pins(name):
        return set(re.findall(r"^([\w.-]+==[^ \\;]+)", (env.ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()
