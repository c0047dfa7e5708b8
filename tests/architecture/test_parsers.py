"""Foreign input is parsed in a limited child: who may be called there, and that nobody goes around the door."""

import ast
from collections.abc import Iterator

import grimp
import pytest

from tests.architecture.house import trees

FRAMEWORKS = {"django", "celery", "kombu", "redis", "httpx", "psycopg", "sqlite3"}
# What turns the bytes of strangers into a tree, by the function that begins it.
BEGINNINGS = {"feedparser.parse", "message_from_bytes", "message_from_string", "BytesParser"}
# The viewer of the built-in inbox shows the letters that we wrote.
OUR_OWN = {"newsletter.web.inbox"}


TREES = trees()


def parsers_of(tree: ast.Module) -> set[str]:
    """Return the functions of a module that say they may be called in the child."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and "confined.parser" in map(ast.unparse, node.decorator_list)
    }


PARSERS = {name: found for name, tree in TREES.items() if (found := parsers_of(tree))}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("newsletter", include_external_packages=True)


def direct_calls(module: str, tree: ast.AST) -> Iterator[str]:
    """Yield each call of a parser that does not go through the door."""
    known = names_of_parsers(module)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in known:
            yield f"{module}:{node.lineno}: {ast.unparse(node.func)}"


def names_of_parsers(module: str) -> set[str]:
    """Return how a module would write the parsers that it has or imports."""
    known = set(PARSERS.get(module, ()))
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in PARSERS.get(node.module, ()):
                    known.add(name)
                inside = PARSERS.get(f"{node.module}.{alias.name}", ())
                known |= {f"{name}.{parser}" for parser in inside}
    return known


def asks(function: ast.AST) -> bool:
    """Return whether a function is handed the way to ask the web, so runs beside the database."""
    return isinstance(function, ast.FunctionDef) and "visit" in {
        argument.arg for argument in function.args.args
    }


def test_every_kind_of_foreign_input_has_its_parser():
    assert PARSERS.keys() == {
        "newsletter.collect.beside",
        "newsletter.collect.digests.read",
        "newsletter.collect.sources.arxiv",
        "newsletter.collect.sources.arxiv_announce",
        "newsletter.collect.sources.discourse",
        "newsletter.collect.sources.feed",
        "newsletter.collect.sources.files",
        "newsletter.collect.sources.huggingface",
        "newsletter.events.notification",
    }


@pytest.mark.parametrize("module", PARSERS)
def test_what_the_child_imports_knows_no_framework_and_no_database(module, graph):
    assert FRAMEWORKS & graph.find_upstream_modules(module) == set()


def test_who_knows_the_database_calls_no_parser_but_through_the_door(graph):
    around = [
        call
        for module, tree in TREES.items()
        if module in graph.modules and "django" in graph.find_upstream_modules(module)
        for call in direct_calls(module, tree)
    ]
    assert around == []


def test_who_asks_the_web_calls_no_parser_but_through_the_door():
    around = [
        call
        for module in PARSERS
        for function in ast.walk(TREES[module])
        if asks(function)
        for call in direct_calls(module, function)
    ]
    assert around == []


def test_who_knows_the_database_begins_no_parse_of_feeds_or_mails(graph):
    beginning = [
        f"{module}:{node.lineno}"
        for module, tree in TREES.items()
        if module in graph.modules.difference(OUR_OWN)
        and "django" in graph.find_upstream_modules(module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in BEGINNINGS
    ]
    assert beginning == []
