"""The papers of a published table: how to cite it, under which terms, and what to read first."""

from torogoz.exchange.writers.publication import Language, Publication

BAR = "-" * 72


def citation(about: Publication, language: Language) -> str:
    """One paragraph that names institution, dataflow, edition, date, address and checksum."""
    title, year = about.title.said_in(language), about.published.year
    if language == "en":
        text = (
            f"{about.institution} ({year}). {title} ({about.dataflow}) [data set]. Edition {about.edition}, "
            f"{about.published.isoformat()}. {about.address} SHA-256 of the edition: {about.checksum}."
        )
    else:
        text = (
            f"{about.institution} ({year}). {title} ({about.dataflow}) [conjunto de datos]. Edición {about.edition}, "
            f"{about.published.isoformat()}. {about.address} SHA-256 de la edición: {about.checksum}."
        )
    return f"{text} {about.warning[language]}" if about.warning else text


def citation_text(about: Publication, data_sha256: str) -> str:
    """CITATION.txt: the citation in both languages, the sources behind it, the checksum of the file beside it."""
    sources = "\n".join(
        f"- {source.publisher}: {source.title}, {source.edition} ({source.obtained.isoformat()})."
        f"{f' SHA-256 {source.sha256}' if source.sha256 else ''}"
        for source in about.sources
    )
    return "\n".join(
        [
            "CÓMO CITAR",
            citation(about, "es"),
            "",
            "HOW TO CITE",
            citation(about, "en"),
            "",
            "FUENTES / SOURCES",
            sources,
            "",
            f"data.csv SHA-256: {data_sha256}",
            "",
        ]
    )


def licence_text(about: Publication) -> str:
    """LICENCE.txt: the terms of every source of the table; the strictest of them bind whoever uses it."""
    terms = "\n".join(
        f"- {source.publisher}: {source.title}, {source.edition}: {source.licence}" for source in about.sources
    )
    warning = [BAR, *about.warning.values(), BAR] if about.warning else []
    return "\n".join(
        [
            "LICENCIA",
            "Estos datos se publican bajo los términos de cada fuente. Nombre la fuente al usarlos. Si una fuente",
            "prohíbe el uso comercial (NC), la prohibición alcanza a las cifras que vienen de ella.",
            "",
            "LICENCE",
            "These data are published under the terms of each source. Name the source when you use them. If a source",
            "forbids commercial use (NC), that binds the figures that come from it.",
            "",
            terms,
            *warning,
            "",
        ]
    )


def readme_text(about: Publication, rows: int) -> str:
    """README.txt: what lies in the package and how to read an empty cell, in both languages."""
    marks = [BAR, *about.warning.values(), BAR] if about.warning else []
    return "\n".join(
        [
            *marks,
            f"{about.title.es} ({about.dataflow})",
            f"Unidad: {about.unit.es}",
            f"Edición: {about.edition}, {about.published.isoformat()}. Filas: {rows}",
            f"La misma tabla otra vez: {about.address}",
            "",
            "data.csv        las cifras (UTF-8, separadas por comas, códigos SDMX)",
            "dictionary.csv  qué significa cada columna y cada código",
            "LICENCE.txt     bajo qué términos se pueden usar",
            "CITATION.txt    cómo citarlas",
            "",
            "Una celda vacía en OBS_VALUE no es cero. CONF_STATUS C o D: oculta para proteger a las personas.",
            "OBS_STATUS M: no disponible. Z: no puede existir. Un cero se escribe 0.",
            BAR,
            f"{about.title.en} ({about.dataflow})",
            f"Unit: {about.unit.en}",
            f"Edition: {about.edition}, {about.published.isoformat()}. Rows: {rows}",
            f"The same table again: {about.address}",
            "",
            "data.csv        the figures (UTF-8, comma-separated, SDMX codes)",
            "dictionary.csv  what each column and each code means",
            "LICENCE.txt     under which terms they may be used",
            "CITATION.txt    how to cite them",
            "",
            "An empty cell in OBS_VALUE is not zero. CONF_STATUS C or D: suppressed to protect people.",
            "OBS_STATUS M: not available. Z: cannot exist. A zero is written 0.",
            *marks,
            "",
        ]
    )
