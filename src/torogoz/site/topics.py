"""The one table of topics: the 17 demands of the 2017 consultation, in its order.

`INSTALLED_APPS`, the URL map, the menu, the access-matrix test, the page /about/ and `docs/map.md` are made from it.
A topic that has an `app` works; one without is a demand that waits, and is shown as such and nowhere else.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One demand: its code, the noun that names it everywhere, its words in both languages.

    anybody  where its own pages are for who works with people: the name of the page that anybody may read instead, and
             what it is asked with
    """

    code: str
    noun: str
    name_es: str
    name_en: str
    asks_es: str
    asks_en: str
    app: str | None = None
    anybody: tuple[str, str] | None = None

    @property
    def works(self) -> bool:
        return self.app is not None


TOPICS = (
    Topic(
        "S1",
        "flows",
        "Flujos migratorios",
        "Migration flows",
        "Un sistema de información que mida la migración por sexo y edad con indicadores comparables.",
        "An information system that measures migration by sex and age with comparable indicators.",
        app="torogoz.topics.flows",
    ),
    Topic(
        "S2",
        "rights",
        "Derechos humanos",
        "Human rights",
        "Vigilar los derechos humanos de las personas migrantes: denuncias, seguimiento y acceso a la justicia.",
        "Watch over the human rights of migrants: complaints, follow-up and access to justice.",
    ),
    Topic(
        "S3",
        "commitments",
        "Compromisos",
        "Commitments",
        "Dar seguimiento a los compromisos de los Estados con transparencia y rendición de cuentas.",
        "Follow the commitments of States with transparency and accountability.",
        app="torogoz.topics.commitments",
    ),
    Topic(
        "S4",
        "risks",
        "Riesgos y conflictos",
        "Risks and conflict",
        "Mapas de riesgo y conflicto, y de los lugares que protegen.",
        "Maps of risk and conflict, and of the places that protect.",
    ),
    Topic(
        "S5",
        "violence",
        "Violencia y delito",
        "Violence and crime",
        "Conocer la incidencia del delito y la violencia en la movilidad de las personas.",
        "Know the incidence of crime and violence on the mobility of people.",
        app="torogoz.topics.violence",
    ),
    Topic(
        "S6",
        "trafficking",
        "Trata y tráfico",
        "Trafficking and smuggling",
        "Conocer la trata y el tráfico de personas, en el país y en la región.",
        "Know trafficking and smuggling of persons, nationally and in the region.",
    ),
    Topic(
        "S7",
        "assistance",
        "Atención a víctimas",
        "Assistance to victims",
        "Atender a las víctimas entre instituciones, sin repetir preguntas.",
        "Assist victims across institutions, without asking twice.",
    ),
    Topic(
        "S8",
        "returns",
        "Retorno y reintegración",
        "Return and reintegration",
        "Recibir con dignidad a las personas retornadas.",
        "Receive returned persons with dignity.",
        app="torogoz.topics.returns",
        anybody=("flows:dataflow", "RETURNS"),
    ),
    Topic(
        "S9",
        "employment",
        "Empleo y competencias",
        "Employment and skills",
        "Contratación legal y reconocimiento de competencias.",
        "Legal hiring and recognition of skills.",
    ),
    Topic(
        "S10",
        "remittances",
        "Remesas",
        "Remittances",
        "Remesas más baratas y su uso para el desarrollo.",
        "Cheaper remittances and their use for development.",
    ),
    Topic(
        "S11",
        "guidance",
        "Información pública",
        "Public information",
        "Informar sobre vías regulares, derechos, riesgos y ayuda cercana.",
        "Inform about regular pathways, rights, risks and help near by.",
    ),
    Topic(
        "S12",
        "regularisation",
        "Regularización",
        "Regularisation",
        "Procesos de regularización migratoria.",
        "Processes of migration regularisation.",
    ),
    Topic(
        "S13",
        "social_security",
        "Seguridad social",
        "Social security",
        "Portabilidad de pensiones y prestaciones.",
        "Portability of pensions and benefits.",
    ),
    Topic(
        "S14",
        "employers",
        "Empleadores",
        "Employers",
        "Supervisar las obligaciones de quienes contratan.",
        "Oversee the duties of those who hire.",
    ),
    Topic(
        "S15",
        "diaspora",
        "Diáspora",
        "Diaspora",
        "Vincular a la diáspora con el país.",
        "Link the diaspora with the country.",
        app="torogoz.topics.diaspora",
    ),
    Topic(
        "S16",
        "practices",
        "Buenas prácticas",
        "Good practices",
        "Intercambiar buenas prácticas.",
        "Exchange good practices.",
        app="torogoz.topics.practices",
    ),
    Topic(
        "S17",
        "consultation",
        "Consulta",
        "Consultation",
        "La consulta misma: mesas, definiciones, prioridades y posición nacional.",
        "The consultation itself: round tables, definitions, priorities and national position.",
        app="torogoz.topics.consultation",
    ),
)

WORKING_TOPICS = tuple(topic for topic in TOPICS if topic.app is not None)
