"""What a live worker is told: each line here was measured to lose or repeat work when it is wrong."""

import ast
import inspect
import os
import signal
import subprocess

import pytest
from django.conf import settings

from newsletter.celery import app
from newsletter.commands import children
from newsletter.delivery.backends import sendgrid
from newsletter.tasks import assemble, deliver
from tests.servers import wait_until

OURS = [deliver, assemble]


@pytest.fixture(scope="module")
def conf():
    app.loader.import_default_modules()
    return app.conf


def test_messages_are_json_and_nothing_else(conf):
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert conf.task_ignore_result is True


def test_a_task_whose_worker_dies_comes_back(conf):
    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1


def test_no_task_can_outlive_a_quarter_of_the_visibility_timeout(conf):
    options = conf.broker_transport_options
    assert conf.task_time_limit <= options["visibility_timeout"] / 4
    assert conf.task_soft_time_limit < conf.task_time_limit


def test_what_was_not_acknowledged_is_looked_for_soon(conf):
    options = conf.broker_transport_options
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10


def test_a_worker_never_gives_up_on_the_broker(conf):
    assert conf.broker_connection_max_retries is None
    assert conf.broker_connection_retry_on_startup is True
    assert conf.worker_cancel_long_running_tasks_on_connection_loss is False


@pytest.fixture(scope="module")
def live(redis_server):
    """What the worker that delivers issues says of itself, started as ``newsletter up`` does."""
    (mail,) = (child for child in children.system() if child.name == "worker-mail")
    worker = subprocess.Popen(
        mail.command,
        env={**os.environ, **mail.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(mail.ready, "the worker")
        (told,) = (app.control.inspect(timeout=10, limit=1).conf() or {}).values()
        yield told
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def test_a_worker_has_time_to_finish_and_does_not_grow_for_ever(live):
    longest_slice = settings.DELIVERY_LEASE_SECONDS + sendgrid.TIMEOUT_SECONDS
    assert live["worker_soft_shutdown_timeout"] >= longest_slice
    assert longest_slice <= children.WORKER_PATIENCE
    assert live["worker_max_tasks_per_child"]
    assert 0 < live["worker_max_memory_per_child"] <= 1_000_000


def test_a_live_worker_loses_nothing_that_it_had_in_hand(live):
    assert live["task_acks_late"] is live["task_reject_on_worker_lost"] is True
    assert live["worker_prefetch_multiplier"] == 1
    assert live["broker_transport_options"]["visibility_timeout"] >= 4 * live["task_time_limit"]


def test_urgent_mail_waits_neither_for_issues_nor_for_mailboxes_full_of_bounces():
    serving = [
        child.command[child.command.index("--queues") + 1].split(",")
        for child in children.system()
        if "--queues" in child.command
    ]
    assert [queues for queues in serving if "mail.urgent" in queues] == [["mail.urgent"]]
    assert sorted(queue for queues in serving for queue in queues) == [
        "collect",
        "facts",
        "house",
        "mail.bulk",
        "mail.urgent",
    ]


def test_urgent_mail_has_a_queue_of_its_own(conf):
    def queue_of(task):
        return conf.task_routes[task.name]["queue"]

    assert queue_of(deliver.send_notice) == "mail.urgent"
    assert queue_of(deliver.deliver_batch) == "mail.bulk"


def test_the_reconciler_runs_at_least_every_thirty_seconds(conf):
    entries = [e for e in conf.beat_schedule.values() if e["task"] == deliver.reconcile.name]
    assert [entry["schedule"] <= 30 for entry in entries] == [True]


def test_tasks_carry_ids_only():
    carried = {
        f"{name.rpartition('.')[2]}({argument}: {kind})"
        for name, task in app.tasks.items()
        if name.startswith("newsletter.")
        for argument, kind in inspect.get_annotations(task.run).items()
        if argument != "return" and not (argument.endswith("_id") and kind is int)
    }
    assert carried == set()


def test_no_time_to_come_is_kept_in_the_broker():
    """Times live in the database; a countdown is seconds, never minutes."""
    for room in OURS:
        for call in ast.walk(ast.parse(inspect.getsource(room))):
            if isinstance(call, ast.Call):
                assert "eta" not in {keyword.arg for keyword in call.keywords}
    assert deliver.reconciler.QUIET.total_seconds() + 1 <= 60
