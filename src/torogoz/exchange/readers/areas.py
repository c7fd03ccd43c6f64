"""Codes of countries and aggregates, and the spellings of publishers that give names instead of codes.

A country is ISO 3166-1 alpha-3; an aggregate is numeric (M49, or the UN DESA location code above 899); `_T` all, `_U`
unknown, `_O` other. Codes that left ISO 3166-1, or never were in it, stand in `BESIDE_ISO`.
"""

from types import MappingProxyType
from typing import Final

# ISO 3166-1: alpha-3 and numeric (M49), 249 entries, checked by a test against the table of iso-codes.
_ISO: Final = """
ABW533 AFG004 AGO024 AIA660 ALA248 ALB008 AND020 ARE784 ARG032 ARM051 ASM016 ATA010 ATF260 ATG028 AUS036
AUT040 AZE031 BDI108 BEL056 BEN204 BES535 BFA854 BGD050 BGR100 BHR048 BHS044 BIH070 BLM652 BLR112 BLZ084
BMU060 BOL068 BRA076 BRB052 BRN096 BTN064 BVT074 BWA072 CAF140 CAN124 CCK166 CHE756 CHL152 CHN156 CIV384
CMR120 COD180 COG178 COK184 COL170 COM174 CPV132 CRI188 CUB192 CUW531 CXR162 CYM136 CYP196 CZE203 DEU276
DJI262 DMA212 DNK208 DOM214 DZA012 ECU218 EGY818 ERI232 ESH732 ESP724 EST233 ETH231 FIN246 FJI242 FLK238
FRA250 FRO234 FSM583 GAB266 GBR826 GEO268 GGY831 GHA288 GIB292 GIN324 GLP312 GMB270 GNB624 GNQ226 GRC300
GRD308 GRL304 GTM320 GUF254 GUM316 GUY328 HKG344 HMD334 HND340 HRV191 HTI332 HUN348 IDN360 IMN833 IND356
IOT086 IRL372 IRN364 IRQ368 ISL352 ISR376 ITA380 JAM388 JEY832 JOR400 JPN392 KAZ398 KEN404 KGZ417 KHM116
KIR296 KNA659 KOR410 KWT414 LAO418 LBN422 LBR430 LBY434 LCA662 LIE438 LKA144 LSO426 LTU440 LUX442 LVA428
MAC446 MAF663 MAR504 MCO492 MDA498 MDG450 MDV462 MEX484 MHL584 MKD807 MLI466 MLT470 MMR104 MNE499 MNG496
MNP580 MOZ508 MRT478 MSR500 MTQ474 MUS480 MWI454 MYS458 MYT175 NAM516 NCL540 NER562 NFK574 NGA566 NIC558
NIU570 NLD528 NOR578 NPL524 NRU520 NZL554 OMN512 PAK586 PAN591 PCN612 PER604 PHL608 PLW585 PNG598 POL616
PRI630 PRK408 PRT620 PRY600 PSE275 PYF258 QAT634 REU638 ROU642 RUS643 RWA646 SAU682 SDN729 SEN686 SGP702
SGS239 SHN654 SJM744 SLB090 SLE694 SLV222 SMR674 SOM706 SPM666 SRB688 SSD728 STP678 SUR740 SVK703 SVN705
SWE752 SWZ748 SXM534 SYC690 SYR760 TCA796 TCD148 TGO768 THA764 TJK762 TKL772 TKM795 TLS626 TON776 TTO780
TUN788 TUR792 TUV798 TWN158 TZA834 UGA800 UKR804 UMI581 URY858 USA840 UZB860 VAT336 VCT670 VEN862 VGB092
VIR850 VNM704 VUT548 WLF876 WSM882 YEM887 ZAF710 ZMB894 ZWE716
"""
NUMERIC: Final = MappingProxyType({entry[3:]: entry[:3] for entry in _ISO.split()} | {"830": "CHI"})

