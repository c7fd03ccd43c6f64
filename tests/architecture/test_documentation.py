"""The documentation is complete, current and leads somewhere."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from torogoz.shared.codelists.actions import LISTS
from torogoz.shared.codelists.shipped import rows
from torogoz.site import environment
from torogoz.site.management.commands.reference import PAGES
from torogoz.site.topics import TOPICS

ROOT = Path(__file__).resolve().parents[2]
PAGES_OF_DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MODES = {"tutorial", "how-to", "reference", "explanation", "adr"}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_made_from_the_code_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "run `torogoz reference`"


def test_the_check_of_the_command_agrees() -> None:
    call_command("reference", check=True)


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    read = set(
        re.findall(
            r'environment\.(?:text|flag|words|folder)\(\s*"(\w+)"', (ROOT / "src/torogoz/site/settings.py").read_text()
        )
    )
    assert read
    assert read <= set(environment.READ)
    assert all(f"`{name}`" in text for name in read)


def test_every_topic_and_code_list_is_documented() -> None:
    everything = "\n".join(page.read_text(encoding="utf-8") for page in PAGES_OF_DOCS)
    assert all(f"`{topic.noun}`" in everything for topic in TOPICS)
    assert all(name.upper() in everything for name in LISTS)


def test_the_table_of_the_readme_marks_as_working_what_the_map_says_works() -> None:
    lines = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    marked = {
        sign: set(re.findall(r"S\d+ `(\w+)`", " ".join(line for line in lines if line.startswith(f"| {sign} "))))
        for sign in "✓–"
    }
    assert marked["✓"] == {topic.noun for topic in TOPICS if topic.works}
    assert marked["–"] == {topic.noun for topic in TOPICS if not topic.works}


def test_the_readme_names_every_app_that_topics_share() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith("| `shared/` |"))
    apps = {
        folder.name for folder in (ROOT / "src" / "torogoz" / "shared").iterdir() if (folder / "__init__.py").exists()
    }
    assert set(re.findall(r"[a-z_]+", row)) & apps == apps


def test_the_list_of_demands_is_the_table_of_topics() -> None:
    listed = [(row["code"], row["name_es"], row["name_en"]) for row in rows("torogoz.shared.codelists", "demand")]
    assert listed == [(topic.code, topic.name_es, topic.name_en) for topic in TOPICS]


def test_every_script_is_documented() -> None:
    everything = "\n".join(page.read_text(encoding="utf-8") for page in PAGES_OF_DOCS)
    for script in sorted((ROOT / "script").iterdir()):
        assert f"script/{script.name}" in everything, script.name


def test_the_four_modes_and_the_decisions_have_pages() -> None:
    for mode in MODES:
        assert list((ROOT / "docs" / mode).glob("*.md")), mode


def test_no_machine_path_and_no_index_address_is_in_the_repository() -> None:
    forbidden = re.compile(r"files\.pythonhosted|pypi\.org/simple|--index-url|/root/|/work/|/tmp/[a-z]")
    ours = [ROOT / "README.md", *ROOT.glob("requirements/*"), *ROOT.glob("script/*"), *(ROOT / "docs").rglob("*.md")]
    for path in [*ours, *(ROOT / "src").rglob("*.py")]:
        assert not forbidden.search(path.read_text(encoding="utf-8")), path
