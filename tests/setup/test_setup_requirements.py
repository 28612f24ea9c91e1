"""The lists of packages agree with each other, with the lock, and with what the code imports."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import start

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# What the package itself may import without needing it.
OPTIONAL = EXTRAS["cluster"] + EXTRAS["fast"] + EXTRAS["instructor"]


def listed(name):
    """The requirements in a file, by package."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [line.split("#")[0].strip() for line in lines]
    return by_name(line for line in found if line and not line.startswith("-"))


def by_name(lines):
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one for one in requirements}


LEARNER = listed("requirements.txt")
LOCK = listed("binder/requirements.txt")
LOCK_FOR_TESTS = listed("binder/requirements-dev.txt")


def test_package_and_requirements_name_the_same_ranges():
    for name, needed in by_name(PROJECT["dependencies"]).items():
        assert LEARNER[name].specifier == needed.specifier


def test_every_range_has_two_ends_and_a_lesson():
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.fullmatch(r"[a-z]+>=[\d.]+,<[\d.]+ +# .*(lesson|notebook).*", line), line


def test_lock_holds_exact_versions_inside_the_ranges():
    tests = by_name(line for line in EXTRAS["dev"] if "faultlab[" not in line)
    instructor = by_name(OPTIONAL)
    for wanted, lock in [(LEARNER, LOCK), ({**tests, **instructor}, {**LOCK, **LOCK_FOR_TESTS})]:
        for name, requirement in wanted.items():
            assert name in lock, f"{name} is not locked: run `python3 start.py lock`"
            (pinned,) = lock[name].specifier
            assert pinned.operator == "=="
            assert requirement.specifier.contains(pinned.version), f"run `python3 start.py lock`: {name}"
    assert all(str(pinned.specifier).startswith("==") for pinned in {**LOCK, **LOCK_FOR_TESTS}.values())
    assert not LOCK.keys() & LOCK_FOR_TESTS.keys()


def test_lock_names_no_place_to_download_from():
    for name in ["requirements.txt", "binder/requirements.txt", "binder/requirements-dev.txt"]:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text


def test_package_imports_only_what_it_declares():
    owners = packages_distributions()
    declared = by_name(PROJECT["dependencies"]).keys()
    # Parts of JupyterLab and of matplotlib that are packages of their own.
    declared |= {"ipython", "traitlets", "jupyter-client", "ipykernel", "nbformat", "nbclient", "nbconvert"}
    declared |= {"cycler", "mistune", "pygments"}
    # `pages --check` drives a browser, and says so without; pages are a little larger without a minifier.
    extras = by_name(OPTIONAL).keys() | {"playwright", "tdewolff-minify", "minify"}
    wanting = {}
    for file in sorted((ROOT / "faultlab").rglob("*.py")):
        for name, guarded in imported_by(ast.parse(file.read_text(encoding="utf-8"))):
            if name in sys.stdlib_module_names or name == "faultlab":
                continue
            owner = {canonicalize_name(one) for one in owners.get(name, [name])}
            if not owner & declared and not (guarded and owner & extras):
                wanting.setdefault(name, file.relative_to(ROOT).as_posix())
    assert wanting == {}, "declare it in requirements.txt and pyproject.toml, or do without"


def imported_by(tree):
    """Top-level names of imports, and whether each may be absent (in a function or under `try`)."""
    guards = (ast.Try, ast.FunctionDef)
    guarded = {child for node in ast.walk(tree) if isinstance(node, guards) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node in guarded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0], node in guarded


def test_wheel_carries_the_extension_the_licence_and_every_module(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", tmp_path, ROOT]
    if subprocess.run([sys.executable, "-c", "import pip"], capture_output=True).returncode != 0:
        build = ["uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path, ROOT]
    built = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True)
    if built.returncode != 0 and "can't be downloaded" in start.sentence_for(built.stdout + built.stderr):
        pytest.skip("needs a network connection: uv_build is downloaded to build the package")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shared = "faultlab-1.0.0.data/data/share/jupyter"
    assert f"{shared}/labextensions/faultlab/package.json" in names
    assert f"{shared}/lab/settings/overrides.d/faultlab.json" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    for file in (ROOT / "faultlab").rglob("*.py"):
        assert file.relative_to(ROOT).as_posix() in names


def test_licences_name_what_they_cover():
    code = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert code.startswith("MIT License")
    assert "LICENSE-text" in code
    text = (ROOT / "LICENSE-text").read_text(encoding="utf-8")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text
    assert PROJECT["license"] == "MIT"
