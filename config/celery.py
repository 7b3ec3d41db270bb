"""The Celery app and the beat schedule: the only place with intervals.

Rows are the queue; this is only the clock. DJANGO_SETTINGS_MODULE must be set; there is no default,
so that no production worker ever runs on demo settings.
"""

from celery import Celery
from celery.schedules import crontab

app = Celery("puljer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["config"], related_name="health")

app.conf.task_routes = {
    "letters.tasks.send_mails": {"queue": "celery"},
    "letters.tasks.file_cases": {"queue": "celery"},
    "letters.tasks.note_arrivals": {"queue": "celery"},
    "letters.tasks.take_bounces": {"queue": "celery"},
    "letters.tasks.forget_mails": {"queue": "celery"},
    "letters.tasks.fetch_receipts": {"queue": "celery"},
    "letters.tasks.forget_person_numbers": {"queue": "celery"},
    # somebody waits: before all that waits in either queue of that worker (0 goes first)
    "letters.tasks.make_preview": {"queue": "letters", "priority": 0},
    "letters.tasks.make_questions": {"queue": "letters", "priority": 0},
    "letters.tasks.make_packets": {"queue": "packets", "priority": 6},  # half a minute each, 700 MB
    # its worker imports WeasyPrint; the others need not
    "letters.*": {"queue": "letters", "priority": 6},
}
app.conf.beat_schedule = {
    # a tick that waits longer than its interval is worth nothing: the next finds the same rows
    "sweep": {
        "task": "workflow.tasks.sweep",
        "schedule": crontab(minute="7"),
        "options": {"expires": 3600},
    },
    "openings": {
        "task": "workflow.tasks.announce_openings",
        "schedule": crontab(minute="2,17,32,47"),
        "options": {"expires": 900},
    },
    "boards": {
        "task": "workflow.tasks.ask_about_boards",
        "schedule": crontab(hour="7", minute="27"),
        "options": {"expires": 3600},
    },
    "seats": {
        "task": "workflow.tasks.end_seats",
        "schedule": crontab(hour="3", minute="7"),
        "options": {"expires": 3600},
    },
    "contradictions": {
        "task": "workflow.tasks.find_contradictions",
        "schedule": crontab(hour="3", minute="17"),
        "options": {"expires": 3600},
    },
    "arrivals": {
        "task": "letters.tasks.note_arrivals",
        "schedule": crontab(minute="4"),
        "options": {"expires": 3600},
    },
    "bounces": {
        "task": "letters.tasks.take_bounces",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "mails_forgotten": {
        "task": "letters.tasks.forget_mails",
        "schedule": crontab(hour="3", minute="27"),
        "options": {"expires": 3600},
    },
    "jobs": {"task": "workflow.tasks.run_jobs", "schedule": 60.0, "options": {"expires": 60}},
    "mails": {"task": "letters.tasks.send_mails", "schedule": 60.0, "options": {"expires": 60}},
    "exports": {"task": "letters.tasks.file_cases", "schedule": 60.0, "options": {"expires": 60}},
    "letters": {"task": "letters.tasks.deliver_due", "schedule": 60.0, "options": {"expires": 60}},
    "receipts": {
        "task": "letters.tasks.fetch_receipts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "person numbers": {
        "task": "letters.tasks.forget_person_numbers",
        "schedule": crontab(hour="4", minute="17"),
        "options": {"expires": 3600},
    },
    "packets": {"task": "letters.tasks.make_packets", "schedule": 15.0, "options": {"expires": 15}},
    "heartbeat": {"task": "config.health.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
}
