"""The files of the house: their size, their manners, and what they never name."""

import re

import pytest

from tests.architecture.house import modules, project_texts

MOST_LINES = 300

# Written so that this file does not name them either.
REGISTRY_HOST = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:com|org)")
MACHINE_PATH = re.compile(r"(?<![\w./:@-])/(?:[r]oot|[w]ork)(?=[/\s\"'`]|$)", re.MULTILINE)

EXCUSE = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?P<rest>.*)")
REASON = re.compile(r"^(?::\s*[A-Z0-9, ]+\s+-\s+\S.*|\[[\w, -]+\]\s+#\s+\S.*)$")


def test_no_module_is_longer_than_300_lines():
    lengths = {path: len(path.read_text().splitlines()) for path in modules()}
    assert {str(path) for path, lines in lengths.items() if lines > MOST_LINES} == set()
    assert len(lengths) > 50


@pytest.mark.parametrize("name", [REGISTRY_HOST, MACHINE_PATH], ids=["registry", "machine path"])
def test_no_file_names_a_package_registry_or_a_path_of_its_first_machine(name):
    naming = [
        f"{path}: {found.group()}"
        for path in project_texts()
        if (found := name.search(path.read_text()))
    ]
    assert naming == []


def test_every_exception_to_the_linters_says_why_on_its_line():
    silent = [
        f"{path}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (excuse := EXCUSE.search(line)) and not REASON.match(excuse["rest"].strip())
        if "EXCUSE = " not in line
    ]
    assert silent == []


def test_every_module_says_what_it_is_for():
    # A file of tests may let its sentences speak.
    dumb = [
        str(path)
        for path in modules()
        if "tests" not in path.parts
        and not path.read_text().lstrip("#! \n").startswith(('"""', 'r"""'))
    ]
    assert dumb == []
