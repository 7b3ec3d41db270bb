"""Reads our own files, for the tests of the repository itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("config", "pulje", "letters", "workflow")


def sources(*folders: str, tests: bool = False) -> list[Path]:
    """Our own Python files, without migrations."""
    found = [
        path for folder in folders or PACKAGES for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    if tests:
        found += sorted((ROOT / "tests").rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return [
        path for package in PACKAGES for path in sorted((ROOT / package).rglob("templates/**/*.*"))
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def where(path: Path, node: ast.AST) -> str:
    return f"{name_of(path)}:{node.lineno}"


def in_room(path: Path, rooms: tuple[str, ...]) -> bool:
    return name_of(path).startswith(rooms)
