"""How a Salvadoran name sounds, so that what is spelt by ear is found; and the short names that people go by."""

import re
from functools import lru_cache

from torogoz.domain.letters import fold

# Each step rewrites what the one before it left. The input is a folded word: small letters without accents.
_STEPS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        # English given names are common, and their J is said as a Spanish Y: Jennifer, Yenifer.
        (r"^j(?=en+[iy]|es+[iy][ck]|h?on|ohn|aq|ack|eis|as[io]n|ef+)", "y"),
        (r"^w(?=[aeio])|^[hg]u(?=a|o)|^hu(?=e|i)", "w"),
        (r"ph", "f"),
        (r"[cs]h", "x1"),
        (r"h", ""),
        (r"l{2}(?=[iy]e?$)", "l"),
        (r"ll", "y"),
        (r"y(?![aeiou])", "i"),
        (r"ie?$", "i"),
        (r"qu(?=[eiy])|q|ck|c(?![eiy])", "k"),
        (r"gu(?=[eiy])", "g1"),
        (r"g(?=[eiy])", "j"),
        (r"[zx](?!1)|c(?=[eiy])|^ps", "s"),
        (r"v", "b"),
        (r"m(?=[bpn]|$)", "n"),
        (r"1", ""),
        (r"(?<=.)[dt]$", ""),
        (r"([a-z])\1+", r"\1"),
    )
)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The key that words said alike share: zelaya and selalla, huezo and hueso, jenifer and yenifer.

    word    a folded word, as `names.tokens` gives it
    """
    key = word
    for pattern, replacement in _STEPS:
        key = pattern.sub(replacement, key)
    return key or word


# Short names, each with the given names that it stands for; one short name may stand for several.
SHORT_NAMES = """
abi abigail
ale alejandro alejandra
alex alexander alejandro alexis alexandra
ani ana
anita ana
balta baltazar
berta alberta norberta
beti beatriz
beto alberto roberto humberto gilberto norberto heriberto adalberto
betty beatriz
bety beatriz elizabeth
carlitos carlos
carmencita carmen
caro carolina
ceci cecilia
chabela isabel
chabelita isabel
chago santiago
chayo rosario
chela graciela marcela celia consuelo
chelo consuelo
chema jose
chente vicente
chepa josefa
chepe jose
chepita josefa
chepito jose
chico francisco
chila cecilia lucila
chilo isidro cecilio
chita rosa teresa
chon concepcion asuncion
choni asuncion concepcion
chucho jesus
chus jesus
chusita jesus
chuy jesus
chuz jesus
concha concepcion
conchi concepcion
conchita concepcion
cony concepcion consuelo
cris cristina cristian cristobal
dani daniel daniela
eddy eduardo edgardo edwin
edi eduardo edgardo edwin
edu eduardo
eli elizabeth elias
fer fernando fernanda
fico federico
fito adolfo rodolfo
gabi gabriel gabriela
gaby gabriel gabriela
gil gilberto
goyo gregorio
gusto augusto
isa isabel
javi javier
jorgito jorge
juancho juan
juanita juana
juanito juan
julita julia
kari karina karla
lalo eduardo gonzalo
lencho lorenzo
leti leticia
lety leticia
licha alicia
licho luis eliseo
lila lilian
lili lilian liliana
lita carmelita amelia
lito carlos manuel
lola dolores
lolita dolores
lolo dolores lorenzo
lucho luis
luisito luis
lupe guadalupe
lupita guadalupe
maco marco marcos
mando armando
manolo manuel
mari maria maritza maribel
mary maria maritza maribel
mauri mauricio
meche mercedes
meches mercedes
meme manuel emerita
memo guillermo
mencho clemente
mica micaela
micho dionisio
milo emilio camilo
mincho benjamin herminio
minga dominga
mingo domingo
mino maximino herminio
moncha ramona
moncho ramon
mundo edmundo raimundo segundo
nacho ignacio
nando fernando hernando
nata natalia natividad
nati natalia natividad
nena elena magdalena
neto ernesto
nico nicolas
nolo manuel
oti otilia
pablito pablo
paco francisco
pancha francisca
pancho francisco
paquito francisco
pati patricia
paty patricia
pedrito pedro
pepe jose
pita josefa
polo leopoldo apolonio hipolito
queta enriqueta
quincho joaquin
quino joaquin
quique enrique
rafa rafael
ramoncito ramon
rico ricardo federico
rigo rigoberto
rosi rosa rosario rosibel
rosita rosa
rubencito ruben
salva salvador
sandi sandra
sandy sandra
santi santiago santos
sebas sebastian
sole soledad
susi susana
tavo gustavo octavio
tencha hortensia
tencho inocencio hortensio
teo teodoro mateo
tere teresa
teresita teresa
tina cristina ernestina martina
tino florentino faustino martin celestino
tita margarita bertita
tito roberto alberto ernesto hector
toni antonio
tony antonio
toya victoria
toyo victorino victor
toña antonia
toñita antonia
toñito antonio
toño antonio
trini trinidad
vane vanessa
vero veronica
vicky victoria
vico ludovico victor
viqui victoria
wil wilfredo william wilber
willy william wilfredo guillermo
yani yanira
yeni jennifer
yoli yolanda
yony jonathan
zoi zoila
"""


def _both_ways() -> dict[str, frozenset[str]]:
    """For each word of the list the words that the same person may be called by."""
    others: dict[str, set[str]] = {}
    for line in SHORT_NAMES.split("\n"):
        short, *formal = fold(line).split() or ("",)
        for name in formal:
            others.setdefault(short, set()).add(name)
            others.setdefault(name, set()).add(short)
    return {word: frozenset(names) for word, names in others.items()}


_OTHERS = _both_ways()

SHORT = {short: tuple(formal) for short, *formal in (fold(line).split() for line in SHORT_NAMES.split("\n") if line)}
"""Each short name with the names that it stands for, the likeliest first."""


def also_called(word: str) -> frozenset[str]:
    """What a person whose given name is `word` may also be written as: jose gives chepe, pepe; chepe gives jose."""
    return _OTHERS.get(word, frozenset())
