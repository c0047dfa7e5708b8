import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver, reverse

from tests.commands.run import newsletter

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet morning"


def log_in(client, password=PASSWORD, name="minji", **data):
    return client.post("/desk/login/", {"username": name, "password": password, **data})


@pytest.mark.usefixtures("minji")
def test_the_right_password_opens_the_desk(client):
    answer = log_in(client)
    assert answer.headers["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


@pytest.mark.usefixtures("minji")
def test_a_wrong_password_and_a_wrong_name_look_the_same(client):
    wrong_password = log_in(client, "not the password")
    wrong_name = log_in(client, name="nobody")
    assert "이름이나 암호가 맞지 않습니다" in wrong_password.text
    assert wrong_password.status_code == wrong_name.status_code
    assert wrong_password.templates == wrong_name.templates


@pytest.mark.usefixtures("minji")
def test_s19_guessing_is_slowed_down_even_with_the_right_password_in_the_end(client):
    for _ in range(10):
        log_in(client, "a guess")
    answer = log_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert client.get("/desk/").status_code == 302


def test_s20_no_page_of_the_desk_opens_without_a_login():
    desk = next(one for one in get_resolver().url_patterns if one.namespace == "editor")
    values = {"slug": "2026-01-05-weekly", "number": 1}
    for pattern in desk.url_patterns:
        names = pattern.pattern.converters
        path = reverse(f"editor:{pattern.name}", kwargs={name: values[name] for name in names})
        if pattern.name in {"login", "logout"}:
            continue
        for ask in (Client().get, Client().post):
            answer = ask(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/desk/login/?next="), path


@pytest.mark.usefixtures("minji")
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "\\\\evil.example"]
)
def test_s06_a_login_leads_nowhere_else(client, elsewhere):
    assert log_in(client, next=elsewhere).headers["Location"] == "/desk/"


def test_logging_out_closes_the_desk(editor):
    editor.post("/desk/logout/")
    assert editor.get("/desk/").status_code == 302


@pytest.mark.usefixtures("minji")
def test_s17_the_session_gets_a_new_id_at_login(client):
    client.get("/desk/login/")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client)
    assert client.cookies["sessionid"].value != session.session_key


def test_the_command_makes_an_editor(client, type_in):
    type_in(PASSWORD + "\n")
    assert newsletter("editors", "add", "sora", "--password-stdin").code == 0
    assert log_in(client, name="sora").headers["Location"] == "/desk/"
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("password", ["short", "password1234", ""])
def test_s18_a_weak_password_is_refused(type_in, password):
    type_in(password + "\n")
    ran = newsletter("editors", "add", "sora", "--password-stdin")
    assert ran.code == 2
    assert "editor.invalid" in ran.err
    assert not User.objects.exists()


def test_the_command_asks_for_no_password_where_nobody_can_type_one(type_in):
    type_in("")
    ran = newsletter("editors", "add", "sora")
    (line,) = ran.err.splitlines()
    assert (ran.code, line.split(":")[1].strip()) == (2, "editor.no_terminal")
    assert "--password-stdin" in line


def test_the_command_says_in_both_languages_what_it_did(type_in):
    type_in(PASSWORD + "\n")
    assert "등록했습니다. / Added." in newsletter("editors", "add", "sora", "--password-stdin").out
    type_in(PASSWORD + " again\n")
    assert "Password changed." in newsletter("editors", "add", "sora", "--password-stdin").out
