"""A module that calls itself pure is: it decides from what it is given, and touches nothing."""

import ast

import grimp
import pytest

from tests.architecture.house import trees

FRAMEWORKS = {
    "django", "celery", "kombu", "redis", "httpx", "httpcore", "psycopg", "sendgrid",
}  # fmt: skip
OUTSIDE = {
    "asyncio", "greenlet", "imaplib", "multiprocessing", "os", "pathlib", "random", "secrets",
    "select", "shutil", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading",
}  # fmt: skip
# What reads a clock or a file without a module of its own.
CALLS = {"open", "print", "clock.now", "clock.today", "datetime.now", "time.time", "time.monotonic"}


def pure_modules() -> dict[str, ast.Module]:
    """Return the modules whose docstring says so, by name."""
    return {name: tree for name, tree in trees().items() if says_so(tree)}


def says_so(tree: ast.Module) -> bool:
    paragraph = (ast.get_docstring(tree) or "").partition("\n\n")[0]
    return paragraph.endswith("Pure.")


PURE = pure_modules()


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("newsletter", include_external_packages=True)


def test_many_modules_say_so():
    assert len(PURE) > 30
    assert {"newsletter.issues.gate", "newsletter.delivery.dkim"} <= PURE.keys()


def test_whoever_says_pure_says_it_where_this_file_looks():
    unseen = [
        name
        for name, tree in trees().items()
        if not says_so(tree) and "Pure." in (ast.get_docstring(tree) or "")
    ]
    assert unseen == []


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_knows_no_framework_nor_anyone_who_does(module, graph):
    chains = {
        outside: graph.find_shortest_chain(module, outside)
        for outside in FRAMEWORKS & graph.find_upstream_modules(module)
    }
    assert chains == {}


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_touches_no_file_network_process_clock_or_dice(module, graph):
    touched = OUTSIDE & graph.find_modules_directly_imported_by(module)
    called = {
        ast.unparse(node.func) for node in ast.walk(PURE[module]) if isinstance(node, ast.Call)
    }
    assert touched | (CALLS & called) == set()
