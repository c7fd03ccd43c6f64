"""Offices and officers of the demonstration country: ten institutions at two centres. Every officer is made up."""

from dataclasses import dataclass

from torogoz.domain.access import Role

# For the demonstration alone: it is printed at every start, and the demonstration listens on this machine only.
PASSWORD = "Guardabarranco-2026"

CENTRE = "GAMI-SS"
AIRPORT = "AEROPUERTO"
STATISTICS = "ONEC-SS"
STATISTICIAN = "estadistica"


@dataclass(frozen=True)
class MadeUpOffice:
    """An office: its code, the institution that keeps it, its names and its department."""

    code: str
    institution: str
    name_es: str
    name_en: str
    department: str
    receives_arrivals: bool


@dataclass(frozen=True)
class MadeUpOfficer:
    """An officer: the name to sign in with, and the posting."""

    username: str
    full_name: str
    institution: str
    office: str
    role: Role


OFFICES = (
    MadeUpOffice(CENTRE, "GAMI", "Centro de recepción de La Chacra", "Reception centre of La Chacra", "SV-SS", True),
    MadeUpOffice(AIRPORT, "GAMI", "Recepción en el aeropuerto", "Reception at the airport", "SV-PA", True),
    MadeUpOffice(STATISTICS, "ONEC", "Oficina de estadística", "Statistical office", "SV-SS", False),
)

OFFICERS = (
    MadeUpOfficer("dgme", "Oficial de registro, La Chacra", "DGME", CENTRE, Role.REGISTRAR),
    MadeUpOfficer("jefatura", "Jefatura de turno, La Chacra", "DGME", CENTRE, Role.SUPERVISOR),
    MadeUpOfficer("logistica", "Transporte y alojamiento, La Chacra", "DGME", CENTRE, Role.LOGISTICS),
    MadeUpOfficer("gami", "Apoyo psicosocial, La Chacra", "GAMI", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("minsal", "Enfermería, La Chacra", "MINSAL", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("pnc", "Oficial de policía, La Chacra", "PNC", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("conapina", "Atención a niñez, La Chacra", "CONAPINA", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("isdemu", "Atención a mujeres, La Chacra", "ISDEMU", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("rree", "Oficial consular, La Chacra", "RREE", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("mtps", "Orientación laboral, La Chacra", "MTPS", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("pgr", "Asistencia legal, La Chacra", "PGR", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("pddh", "Derechos humanos, La Chacra", "PDDH", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("aeropuerto", "Oficial de registro, aeropuerto", "DGME", AIRPORT, Role.REGISTRAR),
    MadeUpOfficer("minsal-aeropuerto", "Enfermería, aeropuerto", "MINSAL", AIRPORT, Role.SPECIALIST),
    MadeUpOfficer(STATISTICIAN, "Estadística", "ONEC", STATISTICS, Role.STATISTICIAN),
    MadeUpOfficer("datos", "Protección de datos", "DGME", CENTRE, Role.DATA_PROTECTION),
    MadeUpOfficer("secretaria", "Secretaría del Pacto", "RREE", CENTRE, Role.SECRETARIAT),
    MadeUpOfficer("secretaria-2", "Secretaría del Pacto, segunda firma", "RREE", CENTRE, Role.SECRETARIAT),
    MadeUpOfficer("enlace-salud", "Enlace institucional, salud", "MINSAL", CENTRE, Role.FOCAL_POINT),
    MadeUpOfficer("enlace-trabajo", "Enlace institucional, trabajo", "MTPS", CENTRE, Role.FOCAL_POINT),
    MadeUpOfficer("alcaldia", "Municipalidad, San Salvador", "LOCAL", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("alcaldia-proyectos", "Proyectos municipales, San Salvador", "LOCAL", CENTRE, Role.SPECIALIST),
    MadeUpOfficer("enlace-salud-2", "Segundo enlace institucional, salud", "MINSAL", CENTRE, Role.FOCAL_POINT),
    MadeUpOfficer("enlace-trabajo-2", "Segundo enlace institucional, trabajo", "MTPS", CENTRE, Role.FOCAL_POINT),
    MadeUpOfficer("observatorio", "Observación independiente", "PDDH", CENTRE, Role.OBSERVER),
)
