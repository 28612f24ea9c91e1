"""All JavaScript of the project: its types, its style, and what of it can be tried without a browser."""

import subprocess
from pathlib import Path

import pytest
from node import node

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
TOOLS = ROOT / "build" / "npm" / "node_modules"
MISSING = (
    "checks the JavaScript: mkdir -p build/npm; cp tests/javascript/package.json build/npm; "
    "npm install --prefix build/npm"
)
TYPESCRIPT, ESLINT = TOOLS / "typescript/bin/tsc", TOOLS / "eslint/bin/eslint.js"


def said_by(*command):
    """What a tool says where it finds nothing wrong; a failure with its findings otherwise."""
    result = subprocess.run(
        [node(), *map(str, command)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.skipif(not TYPESCRIPT.exists(), reason=MISSING)
@pytest.mark.parametrize("config", ["tsconfig.json", "strict.json"])
def test_types_fit(config):
    said_by(TYPESCRIPT, "--project", HERE / config)


@pytest.mark.skipif(not TYPESCRIPT.exists(), reason=MISSING)
def test_a_type_that_does_not_fit_is_found(tmp_path):
    (tmp_path / "wrong.js").write_text("Math.max('two').toFixed(1).tofixed(2);\n")
    checked = ["--allowJs", "--checkJs", "--noEmit", "--target", "es2023", tmp_path / "wrong.js"]
    with pytest.raises(AssertionError, match="Property 'tofixed' does not exist"):
        said_by(TYPESCRIPT, *checked)


@pytest.mark.skipif(not ESLINT.exists(), reason=MISSING)
def test_the_linter_finds_nothing():
    said_by(ESLINT, "--config", HERE / "eslint.config.js", "--max-warnings", "0", "faultlab", "tests")


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda file: file.stem)
def test_units(file):
    said = said_by("--test", file)
    assert "fail 0" in said
    assert "pass 0" not in said
