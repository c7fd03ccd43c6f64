"""A council, from its invitation to its position and to the review of that position: all by the pages, in a browser.

Only the officers are made beforehand. The lane `browser` runs a small council; one of 12 institutions, 6 tables and 200
contributions is the same with other numbers, marked `load`: `pytest -m load tests/browser/test_council.py -s`. With
TOROGOZ_SHOTS=FOLDER the documents of the review are kept there. All bodies are real, all that they say is made up.
"""

import hashlib
import io
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.utils import timezone
from docx import Document as DocxDocument
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome

from tests.at_a_browser import AtABrowser
from tests.on_paper import looked_at, parted
from tests.world import LONG_AGO, PASSWORD, make_world
from torogoz.domain.access import Role
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.provisions import shipped

BODIES = ("MINSAL", "MTPS", "PDDH", "PGR", "PNC", "FGR", "ISDEMU", "CONAPINA", "RNPN", "ISSS", "INCAF", "BCR")
CONSULTATION = "Consulta inventada del consejo"
LEAST_HEADINGS = 30
"""Of a review: its chapters, and one for each of the 23 objectives."""
AGREE, RESERVATIONS, DISAGREE, BLOCK = "De acuerdo", "De acuerdo, con reservas", "En desacuerdo", "Bloquea"


@dataclass(frozen=True)
class Size:
    """How large a council is. Every fifth contribution comes on paper."""

    institutions: int
    tables: int
    contributions: int

    @property
    def bodies(self) -> tuple[str, ...]:
        return BODIES[: self.institutions]


