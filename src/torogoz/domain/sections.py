"""The sections of the single form: what each institution adds to what the common header has already asked.

The header is asked once, at the migration interview. A section lists in `needs` the facts of the header that its
institution works with; no section may ask for one of them, nor for what another section asks.
"""

from collections.abc import Iterable

from torogoz.domain.access import Tier
from torogoz.domain.questions import NONE, UNKNOWN, YES_NO_UNKNOWN, Kind, Option, Question, SectionForm

IDENTITY = "identity"
"""Code of the header for the policy: name, birth, sex, nationality and documents."""

# Facts of the header, by code: name in Spanish, name in English.
HEADER = {
    "name": ("nombre y apellidos", "name and surnames"),
    "sex": ("sexo", "sex"),
    "birth": ("fecha de nacimiento", "date of birth"),
    "nationality": ("nacionalidad", "nationality"),
    "document": ("documento de identidad", "identity document"),
    "arrived_at": ("fecha y hora de llegada", "date and time of arrival"),
    "returned_from": ("país de retorno", "country of return"),
    "route": ("vía aérea o terrestre", "by air or by land"),
    "accompanied": ("viene acompañada", "comes accompanied"),
    "origin": ("departamento y distrito de origen", "department and district of origin"),
    "destination": ("departamento y distrito de destino", "department and district of destination"),
    "reason": ("motivo para migrar", "reason to migrate"),
    "needs": ("necesidades inmediatas", "immediate needs"),
    "pregnant": ("embarazo", "pregnancy"),
    "disabled": ("discapacidad", "disability"),
    "injured": ("lesiones", "injuries"),
}


class NoSuchForm(LookupError):
    """No form has this code, or this version of it."""


def choice(code: str, es: str, en: str, *options: tuple[str, str, str], required: bool = False) -> Question:
    """One answer among several; «No se sabe» is always one of them."""
    return Question(code, Kind.CHOICE, es, en, (*(Option(*option) for option in options), _UNKNOWN), required=required)


def several(code: str, es: str, en: str, *options: tuple[str, str, str], none: tuple[str, str]) -> Question:
    """Any number of answers, or none of them, or unknown."""
    listed = (*(Option(*option) for option in options), Option(NONE, *none), _UNKNOWN)
    hint = ("Marque todas las que correspondan.", "Mark all that apply.")
    return Question(code, Kind.SEVERAL, es, en, listed, *hint)


def yes_no(code: str, es: str, en: str, hint_es: str = "", hint_en: str = "", *, required: bool = False) -> Question:
    """Yes, no, or not known."""
    options = tuple(Option(answer, *words) for answer, words in YES_NO_UNKNOWN.items())
    return Question(code, Kind.YES_NO, es, en, options, hint_es, hint_en, required=required)


def number(code: str, es: str, en: str, *, most: int, hint_es: str = "", hint_en: str = "") -> Question:
    """A whole number from nought to `most`."""
    return Question(code, Kind.NUMBER, es, en, (), hint_es, hint_en, most=most)


def text(code: str, es: str, en: str, hint_es: str = "", hint_en: str = "") -> Question:
    """A few words."""
    return Question(code, Kind.TEXT, es, en, (), hint_es, hint_en)


_UNKNOWN = Option(UNKNOWN, *YES_NO_UNKNOWN[UNKNOWN])

MIGRATION = SectionForm(
    code="migration",
    version=1,
    institution="DGME",
    tier=Tier.ORDINARY,
    es="Entrevista migratoria",
    en="Migration interview",
    needs=frozenset({"name", "birth", "nationality", "document", "returned_from", "route", "reason"}),
    questions=(
        choice(
            "time_abroad",
            "¿Cuánto tiempo vivió fuera del país?",
            "How long did the person live abroad?",
            ("LT1M", "Menos de un mes", "Less than a month"),
            ("M1T11", "De uno a once meses", "One to eleven months"),
            ("Y1T4", "De uno a cuatro años", "One to four years"),
            ("Y5T9", "De cinco a nueve años", "Five to nine years"),
            ("Y_GE10", "Diez años o más", "Ten years or more"),
            required=True,
        ),
        choice(
            "detained_where",
            "¿Dónde detuvieron a la persona?",
            "Where was the person detained?",
            ("TRANSIT", "En el camino, antes de llegar", "On the way, before getting there"),
            ("BORDER", "Al cruzar la frontera", "Crossing the border"),
            ("WORK", "En el trabajo", "At work"),
            ("STREET", "En la calle o en un control de tránsito", "In the street or at a traffic stop"),
            ("HOME", "En su vivienda", "At home"),
            ("NOT", "No hubo detención", "There was no detention"),
        ),
        number("detained_days", "¿Cuántos días duró la detención?", "How many days did the detention last?", most=9999),
        number(
            "earlier_returns",
            "¿Cuántas veces más había retornado antes?",
            "How many times before had the person been returned?",
            most=99,
        ),
        yes_no(
            "belongings_kept",
            "¿Le retuvieron pertenencias o dinero?",
            "Were belongings or money kept from the person?",
            "Sirve para pedir su devolución por la vía consular.",
            "It helps to ask for them back through the consulate.",
        ),
    ),
)

