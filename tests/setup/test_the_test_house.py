import os

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection


@pytest.mark.django_db
def test_the_database_lives_in_the_house_and_is_as_in_life():
    assert get_user_model().objects.count() == 0
    if connection.vendor == "sqlite":
        assert str(settings.DATA_DIR) in connection.settings_dict["NAME"]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)


def test_the_redis_of_the_settings_is_real(redis_server):
    import redis

    assert redis_server == settings.REDIS_URL
    with redis.Redis(unix_socket_path=str(settings.REDIS_SOCKET)) as client:
        assert client.info("server")["tcp_port"] == 0


def test_a_postgresql_server_can_be_had(postgres_server):
    import psycopg

    with psycopg.connect(postgres_server.replace("postgresql://", "postgres://")) as database:
        assert database.execute("SHOW listen_addresses").fetchone() == ("",)


def test_no_account_of_the_developer_reaches_a_test():
    assert settings.MAIL_BACKEND == "inbox"
    assert not settings.SENDGRID_API_KEY
    assert os.environ["NEWSLETTER_DATA_DIR"] == str(settings.DATA_DIR)


@pytest.mark.browser
def test_the_browser_is_the_distributions_own(page, chromium):
    assert "/ms-playwright/" not in chromium
    page.set_content("<h1>안녕하세요</h1>")
    assert page.inner_text("h1") == "안녕하세요"