SMALL, WHOLE = Size(4, 2, 12), Size(12, 6, 200)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time go by on the server. What waits for a day is not waited for."""
    ahead = timedelta()
    real = timezone.now

    def goes_by(more: timedelta) -> None:
        nonlocal ahead
        ahead += more

    def now() -> datetime:
        return real() + ahead

    monkeypatch.setattr(timezone, "now", now)
    return goes_by


def officers_of(size: Size) -> None:
    """Made-up officers, and the shipped lists: two secretaries, a focal point each, who leads and who writes."""
    world = make_world()
    codelists.load()
    shipped.load(now=timezone.now())
    posts = {f"focal_{code.lower()}": (code, Role.FOCAL_POINT) for code in size.bodies}
    for number in range(1, size.tables + 1):
        posts |= {f"facilita_{number}": ("DGME", Role.LOGISTICS), f"relata_{number}": ("GAMI", Role.LOGISTICS)}
    posts |= {"secretaria_1": ("RREE", Role.SECRETARIAT), "secretaria_2": ("RREE", Role.SECRETARIAT)}
    for username, (code, role) in posts.items():
        officer = Officer(username=username, full_name=f"Personal inventado ({username})", made_up=True)
        officer.set_password(PASSWORD)
        officer.save()
        Membership.objects.create(
            officer=officer,
            institution=Institution.objects.get(code=code),
            office=world.offices["CENTRE-A"],
            role=role.value,
            valid_from=LONG_AGO,
        )


@dataclass
class Council:
    """What the people of a council do, each at the browser. `receipts`: the codes that were handed out."""

    at: AtABrowser
    size: Size
    receipts: list[str] = field(default_factory=list)

    def to_the_desk(self) -> None:
        self.at.follow("Consulta", CONSULTATION)

    def name(self, code: str) -> str:
        return Institution.objects.get(code=code).name_es

    def prepare(self) -> None:
        """The secretariat writes down what is asked, how it is decided, and when."""
        at = self.at
        at.follow("Consulta", "Preparar una consulta")
        at.send(
            "Guardar la consulta",
            {
                "Código": "consejo-2027",
                "Título en español": CONSULTATION,
                "Título en inglés": "Made-up consultation of the council",
                "Pregunta en español": "¿Qué pide el país?",
                "Pregunta en inglés": "What does the country ask for?",
                "Mandato en español": "Acuerdo inventado.",
                "Mandato en inglés": "Made-up agreement.",
                "Cómo se decide": "Consenso sin bloqueo",
                "Quórum": str(self.size.institutions // 2 + 1),
            },
        )
        dates = {"Empieza": "2027-01-11", "Termina": "2027-01-15"}
        at.send("Guardar las fechas", dates, under="Mesas de trabajo")
        assert "11 de enero de 2027" in at.text or "2027-01-11" in at.text

    def convene(self) -> None:
        """Each institution is put on the list, and all are convened."""
        at = self.at
        at.follow("instancias convocadas")
        at.send("Agregar las marcadas a la lista", {f"{self.name(code)} ({code})": "sí" for code in self.size.bodies})
        assert f"{self.size.institutions} instancias" in at.text
        at.follow("consejo-2027")
        at.press("Convocar")
        assert "convocada" in at.text

    def reply(self, code: str) -> None:
        """A focal point answers for the own institution."""
        self.to_the_desk()
        self.at.follow("Responder")
        body = self.name(code)
        answer = {f"{body}: ¿Participa?": "aceptó", f"{body}: Nota": f"nota inventada de {code}"}
        self.at.send("Guardar las respuestas", answer)

    def reply_by_letter(self, code: str) -> None:
        """The secretariat types the answer of one that wrote a letter, and begins the work."""
        self.to_the_desk()
        self.at.follow("instancias convocadas")
        body = self.name(code)
        self.at.send("Guardar las respuestas", {f"{body}: ¿Participa?": "aceptó", f"{body}: Nota": "carta inventada"})
        self.at.follow("consejo-2027")
        assert f"{self.size.institutions} aceptaron" in self.at.text

    def set_up_tables(self) -> None:
        """A meeting, themes, tables, and who leads and writes at each; then the work begins."""
        at = self.at
        at.follow("Reuniones")
        meeting = {"Nombre en español": "Jornada inventada", "Nombre en inglés": "Made-up session"}
        at.send("Guardar la reunión", {**meeting, "Primer día": "2027-01-11", "Último día": "2027-01-15"})
        at.follow("consejo-2027", "mesas con sus temas")
        for n in range(1, self.size.tables + 1):
            theme = {"Código": f"T{n}", "Nombre en español": f"Tema {n}", "Nombre en inglés": f"Theme {n}"}
            at.send("Guardar el tema", theme, under="Agregar un tema")
        for n in range(1, self.size.tables + 1):
            table = {"Nombre en español": f"Mesa {n}", "Nombre en inglés": f"Table {n}", "Tema": f"T{n}"}
            at.send("Guardar la mesa", {**table, "Reunión": "Jornada"}, under="Agregar una mesa")
            for duty, username in (("Facilita", f"facilita_{n}"), ("Relata", f"relata_{n}")):
                named = {"Usuario": username, "Qué hace": duty}
                at.send("Nombrar", named, under="Nombrar a quien", within=f"Mesa {n}")
        at.follow("consejo-2027")
        at.press("Empezar el trabajo")

    def lead(self, n: int) -> None:
        """The facilitator opens the table and puts the question."""
        at = self.at
        self.to_the_desk()
        at.follow(f"Mesa {n}")
        at.send("Abrir la mesa")
        prompt = {"Pregunta en español": "¿Qué falta?", "Pregunta en inglés": "What is missing?", "Minutos": "30"}
        at.send("Guardar la pregunta", prompt, under="Agregar una pregunta")
        at.press("Preguntar y correr el tiempo")
        assert "Quedan 30 minutos" in at.text

    def capture(self, n: int) -> None:
        """The rapporteur writes down what is said, some of it from sheets, and hands out receipts."""
        at = self.at
        self.to_the_desk()
        at.follow(f"Mesa {n}")
        for number in range(n, self.size.contributions + 1, self.size.tables):
            body = self.name(self.size.bodies[number % self.size.institutions])
            said = {"Aporte": f"Aporte inventado {number}: falta un plazo.", "Quién lo dijo": body}
            if number % 5 == 0:
                said |= {"Lo copio de una hoja": "sí", "Cuál hoja": f"H-{number}"}
                at.send("Guardar el aporte", said, under="Lo copio de una hoja")
            else:
                at.send("Guardar el aporte", said)
            assert f"Aporte inventado {number}:" in at.text
        self.receipts += re.findall(r"Recibo (\w{5}-?\w{5})", at.text)

    def meet(self, until: datetime) -> None:
        """Attendance of each institution, minutes, and time to ask for other words."""
        at = self.at
        self.to_the_desk()
        at.follow("Reuniones", "asistencia")
        bodies = [self.name(code) for code in self.size.bodies]
        came = {f"{body}: ¿Asistió?": "asistió" for body in bodies}
        at.send("Guardar la asistencia", came | {f"{body}: Cuántas personas": "2" for body in bodies})
        at.follow("consejo-2027", "Reuniones", "acta")
        minutes = {"Acta en español": "Se abrió la jornada.", "Acta en inglés": "The session was opened."}
        at.send("Guardar el acta", minutes, under="Escribir el acta")
        moment = timezone.localtime(until).strftime("%Y-%m-%dT%H:%M")
        at.send("Abrir el plazo", {"Hasta cuándo": moment}, under="Abrir a enmiendas")
        assert "abierta a enmiendas" in at.text

    def ask_for_other_minutes(self) -> None:
        self.to_the_desk()
        self.at.follow("acta")
        self.at.send("Pedir la enmienda", {"Qué debe decir": "Diga que la jornada fue inventada."})
        assert "Se guardó lo que pide" in self.at.text

    def answer_about_minutes(self) -> None:
        self.to_the_desk()
        self.at.follow("acta")
        self.at.send("Guardar la respuesta", {"¿Se acepta?": "Sí", "Qué se responde": "Se agrega."}, under="Responder")
        minutes = {"Acta en español": "Se abrió la jornada inventada.", "Acta en inglés": "The made-up session opened."}
        self.at.send("Guardar el acta", minutes, under="Cambiar el acta")

    def finish_minutes(self) -> None:
        self.to_the_desk()
        self.at.follow("acta")
        self.at.send("Dar el acta por definitiva")
        assert "El acta es definitiva. Ya no cambia." in self.at.text

    def begin_texts(self) -> None:
        """A definition, a commitment, and a text on which nobody will agree, each with its first version."""
        texts = {
            "D1": ("Definición", "Migración inventada", "Made-up migration"),
            "D2": ("Compromiso", "Plazo inventado", "Made-up term"),
            "D3": ("Definición", "Otra definición", "Another definition"),
        }
        for code, (kind, name_es, name_en) in texts.items():
            self.to_the_desk()
            self.at.follow("texto")
            first = {"Primer texto en español": f"{name_es}, primera.", "Primer texto en inglés": f"{name_en}, first."}
            said = {"Código": code, "Qué es": kind, "Tema": "T1", "Título en español": name_es}
            self.at.send("Guardar el texto", {**said, "Título en inglés": name_en, **first})
            if code != "D1":
                point = {"Código": f"{code}.1", "Qué es": "Compromiso", "Punto en español": f"Punto de {code}."}
                self.at.send("Guardar el punto", {**point, "Punto en inglés": f"Point of {code}."}, under="Agregar un")
                self.at.press("Acordado")

    def ask_for_other_words(self) -> None:
        """A focal point proposes other words for the definition."""
        self.to_the_desk()
        self.at.follow("D1")
        words = {"Texto que propone, en español": "Migración inventada, con plazo.", "Por qué": "Falta el plazo."}
        self.at.send("Pedir la enmienda", words, under="Pedir una enmienda")

    def write_next_version(self) -> None:
        at = self.at
        self.to_the_desk()
        at.follow("D1")
        at.send("Guardar la respuesta", {"¿Se acepta?": "Sí", "Qué se responde": "Se toma."}, under="Responder")
        words = {
            "Texto en español": "Migración inventada, con plazo.",
            "Texto en inglés": "Made-up migration, with term.",
        }
        at.send("Guardar la versión", {**words, "Por qué cambia": "La enmienda."}, under="Escribir la versión")
        assert "versión 2" in at.text
        for code in ("D1", "D2", "D3"):
            at.follow("consejo-2027", code)
            at.send("Pedir posiciones sobre este texto")

    def take_position(self, number: int, code: str) -> None:
        """The institution says where it stands on each text; who disagrees or blocks says why."""
        stances = {"D1": AGREE, "D2": AGREE, "D3": AGREE}
        if number == 0:
            stances |= {"D1": DISAGREE, "D3": BLOCK}
        if number == 1:
            stances |= {"D2": RESERVATIONS}
        self.to_the_desk()
        for draft, stance in stances.items():
            self.at.follow(draft)
            reason = "" if stance == AGREE else f"Razón inventada de {code}."
            self.at.send("Guardar la posición", {"Posición": stance, "Razón": reason})
            assert "Se guardó la posición" in self.at.text
            self.at.follow("consejo-2027")

    def record_outcomes(self, code: str) -> None:
        """The position that came on paper is typed; each text gets its outcome, one of them without agreement."""
        at = self.at
        results = {"D1": "Acordado, con reservas o disensos", "D2": "Acordado, con reservas", "D3": "Sin acuerdo"}
        self.to_the_desk()
        for draft, result in results.items():
            at.follow(draft)
            typed = {"Posición": AGREE, "Cuál hoja o carta": "carta inventada"}
            at.send("Guardar la posición", typed, under="Anotar la que venía en papel")
            at.send("Registrar el resultado")
            assert result in at.text
            at.follow("consejo-2027")

    def work_on_contributions(self) -> None:
        """Merged, split, said in other words, adopted, not adopted, set aside: each is told to who made it."""
        at = self.at
        merged, into, split, reworded, adopted, refused, aside = self.receipts[:7]
        self._contribution(merged)
        at.send("Unirlo con otros", {"Con cuáles": into, "El aporte que resulta": "Los dos."}, under="Unirlo con otros")
        self._contribution(split)
        at.send("Dividirlo", {"Parte 1": "Una parte.", "Parte 2": "La otra."}, under="Dividirlo")
        self._contribution(reworded)
        at.send("Decirlo con otras palabras", {"Con otras palabras": "Dicho de otro modo."}, under="Decirlo con otras")
        self._contribution(adopted)
        at.send("Recogerlo en un texto", {"En cuál texto": "D1"}, under="Recogerlo en un texto")
        why = {"Razón en español": "Ya está en la ley.", "Razón en inglés": "It stands in the law."}
        self._contribution(refused)
        at.send("Decir qué se hace con él", {"Qué se hace": "no recogido", **why}, under="Decir qué se hace")
        self._contribution(aside)
        ground = {"Qué se hace": "apartado", "Motivo": "Trata de otra cosa"}
        at.send("Decir qué se hace con él", {**ground, **why}, under="Decir qué se hace")

    def _contribution(self, receipt: str) -> None:
        self.to_the_desk()
        self.at.follow("Aportes")
        self.at.follow_beside(receipt)

    def publish(self) -> None:
        self.to_the_desk()
        self.at.press("Publicar la consulta")
        self.at.press("Publicar los resultados")

    def became(self, receipt: str) -> str:
        """What anybody with the code of a receipt is told."""
        self.at.go("/")
        self.at.follow("Consulta", "Qué pasó con mi aporte")
        self.at.send("Ver qué pasó", {"Código de su recibo": receipt})
        return self.at.text

    def propose(self) -> None:
        self.to_the_desk()
        self.at.press("Cerrar a nuevos aportes")
        self.at.follow("Adoptar la posición")
        self.at.send("Proponer esta posición")
        assert "La confirma otra persona" in self.at.text

    def confirm(self) -> None:
        self.to_the_desk()
        self.at.follow("Adoptar la posición")
        self.at.send("Confirmar y publicar")
        assert "adoptada y publicada" in self.at.text

    def check_position(self) -> None:
        """Anybody reads the position, and finds that the file has the hash that the page prints."""
        at = self.at
        at.go("/")
        at.follow("Consulta", CONSULTATION, "Leer la posición")
        assert "Razón inventada" in at.text
        assert "Sin acuerdo" in at.text
        (address,) = at.links("Descargar la forma canónica")
        assert hashlib.sha256(downloaded(address)).hexdigest() in at.text
        at.go("/")
        at.follow("Compromisos", "Lista con filtros")
        at.send("Buscar", {"Instrumento": CONSULTATION})
        assert "Migración inventada, con plazo." in at.text

    def make_review(self) -> None:
        """The secretariat makes the review in both languages, and publishes each."""
        at = self.at
        at.follow("Compromisos", "Exámenes nacionales", "Hacer un examen")
        year = str(timezone.localdate().year)
        chosen = {"Posición que se examina": CONSULTATION, "Primer año": year, "Último año": year}
        at.send("Hacer el examen", chosen)
        assert CONSULTATION in at.text
        at.press("Publicar este examen")
        at.follow("El mismo examen en")
        at.press("Publicar este examen")

    def read_reviews(self) -> dict[str, bytes]:
        """What anybody downloads, by the name of the file."""
        at = self.at
        files = {}
        for code, language in (("es", "español"), ("en", "inglés")):
            at.go("/")
            at.follow("Compromisos", "Exámenes nacionales")
            at.follow_beside(language)
            for ending in ("PDF", "DOCX"):
                (address,) = at.links(f"Descargar en {ending}")
                content = downloaded(address)
                assert hashlib.sha256(content).hexdigest() in at.text
                files[f"review-{code}.{ending.lower()}"] = content
        return files


def downloaded(address: str) -> bytes:
    """A file, as somebody without an account gets it."""
    with urlopen(address, timeout=60) as answer:
        return bytes(answer.read())


def run_council(
    browser: Chrome, server: LiveServer, size: Size, clock: Callable[[timedelta], None]
) -> dict[str, bytes]:
    """From the invitation to the review. The last institution of the list answers by letter."""
    officers_of(size)
    at = AtABrowser(browser, server)
    council = Council(at, size)
    *focal, by_letter = size.bodies
    with at.of("secretaria_1"):
        council.prepare()
        council.convene()
    for code in focal:
        with at.of(f"focal_{code.lower()}"):
            council.reply(code)
    with at.of("secretaria_1"):
        council.reply_by_letter(by_letter)
        council.set_up_tables()
    for n in range(1, size.tables + 1):
        with at.of(f"facilita_{n}"):
            council.lead(n)
        with at.of(f"relata_{n}"):
            council.capture(n)
    assert len(set(council.receipts)) == size.contributions
    with at.of("secretaria_1"):
        council.to_the_desk()
        council.meet(timezone.now() + timedelta(minutes=90))
    with at.of(f"focal_{focal[0].lower()}"):
        council.ask_for_other_minutes()
    with at.of("secretaria_1"):
        council.answer_about_minutes()
        council.begin_texts()
    with at.of(f"focal_{focal[1].lower()}"):
        council.ask_for_other_words()
    clock(timedelta(hours=2))
    with at.of("secretaria_1"):
        council.finish_minutes()
        council.write_next_version()
        council.work_on_contributions()
    for number, code in enumerate(focal):
        with at.of(f"focal_{code.lower()}"):
            council.take_position(number, code)
    with at.of("secretaria_2"):
        council.record_outcomes(by_letter)
        council.publish()
        council.propose()
    merged, _into, split, reworded, adopted, refused, aside = council.receipts[:7]
    assert "Se unió con otros aportes. Juntos dicen:\n«Los dos.»" in council.became(merged)
    assert "Se dividió en partes:\n«Una parte.»" in council.became(split)
    assert "Se dijo con otras palabras:\n«Dicho de otro modo.»" in council.became(reworded)
    assert "Se recogió en «D1 Migración inventada»" in council.became(adopted)
    assert "no recogido. Ya está en la ley." in council.became(refused)
    assert "Trata de otra cosa" in council.became(aside)
    with at.of("secretaria_1"):
        council.confirm()
    council.check_position()
    with at.of("secretaria_1"):
        council.make_review()
    return council.read_reviews()


OUTCOME = {"es": "Migración inventada, con plazo.", "en": "Made-up migration, with term."}


def review_looked_at(files: dict[str, bytes]) -> None:
    """What both files say in both languages, and each page of the PDF as an image. TOROGOZ_SHOTS keeps them."""
    if folder := os.environ.get("TOROGOZ_SHOTS"):
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
    for language, title in (("es", "Examen nacional"), ("en", "National review")):
        document = DocxDocument(io.BytesIO(files[f"review-{language}.docx"]))
        assert title in "\n".join(one.text for one in document.paragraphs)
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        assert OUTCOME[language] in cells
        pages = looked_at(files[f"review-{language}.pdf"])
        heads = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
        assert len(heads) > LEAST_HEADINGS
        assert parted(pages, heads) == [], (
            "a heading stands at the foot of a page, and what it is about on the next one"
        )
        words = " ".join(" ".join(page.words for page in pages).split())
        assert title in words
        assert OUTCOME[language] in words
        assert [head for head in heads if " ".join(head.split()) not in words] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_council_goes_from_its_invitation_to_the_national_review_by_the_pages(
    browser: Chrome, live_server: LiveServer, clock: Callable[[timedelta], None]
) -> None:
    review_looked_at(run_council(browser, live_server, SMALL, clock))


@pytest.mark.load
@pytest.mark.django_db(transaction=True)
def test_a_council_of_twelve_institutions_and_two_hundred_contributions(
    browser: Chrome, live_server: LiveServer, clock: Callable[[timedelta], None]
) -> None:
    began = time.monotonic()
    review_looked_at(run_council(browser, live_server, WHOLE, clock))
    print(f"12 institutions, 6 tables, 200 contributions: {time.monotonic() - began:.0f} s")
