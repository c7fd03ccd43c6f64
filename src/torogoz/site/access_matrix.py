"""The one table of who reaches which page, as agreed in words; tests/access asks every page as everybody against it.

It does not read the policy: it says what the policy must come to. A page that is not in it fails the test. Each page is
asked about one made-up person, met at one centre and recorded by one institution.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from uuid import NAMESPACE_URL, uuid5

from torogoz.domain.access import PERSON_ROLES, Role

PERSON = "PERSON"
"""Stands, in `arguments`, for the key of the person that the page is about."""
ESTIMATE = "7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0017"
"""The key of an estimate of violence, for the tests to record: by DGME, as they do the person."""

COMMITMENT = str(uuid5(NAMESPACE_URL, "torogoz:position-2017/C1.02"))
"""The key of a commitment of 2017, which the tests load; keys of what is shipped are made of its code."""

FIRST_CONSULTATION = "consultation-2017"
"""The consultation of 2017, which is published once it is loaded."""

CONSULTED = "0c0a5d3e-7c1d-4f0b-9b5e-2f6f1d5c0043"
"""The key of a meeting with final minutes, and of a shared screen, for the tests to record."""

OF_A_CONSULTATION = (
    "desk",
    "edit",
    "convening",
    "events",
    "tables",
    "contributions",
    "drafts",
    "adoption",
    "table",
    "table_screen",
    "contribution",
    "draft",
)
"""Pages of work in a consultation; who reaches them is told by tests/topics/test_consultation*.py."""
WRITTEN_IN = tuple(name for name in OF_A_CONSULTATION if name not in ("contributions", "table_screen"))

PRACTICE = "7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0016"
"""The key of a published practice, a call and a pledge, for the tests to record: of DGME."""

REVIEW = "7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0046"
"""The key of a published national review and of a published measure, for the tests to store."""
PROJECT, PHOTO, ROUND = (f"7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b002{one}" for one in range(3))
"""The keys of a project abroad, of its photograph and of a round of funds, for the tests to record."""

VOTE = "0c0a5d3e-7c1d-4f0b-9b5e-2f6f1d5c0045"
"""The key of a secret vote of seats, for the tests to make: of a published consultation, closed, its results shown."""

ONLINE = "inventada"
"""The code of an on-line consultation, for the tests to make: published, closed, its results shown."""

NO_FILE = "00000000-0000-4000-8000-000000000000"
"""The key of no file, and of no notice: what an officer may not see answers the same."""


class Where(Enum):
    """For officers of which institution and centre, seen from the person that a page is about."""

    NOWHERE = "no"
    ANYWHERE = "yes"
    OWN_CENTRE = "own centre"
    OWN_INSTITUTION = "own institution"
    OWN_CENTRE_OR_INSTITUTION = "own centre or own institution"
    OWN_INSTITUTION_AT_OWN_CENTRE = "own institution at own centre"

    def holds(self, *, own_institution: bool, own_centre: bool) -> bool:
        """Whether an officer so placed is meant."""
        return {
            Where.NOWHERE: False,
            Where.ANYWHERE: True,
            Where.OWN_CENTRE: own_centre,
            Where.OWN_INSTITUTION: own_institution,
            Where.OWN_CENTRE_OR_INSTITUTION: own_centre or own_institution,
            Where.OWN_INSTITUTION_AT_OWN_CENTRE: own_centre and own_institution,
        }[self]


EVERYBODY = dict.fromkeys(Role, Where.ANYWHERE)


@dataclass(frozen=True)
class Page:
    """A page: who reaches it. Officers who do not are told that nothing is there; strangers are asked to sign in.

    name            of the address in the URL map
    who             by role; a role that is not named reaches it nowhere
    public          whether strangers reach it too
    method          how it is asked
    arguments       of the address
    institution     which is the own one: that recorded the person, owns the section, or has the schema assigned
    device          whether a device asks it with a token of its own; then nobody's session opens it
    """

    name: str
    who: Mapping[Role, Where]
    public: bool = False
    method: str = "GET"
    arguments: Mapping[str, str] = field(default_factory=dict)
    institution: str = "DGME"
    device: bool = False

    def opens(self, role: Role, *, own_institution: bool, own_centre: bool) -> bool:
        """Whether an officer in `role`, so placed, reaches the page."""
        return self.who.get(role, Where.NOWHERE).holds(own_institution=own_institution, own_centre=own_centre)


def by_device(name: str, /, method: str = "GET", **arguments: str) -> Page:
    """An address that devices ask (tests/topics/test_devices.py asks it as devices of two institutions)."""
    return Page(name, {}, method=method, arguments=arguments, device=True)


def public(name: str, /, method: str = "GET", **arguments: str) -> Page:
    """A page that anybody may read."""
    return Page(name, EVERYBODY, public=True, method=method, arguments=arguments)


SEES_PERSON = {
    Role.LOGISTICS: Where.OWN_CENTRE,
    Role.REGISTRAR: Where.OWN_CENTRE_OR_INSTITUTION,
    Role.SPECIALIST: Where.OWN_CENTRE,
    Role.SUPERVISOR: Where.OWN_CENTRE_OR_INSTITUTION,
}
SEARCHES = dict.fromkeys((Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR), Where.ANYWHERE)
WRITES_MIGRATION = {
    Role.REGISTRAR: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
    Role.SPECIALIST: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
    Role.SUPERVISOR: Where.OWN_INSTITUTION,
}
REPORTS = {Role.FOCAL_POINT: Where.ANYWHERE}
ASSESSES = {Role.OBSERVER: Where.ANYWHERE}
CONVENES = {Role.SECRETARIAT: Where.ANYWHERE}
WRITES_HEALTH = {
    Role.SPECIALIST: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
    Role.SUPERVISOR: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
}
SUPERVISES = {Role.SUPERVISOR: Where.ANYWHERE}
WORKS_WITH_PEOPLE = dict.fromkeys((Role.LOGISTICS, Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR), Where.ANYWHERE)
SUBMITS = dict.fromkeys((Role.STATISTICIAN, Role.SUPERVISOR), Where.OWN_INSTITUTION)
REGISTERS = {Role.REGISTRAR: Where.OWN_INSTITUTION, Role.SUPERVISOR: Where.OWN_INSTITUTION}
CONSENTS = {
    Role.REGISTRAR: Where.OWN_CENTRE_OR_INSTITUTION,
    Role.SPECIALIST: Where.OWN_CENTRE,
    Role.SUPERVISOR: Where.OWN_CENTRE_OR_INSTITUTION,
}
ARRANGES = {
    Role.LOGISTICS: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
    Role.REGISTRAR: Where.OWN_INSTITUTION,
    Role.SUPERVISOR: Where.OWN_INSTITUTION,
}
ATTENDS = {Role.SPECIALIST: Where.OWN_INSTITUTION_AT_OWN_CENTRE}
ACCOMPANIES = {Role.SPECIALIST: Where.OWN_INSTITUTION_AT_OWN_CENTRE, Role.SUPERVISOR: Where.OWN_INSTITUTION}
REVIEWS_GLASS = {Role.SUPERVISOR: Where.ANYWHERE, Role.DATA_PROTECTION: Where.ANYWHERE}
REACHES = {
    Role.REGISTRAR: Where.OWN_INSTITUTION,
    Role.SPECIALIST: Where.OWN_INSTITUTION_AT_OWN_CENTRE,
    Role.SUPERVISOR: Where.OWN_INSTITUTION,
}
HAS_FAMILIES = dict.fromkeys((Role.REGISTRAR, Role.SPECIALIST, Role.SUPERVISOR), Where.OWN_INSTITUTION)
PROTECTS_DATA = {Role.DATA_PROTECTION: Where.ANYWHERE}
DISPOSES = {Role.SUPERVISOR: Where.ANYWHERE, Role.DATA_PROTECTION: Where.ANYWHERE}
AGREES = dict.fromkeys((Role.SUPERVISOR, Role.DATA_PROTECTION), Where.ANYWHERE)
RECEIVES = {**SEARCHES, Role.DATA_PROTECTION: Where.ANYWHERE}
CORRECTS = {Role.REGISTRAR: Where.OWN_INSTITUTION_AT_OWN_CENTRE, Role.SUPERVISOR: Where.OWN_INSTITUTION}

LIAISES = dict.fromkeys((Role.SPECIALIST, Role.SUPERVISOR), Where.OWN_INSTITUTION)

OFFERS = {Role.FOCAL_POINT: Where.ANYWHERE}
REVIEWS = dict.fromkeys((Role.FOCAL_POINT, Role.OBSERVER), Where.ANYWHERE)
OFFERS_OWN = {Role.FOCAL_POINT: Where.OWN_INSTITUTION}

PAGES = (
    public("home"),
    public("about"),
    public("set_language", method="POST"),
    public("sign_in"),
    public("papers:check"),
    public("vault:signing_keys"),
    public("papers:check", method="POST"),
    public("sources:index"),
    public("releases:index"),
    public("releases:release", name="2025"),
    Page("releases:notices", {Role.STATISTICIAN: Where.ANYWHERE}),
    Page("releases:notice", {}, arguments={"key": NO_FILE}),
    Page("releases:notice", {}, method="POST", arguments={"key": NO_FILE}),
    public("releases:difference", before="2025", after="2025"),
    public("sdmx:index"),
    public("sdmx:ask", path="data/dataflow/TOROGOZ/RETURNS/1.0.0/A"),
    public("sdmx:ask", path="availability/dataflow/TOROGOZ/RETURNS/1.0.0"),
    public("sdmx:ask", path="structure/dataflow"),
    public("flows:index"),
    public("flows:dataflow", dataflow="RETURNS"),
    public("flows:file", dataflow="RETURNS", ending="csv"),
    public("flows:drawing", dataflow="RETURNS", kind="line", ending="svg"),
    public("flows:embed", dataflow="RETURNS", kind="line"),
    public("flows:cross"),
    public("flows:cross_file", ending="csv"),
    public("flows:cross_map"),
    public("indicators:index"),
    public("indicators:dataflow", dataflow="SV_11_RETURNS"),
    public("indicators:file", dataflow="SV_11_RETURNS", ending="csv"),
    public("indicators:drawing", dataflow="SV_11_RETURNS", kind="line", ending="svg"),
    public("indicators:embed", dataflow="SV_11_RETURNS", kind="line"),
    public("violence:index"),
    public("violence:rates"),
    public("violence:association"),
    public("violence:file", what="estimates", ending="csv"),
    Page("violence:new", {Role.STATISTICIAN: Where.ANYWHERE}),
    Page("violence:new", {Role.STATISTICIAN: Where.ANYWHERE}, method="POST"),
    public("violence:estimate", key=ESTIMATE),
    Page("violence:correct", {Role.STATISTICIAN: Where.OWN_INSTITUTION}, arguments={"key": ESTIMATE}),
    Page("violence:recommend", {Role.STATISTICIAN: Where.ANYWHERE}, arguments={"key": ESTIMATE}),
    public("practices:index"),
    public("practices:criteria"),
    public("practices:file", ending="csv"),
    public("practices:practice", key=PRACTICE),
    public("practices:calls"),
    public("practices:call", key=PRACTICE),
    public("practices:sheet", key=PRACTICE, ending="json"),
    public("practices:call_sheet", key=PRACTICE, ending="json"),
    public("practices:pledge", key=PRACTICE),
    Page("practices:new_call", CONVENES),
    Page("practices:new_call", CONVENES, method="POST"),
    public("practices:pledges"),
    public("practices:pledge_file"),
    Page("practices:new_pledge", OFFERS),
    Page("practices:new_pledge", OFFERS, method="POST"),
    Page("practices:pledge_step", {}, method="POST", arguments={"key": NO_FILE, "step": "update"}),
    Page("practices:reviews", REVIEWS),
    Page("practices:review", {}, arguments={"key": NO_FILE}),
    Page("practices:desk", CONVENES),
    Page("practices:handle", CONVENES, arguments={"key": PRACTICE}),
    Page("practices:handle_step", CONVENES, method="POST", arguments={"key": PRACTICE, "step": "publish"}),
    Page("practices:report", {}, arguments={"key": NO_FILE}),
    Page("practices:repeat", {**OFFERS, **CONVENES}, arguments={"key": PRACTICE}),
    Page("practices:table", OFFERS),
    Page("practices:table", OFFERS, method="POST"),
    Page("practices:mine", OFFERS),
    Page("practices:new", OFFERS),
    Page("practices:new", OFFERS, method="POST"),
    Page("practices:own", OFFERS_OWN, arguments={"key": PRACTICE}),
    Page("practices:edit", {}, arguments={"key": PRACTICE}),
    Page("practices:step", OFFERS_OWN, method="POST", arguments={"key": PRACTICE, "step": "submit"}),
    public("consultation:index"),
    public("consultation:policy"),
    public("consultation:receipt"),
    public("consultation:receipt", method="POST"),
    public("consultation:process", code=FIRST_CONSULTATION),
    public("consultation:outcome", code=FIRST_CONSULTATION, draft="C2"),
    public("consultation:said", code=FIRST_CONSULTATION),
    public("consultation:position", code=FIRST_CONSULTATION),
    public("consultation:position_file", code=FIRST_CONSULTATION),
    public("consultation:public_minutes", code=FIRST_CONSULTATION, event=CONSULTED),
    public("consultation:position_paper", code=FIRST_CONSULTATION, ending="pdf"),
    public("consultation:minutes_paper", code=FIRST_CONSULTATION, event=CONSULTED, ending="pdf"),
    Page("consultation:draft_position", {}, arguments={"key": NO_FILE, "ending": "pdf"}),
    Page("consultation:draft_minutes", {}, arguments={"key": NO_FILE, "event": NO_FILE, "ending": "pdf"}),
    public("consultation:shared_screen", screen=CONSULTED),
    public("consultation:online_index"),
    public("consultation:online_methods"),
    public("consultation:online", code=ONLINE),
    *(
        public(f"consultation:online_{name}", method, code=ONLINE)
        for name in ("begin", "code", "vote", "propose")
        for method in ("GET", "POST")
    ),
    *(public(f"consultation:online_{name}", code=ONLINE) for name in ("mine", "policy", "results")),
    public("consultation:online_file", code=ONLINE, ending="csv"),
    public("consultation:online_polis", code=ONLINE, name="votes"),
    public("consultation:public_votes", code=FIRST_CONSULTATION),
    public("consultation:vote_results", key=VOTE),
    public("consultation:vote_file", key=VOTE, ending="csv"),
    public("consultation:vote_receipt", key=VOTE),
    public("consultation:vote_receipt", method="POST", key=VOTE),
    Page("consultation:votes", {}, arguments={"key": NO_FILE}),
    Page("consultation:new_vote", {}, arguments={"key": NO_FILE, "kind": "rank"}),
    Page("consultation:new_vote", {}, method="POST", arguments={"key": NO_FILE, "kind": "rank"}),
    Page("consultation:vote", {}, arguments={"key": NO_FILE}),
    Page("consultation:vote", {}, method="POST", arguments={"key": NO_FILE}),
    Page("consultation:online_open", {}, arguments={"key": NO_FILE}),
    Page("consultation:online_open", {}, method="POST", arguments={"key": NO_FILE}),
    Page("consultation:online_desk", {}, arguments={"key": NO_FILE}),
    Page("consultation:online_desk", {}, method="POST", arguments={"key": NO_FILE}),
    Page("consultation:online_publish", {}, method="POST", arguments={"key": NO_FILE}),
    Page("consultation:online_decide", {}, arguments={"key": NO_FILE, "statement": NO_FILE, "step": "accept"}),
    Page(
        "consultation:online_decide",
        {},
        method="POST",
        arguments={"key": NO_FILE, "statement": NO_FILE, "step": "accept"},
    ),
    public("commitments:index"),
    public("commitments:list"),
    public("commitments:positions"),
    public("commitments:position", number="4"),
    public("commitments:position_file"),
    Page("commitments:position_import", CONVENES),
    Page("commitments:position_import", CONVENES, method="POST"),
    public("commitments:clusters"),
    public("commitments:provision", key=COMMITMENT),
    Page("commitments:register", CONVENES),
    public("commitments:follow_up"),
    public("commitments:missing", what="target"),
    public("commitments:divergences"),
    public("commitments:duties"),
    public("commitments:calendar", tongue="es"),
    public("commitments:institutions"),
    public("commitments:institution", code="MINSAL"),
    Page("commitments:my_duties", REPORTS),
    Page("commitments:duty", {}, arguments={"key": NO_FILE}),
    Page("commitments:duty", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:report", {}, arguments={"key": NO_FILE}),
    Page("commitments:report_step", {}, method="POST", arguments={"key": NO_FILE, "step": "approve"}),
    Page("commitments:publishing", CONVENES),
    Page("commitments:cycles", CONVENES),
    Page("commitments:cycles", CONVENES, method="POST"),
    Page("commitments:cycle", {}, arguments={"key": NO_FILE}),
    Page("commitments:cycle", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:announce", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:duty_move", {}, arguments={"key": NO_FILE}),
    Page("commitments:measures", REPORTS),
    Page("commitments:measure_new", REPORTS),
    Page("commitments:measure_new", REPORTS, method="POST"),
    Page("commitments:measure", {}, arguments={"key": NO_FILE}),
    Page("commitments:measure_change", {}, arguments={"key": NO_FILE}),
    Page("commitments:measure_change", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:measure_offer", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:measure_publish", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:milestone_new", {}, arguments={"key": NO_FILE}),
    Page("commitments:milestone", {}, arguments={"key": NO_FILE}),
    Page("commitments:money_new", {}, arguments={"key": NO_FILE}),
    Page("commitments:money", {}, arguments={"key": NO_FILE}),
    Page("commitments:bind", CONVENES, arguments={"key": COMMITMENT}),
    Page("commitments:bind", CONVENES, method="POST", arguments={"key": COMMITMENT}),
    Page("commitments:unbind", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:assessments", ASSESSES),
    Page("commitments:assess", ASSESSES, arguments={"key": COMMITMENT}),
    Page("commitments:assess", ASSESSES, method="POST", arguments={"key": COMMITMENT}),
    Page("commitments:assessment_publish", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:reply", {}, arguments={"key": NO_FILE}),
    Page("commitments:reply", {}, method="POST", arguments={"key": NO_FILE}),
    public("commitments:treaties"),
    public("commitments:file", ending="csv"),
    public("commitments:codes"),
    public("commitments:reviews"),
    Page("commitments:review_new", CONVENES),
    Page("commitments:review_new", CONVENES, method="POST"),
    public("commitments:review", key=REVIEW),
    public("commitments:review_file", key=REVIEW, ending="pdf"),
    Page("commitments:review_decide", CONVENES, method="POST", arguments={"key": REVIEW}),
    public("commitments:dossier", key=COMMITMENT, ending="json"),
    public("commitments:measure_history", key=REVIEW),
    Page("commitments:imports", CONVENES),
    Page("commitments:imports", CONVENES, method="POST"),
    Page("commitments:suggestions", CONVENES),
    Page("commitments:suggestions", CONVENES, method="POST"),
    Page("commitments:succession", CONVENES),
    Page("commitments:succession", CONVENES, method="POST"),
    Page("commitments:link_end", {}, arguments={"key": NO_FILE}),
    Page("commitments:link_end", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:responsibility_end", {}, arguments={"key": NO_FILE}),
    Page("commitments:responsibility_end", {}, method="POST", arguments={"key": NO_FILE}),
    Page("commitments:links", CONVENES, arguments={"key": COMMITMENT}),
    Page("commitments:links", CONVENES, method="POST", arguments={"key": COMMITMENT}),
    Page("commitments:responsibilities", CONVENES, arguments={"key": COMMITMENT}),
    Page("commitments:responsibilities", CONVENES, method="POST", arguments={"key": COMMITMENT}),
    Page("commitments:wording", CONVENES, arguments={"key": COMMITMENT}),
    Page("commitments:wording", CONVENES, method="POST", arguments={"key": COMMITMENT}),
    Page(
        "commitments:validate",
        CONVENES,
        method="POST",
        arguments={"key": COMMITMENT, "tongue": "es", "role": "paraphrase", "version": "1"},
    ),
    Page("consultation:new", {Role.SECRETARIAT: Where.ANYWHERE}),
    Page("consultation:new", {Role.SECRETARIAT: Where.ANYWHERE}, method="POST"),
    *(Page(f"consultation:{name}", {}, arguments={"key": NO_FILE}) for name in OF_A_CONSULTATION),
    *(Page(f"consultation:{name}", {}, method="POST", arguments={"key": NO_FILE}) for name in WRITTEN_IN),
    *(
        Page(f"consultation:{name}", {}, method=method, arguments={"key": NO_FILE, "event": NO_FILE})
        for name in ("attendance", "minutes")
        for method in ("GET", "POST")
    ),
    public("diaspora:index"),
    public("diaspora:associations"),
    public("diaspora:declare"),
    public("diaspora:declare", method="POST"),
    public("diaspora:receipt"),
    public("diaspora:receipt", method="POST"),
    public("diaspora:correct", method="POST"),
    public("diaspora:forget", method="POST"),
    public("diaspora:calendar"),
    public("diaspora:calendar_of", country="USA"),
    public("diaspora:feed"),
    public("diaspora:feed_of", country="USA"),
    public("diaspora:projects"),
    public("diaspora:project", key=PROJECT),
    public("diaspora:photo", key=PHOTO, size="small"),
    public("diaspora:propose"),
    public("diaspora:propose", method="POST"),
    public("diaspora:skills"),
    public("diaspora:offer"),
    public("diaspora:offer", method="POST"),
    public("diaspora:withdraw"),
    public("diaspora:withdraw", method="POST"),
    public("diaspora:rounds"),
    public("diaspora:round", key=ROUND),
    public("diaspora:round", method="POST", key=ROUND),
    public("diaspora:obligations", key=ROUND),
    Page("diaspora:new_round", {Role.SECRETARIAT: Where.OWN_INSTITUTION}, institution="RREE"),
    Page("diaspora:new_round", {Role.SECRETARIAT: Where.OWN_INSTITUTION}, method="POST", institution="RREE"),
    Page("diaspora:publish_round", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:worked_on", LIAISES, institution="LOCAL"),
    Page("diaspora:work", {}, arguments={"key": PROJECT}),
    Page("diaspora:write", {}, method="POST", arguments={"key": PROJECT, "what": "step"}),
    Page("diaspora:skill_desk", dict.fromkeys((Role.SPECIALIST, Role.SUPERVISOR), Where.ANYWHERE)),
    Page("diaspora:skill_desk", dict.fromkeys((Role.SPECIALIST, Role.SUPERVISOR), Where.ANYWHERE), method="POST"),
    Page("diaspora:match", {}, arguments={"key": NO_FILE}),
    Page("diaspora:match", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:offer_contact", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:desk", LIAISES, institution="RREE"),
    Page("diaspora:decide", {}, arguments={"key": NO_FILE}),
    Page("diaspora:decide", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:persons", {}, arguments={"key": NO_FILE}),
    Page("diaspora:persons", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:announce", LIAISES, institution="RREE"),
    Page("diaspora:announce", LIAISES, method="POST", institution="RREE"),
    Page("diaspora:from_file", LIAISES, institution="RREE"),
    Page("diaspora:from_file", LIAISES, method="POST", institution="RREE"),
    Page("diaspora:template_file", LIAISES, institution="RREE"),
    Page("diaspora:day", {}, arguments={"key": NO_FILE}),
    Page("diaspora:day", {}, method="POST", arguments={"key": NO_FILE}),
    Page("diaspora:move", {}, arguments={"key": NO_FILE}),
    Page("diaspora:move", {}, method="POST", arguments={"key": NO_FILE}),
    Page("sign_out", EVERYBODY, method="POST"),
    Page("two_factor", EVERYBODY),
    Page("purpose", WORKS_WITH_PEOPLE),
    Page("purpose", WORKS_WITH_PEOPLE, method="POST"),
    Page("audit:index", {Role.DATA_PROTECTION: Where.ANYWHERE}),
    Page("audit:file", {Role.DATA_PROTECTION: Where.ANYWHERE}),
    Page("oversight:index", {Role.DATA_PROTECTION: Where.ANYWHERE}),
    Page("oversight:summaries", {Role.DATA_PROTECTION: Where.ANYWHERE}),
    Page("oversight:alert", {}, arguments={"key": NO_FILE}),
    Page("oversight:alert", {}, method="POST", arguments={"key": NO_FILE}),
    Page("submissions:index", SUBMITS),
    Page("submissions:schema", SUBMITS, arguments={"name": "monthly_returns"}),
    Page("submissions:report", {}, arguments={"key": NO_FILE}),
    Page("submissions:report_csv", {}, arguments={"key": NO_FILE}),
    Page("submissions:adopt", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:index", EVERYBODY),
    Page("returns:search", SEARCHES),
    Page("returns:search", SEARCHES, method="POST"),
    Page("returns:new", REGISTERS),
    Page("returns:new", REGISTERS, method="POST"),
    Page("returns:transports", WORKS_WITH_PEOPLE),
    Page("returns:transports", REGISTERS, method="POST"),
    Page("returns:transport", {}, arguments={"key": NO_FILE}),
    Page("returns:transport", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:transport_summary", {}, arguments={"key": NO_FILE}),
    Page("returns:transport_close", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:tick", {}, arguments={"key": NO_FILE, "line": NO_FILE}),
    Page("returns:stops", SEES_PERSON, arguments={"key": PERSON}),
    Page("returns:person", SEES_PERSON, arguments={"key": PERSON}),
    Page(
        "returns:plans",
        {Role.SPECIALIST: Where.OWN_INSTITUTION, Role.SUPERVISOR: Where.OWN_INSTITUTION},
        institution="GAMI",
    ),
    Page("returns:appointments", {Role.SPECIALIST: Where.OWN_INSTITUTION}, institution="GAMI"),
    Page("returns:sessions", ATTENDS, arguments={"key": PERSON}, institution="GAMI"),
    Page("returns:sessions", ATTENDS, method="POST", arguments={"key": PERSON}, institution="GAMI"),
    Page("returns:lodging", dict.fromkeys((Role.LOGISTICS, Role.REGISTRAR, Role.SUPERVISOR), Where.OWN_INSTITUTION)),
    Page("returns:onward", ARRANGES, arguments={"key": PERSON}),
    Page("returns:bag", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:bag_back", {}, method="POST", arguments={"key": NO_FILE, "bag": NO_FILE}),
    Page("returns:trip", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:stay", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:stay_left", {}, method="POST", arguments={"key": NO_FILE, "stay": NO_FILE}),
    Page("returns:plan_new", ACCOMPANIES, arguments={"key": PERSON}, institution="GAMI"),
    Page("returns:plan", {}, arguments={"key": NO_FILE}),
    Page("returns:plan_change", {}, arguments={"key": NO_FILE}),
    Page("returns:plan_agree", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:plan_action", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:plan_action_end", {}, method="POST", arguments={"key": NO_FILE, "action": NO_FILE}),
    Page("returns:plan_close", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:follow_up", {}, arguments={"key": NO_FILE, "moment": "baseline"}),
    Page("returns:follow_up", {}, method="POST", arguments={"key": NO_FILE, "moment": "month_6"}),
    Page("returns:scores", {Role.SUPERVISOR: Where.OWN_INSTITUTION}, institution="GAMI"),
    Page("returns:plan_sheet", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:plan_paper", {}, method="POST", arguments={"key": NO_FILE}),
    Page("cases:consent", CONSENTS, arguments={"key": PERSON}),
    Page("cases:consent", CONSENTS, method="POST", arguments={"key": PERSON}),
    Page("cases:withdraw", {}, method="POST", arguments={"key": PERSON, "consent": NO_FILE}),
    Page("cases:sheet", {}, method="POST", arguments={"key": PERSON, "consent": NO_FILE}),
    Page("cases:send", CONSENTS, arguments={"key": PERSON}),
    Page("cases:send", CONSENTS, method="POST", arguments={"key": PERSON}),
    Page("cases:handovers", SEARCHES),
    Page("cases:ask", {}, method="POST"),
    Page("cases:handover", {}, arguments={"key": NO_FILE}),
    Page("cases:step", {}, method="POST", arguments={"key": NO_FILE, "step": "accept"}),
    Page("cases:referral_sheet", {}, method="POST", arguments={"key": NO_FILE}),
    Page("cases:broken", REVIEWS_GLASS),
    Page("cases:break", {}, method="POST"),
    Page("cases:judge", {}, method="POST", arguments={"key": NO_FILE}),
    Page("households:contacts", REACHES, arguments={"key": PERSON}),
    Page("households:contacts", WRITES_MIGRATION, method="POST", arguments={"key": PERSON}),
    Page("households:contact_step", {}, method="POST", arguments={"key": PERSON, "contact": NO_FILE, "step": "end"}),
    Page("households:family", REACHES, arguments={"key": PERSON}),
    Page("households:relate", WRITES_MIGRATION, arguments={"key": PERSON}),
    Page("households:relate", WRITES_MIGRATION, method="POST", arguments={"key": PERSON}),
    Page("households:group", WRITES_MIGRATION, arguments={"key": PERSON}),
    Page("households:group", WRITES_MIGRATION, method="POST", arguments={"key": PERSON}),
    Page("households:join", {}, arguments={"key": PERSON, "group": NO_FILE}),
    Page("households:join", {}, method="POST", arguments={"key": PERSON, "group": NO_FILE}),
    Page("households:family_step", {}, method="POST", arguments={"key": PERSON, "what": NO_FILE, "step": "end"}),
    Page("households:children", HAS_FAMILIES),
    Page("households:child", REACHES, arguments={"key": PERSON}),
    Page("households:study", {}, arguments={"key": PERSON}),
    Page("households:study", {}, method="POST", arguments={"key": PERSON}),
    Page("households:move", WRITES_MIGRATION, arguments={"key": PERSON}),
    Page("households:move", WRITES_MIGRATION, method="POST", arguments={"key": PERSON}),
    Page("data_rights:index", RECEIVES),
    Page("data_rights:new", RECEIVES),
    Page("data_rights:new", RECEIVES, method="POST"),
    Page("data_rights:new_of", CONSENTS, arguments={"key": PERSON}),
    Page("data_rights:new_of", CONSENTS, method="POST", arguments={"key": PERSON}),
    Page("data_rights:retention", PROTECTS_DATA),
    Page("data_rights:disposals", DISPOSES),
    Page("data_rights:propose", {}, method="POST"),
    Page("data_rights:disposal", {}, arguments={"key": NO_FILE}),
    Page("data_rights:certificate", {}, arguments={"key": NO_FILE}),
    Page("data_rights:end", {}, method="POST", arguments={"key": NO_FILE, "step": "confirm"}),
    Page("data_rights:holds", PROTECTS_DATA),
    Page("data_rights:holds", PROTECTS_DATA, method="POST"),
    Page("data_rights:hold_lift", {}, method="POST", arguments={"key": NO_FILE}),
    Page("data_rights:breaches", PROTECTS_DATA),
    Page("data_rights:breach_new", PROTECTS_DATA),
    Page("data_rights:breach_new", PROTECTS_DATA, method="POST"),
    Page("data_rights:breach", {}, arguments={"key": NO_FILE}),
    Page("data_rights:breach_notice", {}, method="POST", arguments={"key": NO_FILE, "told": "ace"}),
    Page("data_rights:breach_letter", {}, arguments={"key": NO_FILE, "told": "ace"}),
    Page("data_rights:request", {}, arguments={"key": NO_FILE}),
    Page("data_rights:file", {}, arguments={"key": NO_FILE}),
    Page("data_rights:lift", {}, method="POST", arguments={"key": NO_FILE}),
    Page("data_rights:step", {}, method="POST", arguments={"key": NO_FILE, "step": "take"}),
    public("protocols:laws"),
    Page("protocols:index", AGREES),
    Page("protocols:difference", AGREES),
    Page("protocols:new", AGREES),
    Page("protocols:new", AGREES, method="POST"),
    Page("protocols:draft", {}, arguments={"key": NO_FILE}),
    Page("protocols:draft", {}, method="POST", arguments={"key": NO_FILE}),
    Page("protocols:end", {}, method="POST", arguments={"key": NO_FILE}),
    Page("protocols:step", {}, method="POST", arguments={"key": NO_FILE, "step": "approve"}),
    Page("protocols:version", {}, arguments={"number": "999"}),
    Page("protocols:sign", {}, method="POST", arguments={"number": "999"}),
    Page("protocols:issue", {}, method="POST", arguments={"number": "999"}),
    Page("protocols:annex", {}, arguments={"number": "999", "language": "es"}),
    Page("protocols:sheet", {}, arguments={"number": "999", "key": NO_FILE}),
    Page("returns:correct", CORRECTS, arguments={"key": PERSON}),
    Page("returns:correct", CORRECTS, method="POST", arguments={"key": PERSON}),
    Page("people:duplicates", REGISTERS),
    Page("people:pair", {}, arguments={"key": NO_FILE}),
    Page("people:pair", {}, method="POST", arguments={"key": NO_FILE}),
    Page("people:merge", {}, method="POST", arguments={"key": NO_FILE}),
    Page("people:merged", {}, arguments={"key": NO_FILE}),
    Page("people:confirm", {}, method="POST", arguments={"key": NO_FILE}),
    Page("people:unmerge", {}, method="POST", arguments={"key": NO_FILE}),
    Page("returns:paper", {}, method="POST", arguments={"key": PERSON, "encounter": NO_FILE}),
    Page("returns:reuse", SUPERVISES),
    Page("blankforms:index", dict.fromkeys(PERSON_ROLES, Where.ANYWHERE)),
    Page(
        "blankforms:file",
        {Role.REGISTRAR: Where.OWN_INSTITUTION},
        arguments={"name": "torogoz-dgme-registrar", "ending": "xml"},
    ),
    Page("devices:index", WORKS_WITH_PEOPLE),
    Page("devices:index", WORKS_WITH_PEOPLE, method="POST"),
    Page("devices:revoke", {}, method="POST", arguments={"key": NO_FILE}),
    Page("devices:received", WORKS_WITH_PEOPLE),
    Page("devices:held", {}, arguments={"key": NO_FILE}),
    Page("devices:held", {}, method="POST", arguments={"key": NO_FILE}),
    by_device("devices:form_list"),
    by_device("devices:submission", method="POST"),
    by_device("devices:form", name="torogoz-dgme-registrar"),
    by_device("devices:manifest", name="torogoz-dgme-registrar"),
    Page("exports:index", SUPERVISES),
    Page("exports:index", SUPERVISES, method="POST"),
    Page("exports:file", {}, arguments={"key": NO_FILE}),
    Page("attachments:file", {}, arguments={"key": NO_FILE}),
    Page("returns:attachment", {}, method="POST", arguments={"key": PERSON, "encounter": NO_FILE, "code": "health"}),
    Page("returns:arrival", REGISTERS, arguments={"key": PERSON}),
    Page("returns:section", WRITES_MIGRATION, arguments={"key": PERSON, "code": "migration"}),
    Page("returns:section", WRITES_HEALTH, arguments={"key": PERSON, "code": "health"}, institution="MINSAL"),
    Page("returns:section", {}, arguments={"key": PERSON, "code": "child_protection"}),
)


def where(page: Page, role: Role) -> Where:
    """Where an officer in `role` must stand to reach the page."""
    return page.who.get(role, Where.NOWHERE)


def as_markdown() -> str:
    """The table, as docs/reference/access-matrix.md has it."""
    titles = {Role.DATA_PROTECTION: "data protection"}
    heads = ["page", "asked by", "public", *(titles.get(role, role.value) for role in Role)]
    lines = [
        "# Who reaches which page",
        "",
        "Made by `torogoz access_matrix` from `site/access_matrix.py`; a test asks every page as everybody against it.",
        "*Own centre*: an officer of the centre where the person was met. *Own institution*: of the institution that",
        "recorded the person, or that owns the section. To all others the page answers as if it did not exist;",
        "a stranger is asked to sign in. What a *device* asks opens to a device's token and to no session.",
        "",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for page in PAGES:
        values = [f"{value}" for value in page.arguments.values() if value != PERSON]
        name = f"`{page.name}`" + (f" ({', '.join(values)})" if values else "")
        strangers = "device" if page.device else "yes" if page.public else "no"
        cells = [name, page.method, strangers, *(where(page, role).value for role in Role)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