HEALTH = SectionForm(
    code="health",
    version=1,
    institution="MINSAL",
    tier=Tier.SENSITIVE,
    es="Atención médica",
    en="Medical stop",
    needs=frozenset({"birth", "sex", "pregnant", "disabled", "injured"}),
    questions=(
        several(
            "symptoms",
            "¿Qué molestias tiene hoy?",
            "What troubles the person today?",
            ("FEVER", "Fiebre", "Fever"),
            ("COUGH", "Tos o dificultad para respirar", "Cough or trouble breathing"),
            ("STOMACH", "Diarrea o vómito", "Diarrhoea or vomiting"),
            ("PAIN", "Dolor fuerte", "Strong pain"),
            ("SKIN", "Problemas de la piel", "Skin trouble"),
            ("FAINT", "Mareo o desmayo", "Dizziness or fainting"),
            none=("Ninguna", "None"),
        ),
        several(
            "chronic",
            "¿Qué enfermedades en tratamiento tiene?",
            "Which illnesses are under treatment?",
            ("DIABETES", "Diabetes", "Diabetes"),
            ("PRESSURE", "Presión alta", "High blood pressure"),
            ("ASTHMA", "Asma", "Asthma"),
            ("EPILEPSY", "Epilepsia", "Epilepsy"),
            ("KIDNEY", "Enfermedad renal", "Kidney disease"),
            ("OTHER", "Otra", "Another"),
            none=("Ninguna", "None"),
        ),
        yes_no("medicine_missed", "¿Dejó de tomar una medicina que necesita?", "Has a needed medicine been missed?"),
        yes_no(
            "vaccination_card",
            "¿Trae esquema de vacunación?",
            "Is there a vaccination record?",
            "Pregunte cuando se trate de una niña o un niño.",
            "Ask it of children.",
        ),
        number(
            "gestation_weeks",
            "¿De cuántas semanas es el embarazo?",
            "How many weeks along is the pregnancy?",
            most=44,
            hint_es="Solo si el encabezado dice que hay embarazo.",
            hint_en="Only if the header says that there is one.",
        ),
        choice(
            "care",
            "¿Qué se hizo?",
            "What was done?",
            ("FIT", "Evaluación sin hallazgos", "Examined, nothing found"),
            ("TREATED", "Atención en el centro", "Treated at the centre"),
            ("REFERRED", "Referencia a un establecimiento de salud", "Referred to a health facility"),
            ("EMERGENCY", "Traslado de emergencia", "Emergency transfer"),
            ("DECLINED", "La persona no quiso atención", "The person declined care"),
            required=True,
        ),
        text("health_note", "Indicaciones para quien continúe la atención", "Advice for whoever goes on with the care"),
    ),
)

POLICE = SectionForm(
    code="police",
    version=1,
    institution="PNC",
    tier=Tier.SENSITIVE,
    es="Verificación policial",
    en="Police check",
    needs=frozenset({"name", "birth", "document"}),
    questions=(
        choice(
            "warrant",
            "¿Hay una orden judicial vigente?",
            "Is a court order in force?",
            ("NO", "No hay", "There is none"),
            ("YES", "Sí, verificada con el documento", "Yes, checked against the document"),
            ("NAMESAKE", "Es de otra persona del mismo nombre", "It is of a namesake"),
            required=True,
        ),
        text("court", "Tribunal y número de la orden", "Court and number of the order"),
        yes_no(
            "crime_report",
            "¿Quiere denunciar un delito del que fue víctima?",
            "Does the person wish to report a crime suffered?",
            "Nadie está obligado a denunciar.",
            "Nobody has to report.",
        ),
        text("report_number", "Número de la denuncia", "Number of the report"),
    ),
)

