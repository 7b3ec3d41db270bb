"""A reader's own marks in the table of a meeting."""

from django import template

from pulje.queries.meeting.reading import MyMark, MyMarks

register = template.Library()


@register.filter
def mine(marks: MyMarks, item: int) -> MyMark | None:
    """What the reader has done with the case that has this key on the agenda."""
    return marks.by_item.get(item)
