"""What Celery is told: broker, queues, routes, reliability, and the beat schedule.

Redis is a hint and the database the truth: every task carries ids only, may run
twice, and whatever the broker loses is found again by ``reconcile``.
"""

from celery.schedules import crontab
from django.conf import settings

broker_url = settings.REDIS_URL
imports = [
    "newsletter.tasks.assemble",
    "newsletter.tasks.collect",
    "newsletter.tasks.deliver",
    "newsletter.tasks.events",
    "newsletter.tasks.maintain",
    "newsletter.tasks.standing_in",
]
timezone = "Asia/Seoul"

accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True

# A task whose worker dies comes back at once; without both it is lost (measured).
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
# The hard limit stays under a quarter of the visibility timeout, or a long task runs twice.
task_time_limit = 300
task_soft_time_limit = 270
# A worker told to stop finishes the slices in hand (see newsletter.common.leaving). Only one
# that is told by SIGQUIT needs this: as long as a slice may last, a lease and its last answer.
worker_soft_shutdown_timeout = settings.DELIVERY_LEASE_SECONDS + 30
worker_max_tasks_per_child = 200
# In kilobytes, some three times what a process that delivers needs.
worker_max_memory_per_child = 512_000
worker_cancel_long_running_tasks_on_connection_loss = False
worker_hijack_root_logger = False
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_transport_options = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
# A page that publishes must answer within two seconds, whatever Redis does.
task_publish_retry_policy = {
    "max_retries": 1,
    "interval_start": 0.2,
    "interval_step": 0.2,
    "interval_max": 0.5,
}

task_default_queue = "house"
task_routes = {
    "newsletter.tasks.collect.collect_source": {"queue": "collect"},
    "newsletter.tasks.collect.collect_due": {"queue": "collect"},
    "newsletter.tasks.collect.fill_facts": {"queue": "facts"},
    "newsletter.tasks.collect.recount_votes": {"queue": "facts"},
    "newsletter.tasks.collect.check_addresses": {"queue": "facts"},
    "newsletter.tasks.deliver.send_notice": {"queue": "mail.urgent"},
    "newsletter.tasks.deliver.deliver_batch": {"queue": "mail.bulk"},
}

# The schedule's file is then as old as the last task: that is how the doctor knows beat lives.
beat_sync_every = 1
beat_schedule = {
    "collect the sources that are due": {
        "task": "newsletter.tasks.collect.collect_due",
        "schedule": 300.0,
    },
    "ask arxiv what digests lack": {
        "task": "newsletter.tasks.collect.fill_facts",
        "schedule": crontab(minute=40),
    },
    "count the votes of the week before it ends": {
        "task": "newsletter.tasks.collect.recount_votes",
        "schedule": crontab(hour=23, minute=20),
    },
    "ask whether the addresses of drafts live": {
        "task": "newsletter.tasks.collect.check_addresses",
        "schedule": 600.0,
    },
    "assemble the daily on weekday mornings": {
        "task": "newsletter.tasks.assemble.assemble_daily",
        "schedule": crontab(hour=7, minute=0, day_of_week="mon-fri"),
    },
    "assemble the weekly on monday morning": {
        "task": "newsletter.tasks.assemble.assemble_weekly",
        # After the Daily of the weekend, which it has to know.
        "schedule": crontab(hour=7, minute=30, day_of_week="mon"),
    },
    "let drafts take in what came late": {
        "task": "newsletter.tasks.assemble.refresh_drafts",
        "schedule": 300.0,
    },
    "reconcile the ledger with the world": {
        "task": "newsletter.tasks.deliver.reconcile",
        "schedule": float(settings.RECONCILE_SECONDS),
    },
    "read the mailbox of bounces": {
        "task": "newsletter.tasks.events.read_bounces",
        "schedule": 300.0,
    },
    "take what was refused at once for a bounce": {
        "task": "newsletter.tasks.events.take_refusals",
        "schedule": 300.0,
    },
    "pull whom the provider suppresses": {
        "task": "newsletter.tasks.events.pull_suppressions",
        "schedule": crontab(minute=25),
    },
    "count how issues fare": {
        "task": "newsletter.tasks.events.roll_up",
        "schedule": 120.0,
    },
    "forget the details of old events": {
        "task": "newsletter.tasks.events.forget_details",
        "schedule": crontab(hour=4, minute=20),
    },
    "forget who never confirmed": {
        "task": "newsletter.tasks.maintain.forget_unconfirmed",
        "schedule": crontab(hour=4, minute=10),
    },
}