PSYCHOSOCIAL = SectionForm(
    code="psychosocial",
    version=1,
    institution="GAMI",
    tier=Tier.SENSITIVE,
    es="Atención psicosocial",
    en="Psychosocial support",
    needs=frozenset({"birth", "sex", "accompanied", "needs"}),
    questions=(
        choice(
            "psychosocial_setting",
            "¿Cómo fue la atención?",
            "How was the support given?",
            ("GROUP", "En grupo", "In a group"),
            ("INDIVIDUAL", "Individual", "One to one"),
            ("FAMILY", "En familia", "With the family"),
            ("DECLINED", "La persona no quiso", "The person declined"),
            required=True,
        ),
        several(
            "distress",
            "¿Qué se observa o cuenta la persona?",
            "What is seen, or told by the person?",
            ("SLEEP", "No duerme o tiene pesadillas", "No sleep, or nightmares"),
            ("FEAR", "Miedo constante", "Constant fear"),
            ("GRIEF", "Duelo o separación", "Grief or separation"),
            ("ALONE", "Aislamiento", "Isolation"),
            ("HARM", "Ideas de hacerse daño", "Thoughts of self-harm"),
            none=("Nada de esto", "None of these"),
        ),
        yes_no("support_network", "¿Cuenta con alguien que la apoye?", "Is there somebody to lean on?"),
        choice(
            "psychosocial_next",
            "¿Qué sigue?",
            "What comes next?",
            ("NOTHING", "Nada por ahora", "Nothing for now"),
            ("APPOINTMENT", "Cita de seguimiento", "A follow-up appointment"),
            ("CLINIC", "Referencia a salud mental", "Referral to mental health"),
            ("NOW", "Atención en crisis ahora", "Crisis care now"),
            required=True,
        ),
    ),
)

CHILD_PROTECTION = SectionForm(
    code="child_protection",
    version=1,
    institution="CONAPINA",
    tier=Tier.PROTECTED,
    es="Protección de niñez y adolescencia",
    en="Child protection",
    needs=frozenset({"birth", "sex", "accompanied", "destination"}),
    questions=(
        choice(
            "received_by",
            "¿Quién recibe a la niña, el niño o adolescente?",
            "Who receives the child?",
            ("MOTHER", "La madre", "The mother"),
            ("FATHER", "El padre", "The father"),
            ("RELATIVE", "Otro familiar", "Another relative"),
            ("STATE", "La junta de protección", "The protection board"),
            ("NOBODY", "Nadie se ha presentado", "Nobody has come"),
            required=True,
        ),
        yes_no("kinship_proven", "¿Se comprobó el parentesco con documentos?", "Was kinship proven with papers?"),
        yes_no("separated", "¿Hubo separación de su familia en el viaje?", "Was there separation on the journey?"),
        yes_no("safe_home", "¿Es seguro el hogar al que va?", "Is the home to go to safe?"),
        text(
            "child_opinion",
            "¿Qué opina la niña, el niño o adolescente?",
            "What does the child say?",
            "Con sus palabras. Tiene derecho a que se le escuche.",
            "In the child's own words. There is a right to be heard.",
        ),
        choice(
            "measure",
            "¿Qué medida se tomó?",
            "Which measure was taken?",
            ("HANDED", "Entrega a su familia", "Handed to the family"),
            ("SHELTER", "Acogimiento de emergencia", "Emergency foster care"),
            ("ASSESS", "Evaluación pendiente", "Assessment under way"),
            required=True,
        ),
    ),
)

