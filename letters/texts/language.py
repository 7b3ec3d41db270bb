"""The language of the texts: ``{{ felt }}``, ``{% if felt %}`` and a small mark-up, nothing else.

Jinja's sandbox reads it, and of what it reads only names, ``if``, ``not``, ``and`` and ``or`` are
let through: no attribute, call, filter, loop, import or constant can be written at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt

LONGEST = 20_000
DEEPEST = 12
OPEN, CLOSE = "\ue000", "\ue001"  # around a value's number on its way through the mark-up
TAGS = {"p", "h2", "ul", "ol", "li", "strong", "em"}
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# a line of conditions alone leaves no empty line, which would end the paragraph around it
ONLY_TAGS = re.compile(r"^[ \t]*((?:\{%[^{}\n]*%\}[ \t]*)+)(?:\n|\Z)", re.MULTILINE)
HOW = "Skriv felter som {{ du }} og betingelser som {% if point %} … {% endif %}."


class NoText(Exception):
    """Somebody wrote what is no text; a Danish sentence, and the line it is about."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line

    @property
    def sentence(self) -> str:
        return f"Linje {self.line}: {self}" if self.line else str(self)


@dataclass(frozen=True)
class Use:
    """A field in a text: where it stands, and whether it is printed, and always."""

    name: str
    line: int
    is_printed: bool
    is_certain: bool


@dataclass(frozen=True)
class Compiled:
    template: Template
    uses: tuple[Use, ...]

    @property
    def names(self) -> set[str]:
        return {use.name for use in self.uses}


def _environment() -> ImmutableSandboxedEnvironment:
    env = ImmutableSandboxedEnvironment(cache_size=0)
    env.globals.clear()
    env.filters.clear()
    env.tests.clear()
    return env


ENVIRONMENT = _environment()
MARKDOWN = MarkdownIt("zero").enable(["heading", "list", "emphasis"])


@lru_cache(maxsize=512)
def compiled(source: str) -> Compiled:
    """The text made ready, once in a process; raises NoText with the first thing that is wrong."""
    if len(source) > LONGEST:
        raise NoText(f"Teksten er på mere end {LONGEST:,} tegn.".replace(",", "."))
    if found := STRANGE.search(source):
        line = source.count("\n", 0, found.start()) + 1
        raise NoText("Her er et tegn, som ikke kan stå i et brev.", line)
    try:
        tree = ENVIRONMENT.parse(ONLY_TAGS.sub(_swallow, source))
        uses = tuple(_uses(tree))
        code = ENVIRONMENT.compile(tree)
    except TemplateSyntaxError as error:
        if line := _left_open(source):
            sentence = "Betingelsen her er ikke afsluttet med {% endif %}."
            raise NoText(sentence, line) from error
        raise NoText(_wrong(error), error.lineno) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        raise NoText(f"Teksten er for indviklet. {HOW}") from error
    return Compiled(Template.from_code(ENVIRONMENT, code, {}), uses)


def _swallow(line: re.Match[str]) -> str:
    """The newline moves into the last tag: lines are counted as they were written."""
    return re.sub(r"-?%\}$", "\n%}", line[1].rstrip())


def filled(text: Compiled, values: Mapping[str, Any]) -> str:
    """The text with its fields' values in place; every name in it is among the values."""
    return text.template.render(values)


def marked_up(text: str) -> str:
    """Safe HTML of paragraphs, headings and lists; the allow-list holds whatever happens before."""
    return nh3.clean(MARKDOWN.render(text), tags=TAGS, attributes={}, link_rel=None)


def _left_open(source: str) -> int:
    """The line of the last ``if`` that nothing ends; 0 when each has its end."""
    waiting = []
    for tag in re.finditer(r"\{%-?\s*(if|endif)\b", source):
        if tag[1] == "if":
            waiting.append(source.count("\n", 0, tag.start()) + 1)
        elif waiting:
            waiting.pop()
    return waiting[-1] if waiting else 0


def _wrong(error: TemplateSyntaxError) -> str:
    tag = re.search(r"unknown tag '(\w+)'", error.message or "")
    if tag:
        return f"{{% {tag[1]} %}} kan ikke bruges her. {HOW}"
    return f"Et felt eller en betingelse er ikke skrevet rigtigt. {HOW}"


def _uses(tree: nodes.Template) -> Iterator[Use]:
    """Every field in the order of the text; raises NoText for anything but fields and ifs."""
    for node in tree.body:
        yield from _of(node, 0)


def _of(node: nodes.Node, depth: int) -> Iterator[Use]:
    if depth > DEEPEST:
        raise NoText("Her er for mange betingelser inden i hinanden.", node.lineno)
    if isinstance(node, nodes.If):
        for name in _tested(node.test, 0):
            yield Use(name, node.lineno, is_printed=False, is_certain=False)
        for child in (*node.body, *node.elif_, *node.else_):
            yield from _of(child, depth + 1)
    elif isinstance(node, nodes.Output):
        for child in node.nodes:
            if isinstance(child, nodes.Name):
                yield Use(child.name, child.lineno, is_printed=True, is_certain=not depth)
            elif not isinstance(child, nodes.TemplateData):
                raise NoText(f"Kun et felts navn kan stå i {{{{ }}}}. {HOW}", child.lineno)
    else:
        tag = type(node).__name__.lower()
        raise NoText(f"{{% {tag} %}} kan ikke bruges her. {HOW}", node.lineno)


def _tested(node: nodes.Node, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        raise NoText("Betingelsen er for indviklet.", node.lineno)
    if isinstance(node, nodes.Name):
        yield node.name
    elif isinstance(node, nodes.Not):
        yield from _tested(node.node, depth + 1)
    elif isinstance(node, nodes.And | nodes.Or):
        yield from _tested(node.left, depth + 1)
        yield from _tested(node.right, depth + 1)
    else:
        raise NoText(f"Efter if kan kun stå felter, not, and og or. {HOW}", node.lineno)