BESIDE_ISO: Final = MappingProxyType(
    {
        "AB9": "Abyei Area (code of IDMC)",
        "ANT": "Netherlands Antilles (until 2010)",
        "CHI": "Channel Islands (code of the World Bank; 830 of UN DESA)",
        "CSK": "Czechoslovakia (until 1993)",
        "SCG": "Serbia and Montenegro (until 2006)",
        "SUN": "Soviet Union (until 1991)",
        "TIB": "Tibetan (code of UNHCR)",
        "XKX": "Kosovo (user-assigned)",
        "XXA": "Stateless (user-assigned)",
        "YUG": "Yugoslavia (until 2003)",
    }
)
COUNTRIES: Final = frozenset(NUMERIC.values()) | frozenset(BESIDE_ISO)

# One place, one code: what publishers write for places that are not in ISO 3166-1.
SAME: Final = MappingProxyType({"UNK": "_U", "KSV": "XKX", "XKV": "XKX"})


def is_area(code: str) -> bool:
    """Whether `code`, as a publisher writes it, is a country of ISO 3166-1 or a code that `SAME` explains."""
    return code in COUNTRIES or code in SAME


# The US Department of Homeland Security writes names. Its North America is M49 003 (with Mexico, Central America and
# the Caribbean); its Central America leaves Mexico out, so it is not M49 013: 9013 is ours.
# `Korea`, of the older yearbooks, is neither North nor South.
DHS_AGGREGATES: Final = MappingProxyType(
    {
        "Total": "_T",
        "Africa": "002",
        "Asia": "142",
        "Europe": "150",
        "North America": "003",
        "Oceania": "009",
        "South America": "005",
        "Caribbean": "029",
        "Central America": "9013",
        "Korea": "KOREA",
        "Other": "_O",
        "Unknown": "_U",
    }
)
_DHS: Final = """
Afghanistan AFG|Albania ALB|Algeria DZA|American Samoa ASM|Andorra AND|Angola AGO|Anguilla AIA|Antigua-Barbuda ATG|
Argentina ARG|Armenia ARM|Aruba ABW|Australia AUS|Austria AUT|Azerbaijan AZE|Bahamas BHS|Bahamas, The BHS|Bahrain BHR|
Bangladesh BGD|Barbados BRB|Belarus BLR|Belgium BEL|Belize BLZ|Benin BEN|Bermuda BMU|Bhutan BTN|Bolivia BOL|
Bosnia-Herzegovina BIH|Botswana BWA|Brazil BRA|British Virgin Islands VGB|Brunei BRN|Bulgaria BGR|Burkina Faso BFA|
Burma MMR|Burundi BDI|Cambodia KHM|Cameroon CMR|Canada CAN|Cape Verde CPV|Cayman Islands CYM|
Central African Republic CAF|Chad TCD|Chile CHL|China, People's Republic CHN|Colombia COL|Comoros COM|
Congo, Democratic Republic COD|Congo, Republic COG|Cook Island COK|Cook Islands COK|Costa Rica CRI|Cote d'Ivoire CIV|
Croatia HRV|Cuba CUB|Curacao CUW|Cyprus CYP|Czech Republic CZE|Czechoslovakia CSK|Czechoslovakia, former CSK|
Denmark DNK|Djibouti DJI|Dominica DMA|Dominican Republic DOM|East Timor TLS|Ecuador ECU|Egypt EGY|El Salvador SLV|
Equatorial Guinea GNQ|Eritrea ERI|Estonia EST|Ethiopia ETH|Falkland Islands FLK|Fiji FJI|Finland FIN|France FRA|
French Guiana GUF|French Polynesia PYF|Gabon GAB|Gambia GMB|Gambia, The GMB|Georgia GEO|Germany DEU|Ghana GHA|
Gibraltar GIB|Greece GRC|Greenland GRL|Grenada GRD|Guadeloupe GLP|Guam GUM|Guatemala GTM|Guinea GIN|Guinea-Bissau GNB|
Guyana GUY|Haiti HTI|Holy See VAT|Honduras HND|Hong Kong HKG|Hungary HUN|Iceland ISL|India IND|Indonesia IDN|Iran IRN|
Iraq IRQ|Ireland IRL|Israel ISR|Italy ITA|Jamaica JAM|Japan JPN|Jordan JOR|Kazakhstan KAZ|Kenya KEN|Kiribati KIR|
Korea, North PRK|Korea, South KOR|Kosovo XKX|Kuwait KWT|Kyrgyzstan KGZ|Laos LAO|Latvia LVA|Lebanon LBN|Lesotho LSO|
Liberia LBR|Libya LBY|Liechtenstein LIE|Lithuania LTU|Luxembourg LUX|Macau MAC|Macedonia MKD|Madagascar MDG|Malawi MWI|
Malaysia MYS|Maldives MDV|Mali MLI|Malta MLT|Marshall Islands MHL|Martinique MTQ|Mauritania MRT|Mauritius MUS|
Mexico MEX|Micronesia, Federated States FSM|Moldova MDA|Monaco MCO|Mongolia MNG|Montenegro MNE|Montserrat MSR|
Morocco MAR|Mozambique MOZ|Namibia NAM|Nauru NRU|Nepal NPL|Netherlands NLD|Netherlands Antilles ANT|New Caledonia NCL|
New Zealand NZL|Nicaragua NIC|Niger NER|Nigeria NGA|Niue NIU|Norway NOR|Oman OMN|Pakistan PAK|Palau PLW|Panama PAN|
Papua New Guinea PNG|Paraguay PRY|Peru PER|Philippines PHL|Poland POL|Portugal PRT|Puerto Rico PRI|Qatar QAT|
Romania ROU|Russia RUS|Rwanda RWA|Saint Kitts-Nevis KNA|St- Kitts-Nevis KNA|Saint Lucia LCA|St- Lucia LCA|
Saint Vincent and the Grenadines VCT|St- Vincent and the Grenadines VCT|Samoa WSM|San Marino SMR|
Sao Tome and Principe STP|Saudi Arabia SAU|Senegal SEN|Serbia SRB|Serbia and Montenegro SCG|Seychelles SYC|
Sierra Leone SLE|Singapore SGP|Slovak Republic SVK|Slovakia SVK|Slovenia SVN|Solomon Islands SLB|Somalia SOM|
South Africa ZAF|South Sudan SSD|Soviet Union SUN|Soviet Union, former SUN|Spain ESP|Sri Lanka LKA|Sudan SDN|
Suriname SUR|Swaziland SWZ|Sweden SWE|Switzerland CHE|Syria SYR|Taiwan TWN|Tajikistan TJK|Tanzania TZA|Thailand THA|
Togo TGO|Tonga TON|Trinidad and Tobago TTO|Tunisia TUN|Turkey TUR|Turkmenistan TKM|Turks and Caicos Islands TCA|
Tuvalu TUV|U.S. Virgin Islands VIR|Uganda UGA|Ukraine UKR|United Arab Emirates ARE|United Kingdom GBR|United States USA|
Uruguay URY|Uzbekistan UZB|Vanuatu VUT|Venezuela VEN|Vietnam VNM|Yemen YEM|Zambia ZMB|Zimbabwe ZWE
"""
DHS_NAMES: Final = MappingProxyType(
    dict(DHS_AGGREGATES) | {entry.strip()[:-4]: entry.strip()[-3:] for entry in _DHS.split("|")}
)