WOMEN = SectionForm(
    code="women",
    version=1,
    institution="ISDEMU",
    tier=Tier.SENSITIVE,
    es="Atención a mujeres",
    en="Support for women",
    needs=frozenset({"sex", "birth", "pregnant", "destination"}),
    questions=(
        several(
            "violence_lived",
            "¿Qué violencia ha vivido?",
            "Which violence has she lived through?",
            ("PHYSICAL", "Física", "Physical"),
            ("SEXUAL", "Sexual", "Sexual"),
            ("PSYCHOLOGICAL", "Psicológica", "Psychological"),
            ("ECONOMIC", "Patrimonial o económica", "Of property or money"),
            none=("Ninguna", "None"),
        ),
        several(
            "violence_where",
            "¿Dónde ocurrió?",
            "Where did it happen?",
            ("BEFORE", "Antes de salir", "Before leaving"),
            ("TRANSIT", "En el camino", "On the way"),
            ("ABROAD", "En el país donde vivía", "In the country where she lived"),
            ("CUSTODY", "En detención", "In detention"),
            none=("No corresponde", "Does not apply"),
        ),
        yes_no("fears_return", "¿Teme a alguien en el lugar al que va?", "Does she fear somebody where she is going?"),
        several(
            "women_services",
            "¿Qué apoyo quiere?",
            "Which support does she want?",
            ("LISTEN", "Que la escuchen", "To be heard"),
            ("SHELTER", "Un lugar seguro", "A safe place"),
            ("ACCOMPANY", "Acompañamiento para denunciar", "Company when reporting"),
            ("AUTONOMY", "Programas de autonomía económica", "Economic autonomy programmes"),
            none=("Ninguno por ahora", "None for now"),
        ),
        text(
            "safe_contact",
            "¿Cómo se le puede contactar sin riesgo?",
            "How can she be reached without risk?",
            "Horario, persona o medio seguro.",
            "Safe hours, person or means.",
        ),
    ),
)

CONSULAR = SectionForm(
    code="consular",
    version=1,
    institution="RREE",
    tier=Tier.SENSITIVE,
    es="Vínculos y gestiones en el exterior",
    en="Ties and errands abroad",
    needs=frozenset({"nationality", "returned_from", "reason"}),
    questions=(
        yes_no("consul_visit", "¿Habló con un cónsul antes del retorno?", "Did a consul speak to the person before?"),
        several(
            "family_abroad",
            "¿Qué familia cercana queda en el exterior?",
            "Which close family stays abroad?",
            ("PARTNER", "Cónyuge o pareja", "Spouse or partner"),
            ("CHILDREN", "Hijas o hijos", "Children"),
            ("PARENTS", "Madre o padre", "Parents"),
            ("OTHER", "Otra", "Other"),
            none=("Ninguna", "None"),
        ),
        number(
            "minors_abroad",
            "¿Cuántos hijos menores de edad quedan en el exterior?",
            "How many children under age stay abroad?",
            most=20,
        ),
        several(
            "abroad_errands",
            "¿Qué gestión necesita en el exterior?",
            "Which errand is needed abroad?",
            ("WAGES", "Cobrar salarios", "Collect wages"),
            ("PROPERTY", "Recuperar bienes", "Recover property"),
            ("PAPERS", "Obtener partidas o documentos", "Get certificates or papers"),
            ("MISSING", "Buscar a un familiar", "Search for a relative"),
            none=("Ninguna", "None"),
        ),
    ),
)

LABOUR = SectionForm(
    code="labour",
    version=1,
    institution="MTPS",
    tier=Tier.ORDINARY,
    es="Experiencia y empleo",
    en="Experience and work",
    needs=frozenset({"birth", "sex", "destination", "disabled"}),
    questions=(
        text(
            "occupation", "¿En qué trabajaba?", "What was the person's work?", "La última ocupación.", "The last one."
        ),
        number("experience_years", "¿Cuántos años de experiencia tiene?", "How many years of experience?", most=70),
        choice(
            "schooling",
            "¿Hasta qué grado estudió?",
            "How far did schooling go?",
            ("NONE", "No estudió", "No schooling"),
            ("PRIMARY", "De primero a sexto grado", "Grades one to six"),
            ("LOWER", "De séptimo a noveno grado", "Grades seven to nine"),
            ("UPPER", "Bachillerato", "Upper secondary"),
            ("HIGHER", "Técnico o universidad", "Technical or university"),
        ),
        choice(
            "english",
            "¿Cuánto inglés habla?",
            "How much English is spoken?",
            ("NONE", "Nada", "None"),
            ("SOME", "Lo básico", "The basics"),
            ("WORK", "Lo usa para trabajar", "Enough to work in"),
            ("FLUENT", "Con soltura", "Fluently"),
        ),
        yes_no("skill_papers", "¿Tiene constancia de lo que sabe hacer?", "Are there papers that prove the skills?"),
        choice(
            "work_wanted",
            "¿Qué busca ahora?",
            "What is sought now?",
            ("JOB", "Un empleo", "A job"),
            ("OWN", "Un negocio propio", "An own business"),
            ("TRAIN", "Formación", "Training"),
            ("ABROAD", "Empleo temporal y legal en el exterior", "Temporary legal work abroad"),
            ("NOTHING", "Nada por ahora", "Nothing for now"),
        ),
    ),
)

