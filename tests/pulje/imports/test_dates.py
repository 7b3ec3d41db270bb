from datetime import UTC, date, datetime

import pytest

from pulje.imports.dates import NoDate, read_date, read_year, strptime_form


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("31-12-2027", "d-m-Y", date(2027, 12, 31)),
        ("1/2/2012", "d/m/Y", date(2012, 2, 1)),
        ("1/2/2012", "m/d/Y", date(2012, 1, 2)),
        ("2013-01-18", "Y-m-d", date(2013, 1, 18)),
        ("2013-01-18T09:56:00Z", "Y-m-d", date(2013, 1, 18)),
        (datetime(2013, 1, 18, 9, tzinfo=UTC), "Y-m-d", date(2013, 1, 18)),
        (date(2013, 1, 18), "Y-m-d", date(2013, 1, 18)),
    ],
)
def test_day_in_the_form_told(text: object, form: str, day: date) -> None:
    assert read_date(text, (strptime_form(form),)) == day


@pytest.mark.parametrize(
    "text", ["13/13/2012", "31-12-2027", "i går", "1/1/0012", "1/1/9999", "1/1/12"]
)
def test_text_that_is_no_day_in_that_form(text: str) -> None:
    with pytest.raises(NoDate):
        read_date(text, (strptime_form("d/m/Y"),))


@pytest.mark.parametrize("form", ["d/m/y", "Y", "%d-m-Y", "d-d-Y", "dd-mm-YYYY", ""])
def test_form_that_is_no_form(form: str) -> None:
    with pytest.raises(ValueError, match="form"):
        strptime_form(form)


def test_year_alone() -> None:
    assert read_year(2016) == 2016
    assert read_year(" 2016 ") == 2016


@pytest.mark.parametrize("year", ["16", "2016/17", "20160", 2016.5, "٢٠١٦", "9" * 5000])
def test_what_is_no_year(year: object) -> None:
    with pytest.raises(NoDate):
        read_year(year)
