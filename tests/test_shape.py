"""Sizes, names, templates and pages, read from the repository itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from letters.kinds.registry import KINDS
from letters.texts.fields import CODES
from letters.texts.standard import all_standards
from pulje.templatetags.menus import FIRST_PAGE, MENUS
from tests.repository import (
    ROOT,
    functions,
    in_room,
    lines_of,
    name_of,
    sources,
    templates,
    tree,
    where,
)

ACTIONS = ("actions", "letters", "letters.actions")  # as they are imported

# --- shape ------------------------------------------------------------------------------------


def test_files_are_short():
    limit = dict.fromkeys(["workflow/flows.py"], 250)
    found = {
        name_of(path): count
        for path in sources(tests=True)
        if (count := len(path.read_text().splitlines())) > limit.get(name_of(path), 400)
    }

    assert found == {}


def test_functions_are_short():
    found = {
        f"{where(path, node)} {node.name}": lines_of(node)
        for path in sources()
        for node in functions(path)
        if lines_of(node) > 40
    }

    assert found == {}


def test_templates_are_short():
    found = {
        name_of(path): count
        for path in templates()
        if path.suffix == ".html" and (count := len(path.read_text().splitlines())) > 120
    }

    assert found == {}


def test_no_import_inside_a_function():
    found = {
        where(path, inner)
        for path in sources(tests=True)
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }

    assert {line for line in found if not line.startswith("letters/render.py")} == set()


def test_no_relative_import():
    found = [
        where(path, node)
        for path in sources(tests=True)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert found == []


def test_no_name_that_says_nothing():
    empty = re.compile(r"(utils?|helpers?|managers?|services?|misc|common)\.py$")

    assert [name_of(path) for path in sources(tests=True) if empty.search(path.name)] == []


def test_no_script_or_style_inside_a_page():
    """The content security policy would refuse it; letters carry their style to the printer."""
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son(click|load|error|change|input|submit|key\w+)=",
        re.IGNORECASE,
    )
    pages = [
        p for p in templates() if p.suffix == ".html" and "letters/templates" not in name_of(p)
    ]

    assert [name_of(path) for path in pages if inline.search(path.read_text())] == []


# --- templates --------------------------------------------------------------------------------

# found by the framework under these names, or chosen by a name put together at run time
BY_THE_FRAMEWORK = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NAMED_AT_RUN_TIME = ("django/forms/", "letters/", "mails/")


def test_no_template_lies_unused():
    spoken = "\n".join(path.read_text() for path in (*sources(), *templates()))
    unused = [
        name
        for path in templates()
        if (name := path.as_posix().rpartition("/templates/")[2]) not in BY_THE_FRAMEWORK
        if not name.startswith(NAMED_AT_RUN_TIME) and f'"{name}"' not in spoken
    ]

    assert unused == []


def test_every_letter_and_part_has_its_text_and_box():
    assert {text.kind for text in all_standards()} == set(CODES)
    for kind in KINDS.values():
        if kind.result:
            get_template(kind.result)


# --- pages ------------------------------------------------------------------------------------

PUBLIC = {
    "set_language",
    "verify",
    "calendar",
    "front",
    "pool",
    "questions",
    "selfcheck",
    "supported",
    "meetings",
    "meeting",
    "meeting_file",
    "meetings_ics",
    "decisions_feed",
    "tell_me",
    "asked",
    "confirm_subscription",
    "end_mails",
    "end_subscription",
    "accessibility",
    "privacy",
    "questions_pdf",
    "source",
    "log_in",
    "demo_log_in",
    "identity_begin",
    "identity_return",
    "demo_identity",
    "invitation",  # these three: the mailed link is the key
    "leader",
    "guardian",
    "begin",  # /start/: an e-mail is enough to begin a draft
    "sent",
    "link",
    "health",
    "health-ready",
    "login",  # of the admin site: sends on to the common one
    "demo-mail",
    "demo-mail-one",
    "demo-mail-attachment",
    "demo-digital-post",
    "demo-digital-post-document",
}


def pages(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns)
        else:
            yield pattern


def test_every_page_asks_who_you_are_but_these():
    public = {
        page.name
        for page in pages(get_resolver().url_patterns)
        if not getattr(page.callback, "login_required", True)
    }

    assert public == PUBLIC


def test_every_menu_and_first_page_leads_somewhere():
    paths = {item.path for items in MENUS.values() for item in items}
    paths |= {path for _roles, path in FIRST_PAGE}

    for path in paths:
        resolve(path)


# --- words ------------------------------------------------------------------------------------


def test_glossary_names_things_that_are_there():
    """The third column is a name in the code, unless it says that it comes later."""
    spoken = "\n".join(path.read_text() for path in (*sources(), *templates()))
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/reference/glossary.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    names = [name for row in rows for name in re.findall(r"`([^`]+)`", row[2])]
    unknown = [
        name
        for name in names
        if not re.search(rf"\b{re.escape(name.rpartition('.')[2])}\b", spoken, re.IGNORECASE)
    ]

    assert names
    assert unknown == []


def test_a_web_process_makes_no_pdf():
    """It asks a worker: WeasyPrint costs 100 MB, and a letter holds a thread for a second."""
    code = (
        "import sys, django; django.setup(); import config.urls; print('weasyprint' in sys.modules)"
    )
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"

    makes = {"make_questions", "printed", "start_renderer", "warm_renderer"}
    workers = (
        "letters/actions/",
        "letters/tasks.py",
        "letters/previews/making.py",
        "workflow/demo/",
    )
    found = {
        where(path, node)
        for path in sources("letters", "workflow")
        if not in_room(path, workers) and "management" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and (node.attr in makes or (node.attr == "render" and ast.unparse(node.value) in ACTIONS))
    }
    assert found == set()