LEGAL_AID = SectionForm(
    code="legal_aid",
    version=1,
    institution="PGR",
    tier=Tier.SENSITIVE,
    es="Asistencia legal",
    en="Legal aid",
    needs=frozenset({"name", "birth", "document", "nationality"}),
    questions=(
        several(
            "legal_matters",
            "¿En qué asunto necesita ayuda?",
            "Which matter needs help?",
            ("SUPPORT", "Cuota alimenticia", "Child support"),
            ("CUSTODY", "Cuidado personal de hijos", "Custody of children"),
            ("REGISTRY", "Partidas e identidad", "Certificates and identity"),
            ("LABOUR", "Reclamo laboral", "A labour claim"),
            ("PROPERTY", "Vivienda o bienes", "Home or property"),
            none=("Ninguno", "None"),
        ),
        yes_no("case_abroad", "¿Tiene un proceso abierto en otro país?", "Is a case open in another country?"),
        yes_no("lawyer", "¿Tiene quien la represente?", "Does somebody represent the person?"),
        text("legal_next", "Próximo paso y fecha", "Next step and date"),
    ),
)

RIGHTS = SectionForm(
    code="rights",
    version=1,
    institution="PDDH",
    tier=Tier.SENSITIVE,
    es="Derechos humanos",
    en="Human rights",
    needs=frozenset({"name", "returned_from", "route"}),
    questions=(
        several(
            "rights_affected",
            "¿Qué le ocurrió durante la detención o el viaje?",
            "What happened during detention or travel?",
            ("FORCE", "Golpes o uso de la fuerza", "Blows or force"),
            ("FOOD", "Falta de agua, comida o medicina", "No water, food or medicine"),
            ("CALL", "No pudo llamar a su familia", "No call to the family"),
            ("HEARING", "No le explicaron su caso o no le escucharon", "Case not explained, or not heard"),
            ("INSULT", "Insultos o discriminación", "Insults or discrimination"),
            none=("Nada de esto", "None of these"),
        ),
        several(
            "authority",
            "¿De qué autoridad se trata?",
            "Which authority was it?",
            ("US", "De Estados Unidos", "Of the United States"),
            ("MX", "De México", "Of Mexico"),
            ("SV", "De El Salvador", "Of El Salvador"),
            ("OTHER", "De otro país", "Of another country"),
            none=("No corresponde", "Does not apply"),
        ),
        choice(
            "complaint",
            "¿Quiere poner una queja?",
            "Is a complaint wanted?",
            ("NAMED", "Sí, con su nombre", "Yes, under the own name"),
            ("CONFIDENTIAL", "Sí, con reserva de su nombre", "Yes, with the name kept back"),
            ("NO", "No", "No"),
            required=True,
        ),
        text("what_happened", "¿Qué pasó?", "What happened?", "Con sus palabras.", "In the person's own words."),
    ),
)

FORMS = (
    MIGRATION,
    HEALTH,
    POLICE,
    PSYCHOSOCIAL,
    CHILD_PROTECTION,
    WOMEN,
    CONSULAR,
    LABOUR,
    LEGAL_AID,
    RIGHTS,
)
"""Every version of every form that was ever in use: a version that is replaced stays, so that its answers are read."""


def current(forms: Iterable[SectionForm] = FORMS) -> tuple[SectionForm, ...]:
    """The newest version of each form, in the order of the reception."""
    newest: dict[str, SectionForm] = {}
    for form in forms:
        if form.code not in newest or form.version > newest[form.code].version:
            newest[form.code] = form
    return tuple(newest.values())


def current_form(code: str, forms: Iterable[SectionForm] = FORMS) -> SectionForm:
    """The form that is filled in today. Raises NoSuchForm."""
    for form in current(forms):
        if form.code == code:
            return form
    raise NoSuchForm(f"no section is called {code!r}; there are {', '.join(form.code for form in current(forms))}")


def form_of(code: str, version: int, forms: Iterable[SectionForm] = FORMS) -> SectionForm:
    """The form under which answers were written, however old. Raises NoSuchForm."""
    for form in forms:
        if (form.code, form.version) == (code, version):
            return form
    raise NoSuchForm(f"no version {version} of the section {code!r} was ever in use")
