"""What the contracts of .importlinter do not say: the domain is plain Python, views and forms ask queries."""

import ast
import re
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "torogoz"


def imported_by(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_needs_nothing_but_python(path: Path) -> None:
    for name in imported_by(path):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith("torogoz.domain"), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_has_no_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(datetime|date)\.(now|today|utcnow)\(|\btime\.time\(", text), path.name


@pytest.mark.parametrize(
    "path",
    sorted(path for name in ("*views.py", "*forms.py") for path in PACKAGE.rglob(name)),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_views_and_forms_ask_queries_and_never_the_database(path: Path) -> None:
    assert ".objects" not in path.read_text(encoding="utf-8")


def test_no_topic_has_a_relation_into_another_topic() -> None:
    for model in apps.get_models():
        here = model.__module__
        if ".topics." not in here:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                there = field.related_model.__module__
                same = here.split(".")[2] == there.split(".")[2]
                assert ".topics." not in there or same, f"{model.__name__}.{field.name}"


FORBIDDEN = {
    "signals": re.compile(r"django\.db\.models\.signals|@receiver"),
    "save() overrides": re.compile(r"def save\(self"),
    "model forms": re.compile(r"ModelForm"),
    "class-based views": re.compile(r"django\.views\.generic|as_view\("),
    "Meta.ordering": re.compile(r"^\s+ordering\s*=", re.MULTILINE),
    "star imports": re.compile(r"import \*"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_we_agreed_not_to_use_is_not_used(name: str) -> None:
    found = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts and FORBIDDEN[name].search(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"{name}: {found}"


def test_an_init_file_re_exports_nothing() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        assert not imported_by(path), path
