"""What is made below TOROGOZ_VAR is read by its owner and group, and by nobody else on the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.copied import fill

MADE_UP_CRIMES = "institution,crime,month,department,sex,age,count,made_up\nPNC,HOMICIDE,2025-01,SV-SS,M,23,30,true\n"


def test_neither_the_database_nor_what_is_imported_is_readable_by_others(tmp_path: Path) -> None:
    var = tmp_path / "var"
    file = tmp_path / "crimes.csv"
    file.write_text(MADE_UP_CRIMES, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"TOROGOZ_VAR": str(var), "TOROGOZ_DEMONSTRATION": "1"}
    var.mkdir()
    for words in (
        ["migrate", "contenttypes", "--verbosity=0"],  # the site makes the file, which is then filled
        ["migrate", "--verbosity=0"],
        ["codelists"],
        ["import", str(file)],
    ):
        ran = subprocess.run(
            [sys.executable, "-c", "from torogoz.site.command import main; main()", *words],
            env=environment,
            umask=0o022,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        if "contenttypes" in words:
            fill(var / "torogoz.sqlite3")
    made = list(var.rglob("*"))
    assert any(path.suffix == ".parquet" for path in made)
    assert any(path.name.startswith("torogoz.sqlite3") for path in made)
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o027] == []


def test_the_site_keeps_others_out_and_a_stricter_umask_stays() -> None:
    said = "import os, torogoz.site.wsgi; print(oct(os.umask(0)))"
    for before, after in ((0o022, "0o27"), (0o077, "0o77")):
        ran = subprocess.run(
            [sys.executable, "-c", said], umask=before, capture_output=True, text=True, check=True, env=os.environ
        )
        assert ran.stdout.strip() == after
