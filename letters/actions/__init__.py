"""The verbs of a letter: queue, render, approve, deliver, retry.

A letter's life is its row. ``queue_*`` write it in the transaction of the verb it tells about;
workers find due rows. Rendering holds the row's lock: a killed worker's lock falls with its
connection and the next one begins anew. Delivery cannot: a mail that is sent is sent. So it is
claimed first, in a transaction of its own, with an attempt on record; a claim older than
CLAIM_LASTS is somebody dead, and is tried again. Should the death have fallen between the mail
server's "250 OK" and our commit, a second mail goes out: at least once, that is all SMTP allows.
Both have the same Message-ID, which lets the receiver fold them into one.
"""

from letters.actions.approve import approve, held_by_minutes, take_back
from letters.actions.change_channel import change_channel, ways
from letters.actions.deliver import deliver
from letters.actions.gone import is_awaited
from letters.actions.make import (
    CANNOT_MAKE,
    choose_texts,
    enclosure_html,
    letter_html,
    make_questions,
    printed,
    questions_key,
    render,
    start_renderer,
    text_version,
    warm_renderer,
)
from letters.actions.queue import queue_for_entry, queue_many
from letters.actions.remake import add_words, remake, remake_many, remake_waiting, words_read
from letters.actions.retry import retry
from letters.actions.rows import WORK

__all__ = [
    "CANNOT_MAKE",
    "WORK",
    "add_words",
    "approve",
    "change_channel",
    "choose_texts",
    "deliver",
    "enclosure_html",
    "held_by_minutes",
    "is_awaited",
    "letter_html",
    "make_questions",
    "printed",
    "queue_for_entry",
    "queue_many",
    "questions_key",
    "remake",
    "remake_many",
    "remake_waiting",
    "render",
    "retry",
    "start_renderer",
    "take_back",
    "text_version",
    "warm_renderer",
    "ways",
    "words_read",
]