# States and other places of residence in the United States, ISO 3166-2.
_STATES: Final = """
Alabama AL|Alaska AK|Arizona AZ|Arkansas AR|California CA|Colorado CO|Connecticut CT|Delaware DE|
District of Columbia DC|Florida FL|Georgia GA|Guam GU|Hawaii HI|Idaho ID|Illinois IL|Indiana IN|Iowa IA|Kansas KS|
Kentucky KY|Louisiana LA|Maine ME|Maryland MD|Massachusetts MA|Michigan MI|Minnesota MN|Mississippi MS|Missouri MO|
Montana MT|Nebraska NE|Nevada NV|New Hampshire NH|New Jersey NJ|New Mexico NM|New York NY|North Carolina NC|
North Dakota ND|Ohio OH|Oklahoma OK|Oregon OR|Pennsylvania PA|Puerto Rico PR|Rhode Island RI|South Carolina SC|
South Dakota SD|Tennessee TN|Texas TX|Utah UT|Vermont VT|Virginia VA|Washington WA|West Virginia WV|Wisconsin WI|
Wyoming WY
"""
US_STATES: Final = MappingProxyType(
    {"Total": "USA", "U.S. Armed Services Posts": "US-ARMED_SERVICES_POSTS", "U.S. Territories": "US-TERRITORIES"}
    | {entry.strip()[:-3]: f"US-{entry.strip()[-2:]}" for entry in _STATES.split("|")}
)
