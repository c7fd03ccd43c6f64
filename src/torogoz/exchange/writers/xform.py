"""A blank form as an XForm, as ODK Collect and Enketo read it: https://getodk.github.io/xforms-spec/ ."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from torogoz.domain.questions import Kind, Question
from torogoz.exchange.blankforms.outline import (
    FILE_LABEL,
    Asked,
    BlankForm,
    Group,
    Listed,
    Lists,
    answers_of,
    outline,
    walk,
)
from torogoz.exchange.blankforms.xpath import Rules, constraint, constraint_message

XFORMS: Final = "http://www.w3.org/2002/xforms"
XHTML: Final = "http://www.w3.org/1999/xhtml"
JAVAROSA: Final = "http://openrosa.org/javarosa"
TYPES: Final = {
    Kind.CHOICE: "string",
    Kind.SEVERAL: "string",
    Kind.YES_NO: "string",
    Kind.TEXT: "string",
    Kind.NUMBER: "int",
    Kind.DAY: "date",
    Kind.TIME: "time",
    Kind.PARTIAL_DATE: "string",
}
LANGUAGES: Final = {"es": "Español (es)", "en": "English (en)"}
ROOT: Final = "/data"
LIST: Final = "root"  # what the specification calls the element that holds a list


def xform(form: BlankForm, lists: Lists) -> bytes:
    """The form as XForm, in both languages: constraints, relevance, what is required, choices, version, instance id.

    The data are /data/header (or /data/person) and one /data/section_CODE for each section; a question is called by its
    code, the fields of the documents document_1_kind and so on. A question that takes several answers has their codes
    separated by spaces. The photograph of a section is file_CODE.

    lists   the codes of every code list of the form
    raises  ListMissing
    """
    return _Written(form, lists).whole()


class _Written:
    def __init__(self, form: BlankForm, lists: Lists) -> None:
        self.form = form
        self.lists = lists
        self.groups = outline(form)
        self.paths = {each.name: "/".join((ROOT, *above, each.name)) for above, each in walk(self.groups)}
        self.asked = {each.name: each for _, each in walk(self.groups)}
        self.rules = Rules(self.asked, self.paths.__getitem__)
        self.texts: dict[str, tuple[str, str]] = {}

    def whole(self) -> bytes:
        for prefix, address in (("", XFORMS), ("h", XHTML), ("jr", JAVAROSA)):
            ET.register_namespace(prefix, address)
        html = ET.Element(f"{{{XHTML}}}html")
        head = ET.SubElement(html, f"{{{XHTML}}}head")
        ET.SubElement(head, f"{{{XHTML}}}title").text = self.form.es
        model = ET.SubElement(head, f"{{{XFORMS}}}model")
        translations = _x(model, "itext")
        self._instance(model)
        self._lists(model)
        self._binds(model)
        body = ET.SubElement(html, f"{{{XHTML}}}body")
        for group in self.groups:
            self._group(body, group, ROOT)
        self._translations(translations)
        ET.indent(html)
        written: bytes = ET.tostring(html, encoding="utf-8", xml_declaration=True)
        return written + b"\n"

    def _instance(self, model: ET.Element) -> None:
        data = _x(_x(model, "instance"), "data", id=self.form.id, version=self.form.version)

        def grow(parent: ET.Element, node: Group | Asked) -> None:
            element = _x(parent, node.name)
            for child in node.children if isinstance(node, Group) else ():
                grow(element, child)
            if isinstance(node, Group) and node.file:
                _x(element, node.file)

        for group in self.groups:
            grow(data, group)
        _x(_x(data, "meta"), "instanceID")

    def _lists(self, model: ET.Element) -> None:
        """The code lists, each once however many questions take their answers from it."""
        for name, answers in self._listed():
            root = _x(_x(model, "instance", id=name), LIST)
            within = any(each.within for each in answers)
            for each in answers:
                item = _x(root, "item")
                _x(item, "itextId").text = self._said(f"{name}-{each.code}", each.es, each.en)
                _x(item, "name").text = each.code
                if within:
                    _x(item, "within").text = each.within

    def _listed(self) -> Iterator[tuple[str, tuple[Listed, ...]]]:
        seen = set()
        for each in self.asked.values():
            if each.question.codelist and list_name(each.question) not in seen:
                seen.add(list_name(each.question))
                yield list_name(each.question), answers_of(each.question, self.lists)

    def _binds(self, model: ET.Element) -> None:
        for path, group in _groups(self.groups, ROOT):
            if group.after:
                _x(model, "bind", nodeset=path, relevant=f"{self.paths[group.after]} != ''")
            if group.file:
                _x(model, "bind", nodeset=f"{path}/{group.file}", type="binary")
        for name, each in self.asked.items():
            bind = _x(model, "bind", nodeset=self.paths[name], type=TYPES[each.question.kind])
            for rule, expression in (("relevant", self.rules.relevant(each)), ("required", self.rules.required(each))):
                if expression:
                    bind.set(rule, expression)
            if rule := constraint(each.question):
                bind.set("constraint", rule)
                messages = (constraint_message(each.question, language) for language in LANGUAGES)
                said = self._said(f"{self.paths[name]}:jr:constraintMsg", *messages)
                bind.set(f"{{{JAVAROSA}}}constraintMsg", f"jr:itext('{said}')")
        preload = {f"{{{JAVAROSA}}}preload": "uid"}
        _x(model, "bind", nodeset=f"{ROOT}/meta/instanceID", type="string", readonly="true()", **preload)

    def _group(self, parent: ET.Element, group: Group, above: str) -> None:
        path = f"{above}/{group.name}"
        element = _x(parent, "group", ref=path)
        self._label(element, path, group.es, group.en)
        for child in group.children:
            if isinstance(child, Group):
                self._group(element, child, path)
            else:
                self._control(element, child)
        if group.file:
            upload = _x(element, "upload", ref=f"{path}/{group.file}", mediatype="image/*")
            self._label(upload, f"{path}/{group.file}", *FILE_LABEL)

    def _control(self, parent: ET.Element, each: Asked) -> None:
        question, path = each.question, self.paths[each.name]
        tags = {Kind.CHOICE: "select1", Kind.YES_NO: "select1", Kind.SEVERAL: "select"}
        element = _x(parent, tags.get(question.kind, "input"), ref=path)
        if question.codelist:
            element.set("appearance", "minimal")
        self._label(element, path, question.es, question.en)
        if question.hint_es:
            _x(element, "hint", ref=f"jr:itext('{self._said(f'{path}:hint', question.hint_es, question.hint_en)}')")
        if question.codelist:
            chosen = f"[within = {self.paths[question.within]} or within = '']" if question.within else ""
            items = _x(element, "itemset", nodeset=f"instance('{list_name(question)}')/{LIST}/item{chosen}")
            _x(items, "value", ref="name")
            _x(items, "label", ref="jr:itext(itextId)")
        else:
            for answer in answers_of(question, self.lists):
                item = _x(element, "item")
                self._label(item, f"{path}/{answer.code}", answer.es, answer.en)
                _x(item, "value").text = answer.code

    def _label(self, element: ET.Element, path: str, es: str, en: str) -> None:
        _x(element, "label", ref=f"jr:itext('{self._said(f'{path}:label', es, en)}')")

    def _said(self, name: str, es: str, en: str) -> str:
        """A text in both languages, under this name."""
        self.texts[name] = (es, en)
        return name

    def _translations(self, into: ET.Element) -> None:
        for place, name in enumerate(LANGUAGES.values()):
            translation = _x(into, "translation", lang=name)
            if place == 0:
                translation.set("default", "true()")
            for key, words in self.texts.items():
                _x(_x(translation, "text", id=key), "value").text = words[place]


def list_name(question: Question) -> str:
    """What the list of a question's answers is called in a form; a list with an answer of its own is another list."""
    return question.codelist if not question.options else f"{question.codelist}_{question.code}"


def _groups(groups: tuple[Group | Asked, ...], above: str) -> Iterator[tuple[str, Group]]:
    for each in groups:
        if isinstance(each, Group):
            yield f"{above}/{each.name}", each
            yield from _groups(each.children, f"{above}/{each.name}")


def _x(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{XFORMS}}}{tag}", attributes)
