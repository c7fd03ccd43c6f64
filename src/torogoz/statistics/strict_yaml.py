"""Reading YAML strictly: nothing is guessed about a word, no key counts twice, and every mistake says where it is."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from torogoz.statistics.dataflows import nearest


class UnclearDefinition(ValueError):
    """A definition that cannot be understood. The message names the file, the indicator, the key and what is wrong."""


class _PlainLoader(yaml.SafeLoader):
    """YAML in which NO is Norway, 1:30 is a text, and a key that stands twice is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The keys and values of a node. Raises MarkedYAMLError if a key is there twice or is no word."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} stands there twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]*\.[0-9]+", "-.0123456789"),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first))
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])

ROOT: Final = "the definition"


@dataclass(frozen=True)
class Node:
    """A value of a definition, and where it stands: file, what it defines, key."""

    value: object
    file: str
    subject: str = ""
    key: str = ""

    def mistake(self, why: str) -> UnclearDefinition:
        """What is wrong here, to be raised."""
        return UnclearDefinition(": ".join(filter(None, (self.file, self.subject, self.key or ROOT, why))))

    def mapping(self, known: Collection[str] | None = None, required: Sequence[str] = ()) -> dict[str, "Node"]:
        """The values by key. With `known`, no other key may stand there. Raises UnclearDefinition."""
        if not isinstance(self.value, dict):
            raise self.mistake(f"should be keys with values, not {_shown(self.value)}")
        for key in self.value:
            if not isinstance(key, str):
                raise self.mistake(f"the key {key!r} should be a word; write it in quotes")
            if known is not None and key not in known:
                raise self._under(key).mistake(f"no such key{nearest(key, known)} There are {', '.join(known)}.")
        for key in required:
            if key not in self.value:
                raise self.mistake(f"{key} is missing")
        return {key: replace(self._under(key), value=value) for key, value in self.value.items()}

    def items(self, least: int = 0) -> list["Node"]:
        """The values of a list. Raises UnclearDefinition."""
        if not isinstance(self.value, list):
            raise self.mistake(f"should be a list, [like, this], not {_shown(self.value)}")
        if len(self.value) < least:
            raise self.mistake(f"should have {least} value{'s' if least > 1 else ''} or more")
        return [replace(self, value=value, key=f"{self.key}[{at}]") for at, value in enumerate(self.value, 1)]

    def text(self) -> str:
        """A text that is not empty. Raises UnclearDefinition."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            raise self.mistake(f"should be a text; write it in quotes: '{self.value}'")
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.mistake(f"should be a text, not {_shown(self.value)}")
        return " ".join(self.value.split())

    def word(self, known: Collection[str], what: str) -> str:
        """One of the words `known`; `what` says what they are. Raises UnclearDefinition."""
        word = self.text()
        if word not in known:
            raise self.mistake(f"there is no {what} {word}{nearest(word, known)} There are {', '.join(known)}.")
        return word

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds, which belong to it. Raises UnclearDefinition."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.mistake(f"should be a whole number, not {_shown(self.value)}")
        if not least <= self.value <= most:
            raise self.mistake(f"should lie between {least} and {most}, not {self.value}")
        return self.value

    def number(self, least: float, most: float) -> float:
        """A number within bounds, which belong to it. Raises UnclearDefinition."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.mistake(f"should be a number, not {_shown(self.value)}")
        if not least <= self.value <= most:
            raise self.mistake(f"should lie between {least:g} and {most:g}, not {self.value}")
        return float(self.value)

    def truth(self) -> bool:
        """true or false. Raises UnclearDefinition."""
        if not isinstance(self.value, bool):
            raise self.mistake(f"should be true or false, not {_shown(self.value)}")
        return self.value

    def _under(self, key: str) -> "Node":
        return replace(self, key=f"{self.key}.{key}" if self.key else key)


def documents(text: str, file: str) -> list[Node]:
    """The definitions of a file, parted by `---`. Raises UnclearDefinition where the text is not YAML."""
    try:
        found = [value for value in yaml.load_all(text, Loader=_PlainLoader) if value is not None]
    except yaml.MarkedYAMLError as mistake:
        line = f" in line {mistake.problem_mark.line + 1}" if mistake.problem_mark else ""
        raise UnclearDefinition(f"{file}{line}: {mistake.problem}") from mistake
    except yaml.YAMLError as mistake:
        raise UnclearDefinition(f"{file}: {mistake}") from mistake
    if not found:
        raise UnclearDefinition(f"{file}: no definition is in it")
    return [Node(value, file) for value in found]


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "keys with values"
        case list():
            return "a list"
    return repr(value)
