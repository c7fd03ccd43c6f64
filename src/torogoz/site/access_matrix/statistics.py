"""The pages of the site itself and of its figures, which anybody reads."""

from torogoz.domain.access import Role
from torogoz.site.access_matrix.page import NO_FILE, Page, Where, public

ESTIMATE = "7e1c5f0e-0d9b-4b7e-9f53-3f1f5c1b0017"
"""The key of an estimate of violence, for the tests to record: by DGME, as they do the person."""

STATISTICS = (
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
)
