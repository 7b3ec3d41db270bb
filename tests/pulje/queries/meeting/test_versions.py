"""What is new in a version, sentence by sentence; nothing but what is new."""

from copy import deepcopy

import pytest

from pulje.queries.meeting.versions import changes_between, is_same

COLUMNS = [{"title": t} for t in ("Nr.", "Projekt", "Indstillet (kr.)", "Begrundelse (kriterium)")]


def facts() -> dict:
    """One item with two cases, 11 and 12, and a section somebody wrote."""
    table = {
        "kind": "table",
        "columns": COLUMNS,
        "rows": [["1", "Sommer", "5.000", "Nyt"], ["2", "Vinter", "0", "Gammelt"]],
        "cases": [11, 12],
    }
    text = {"kind": "text", "text": "To ansøgninger.", "cases": []}
    sections = [
        {"id": "resume", "title": "Resumé", "blocks": [text], "is_own": False},
        {"id": "tabel", "title": "Sagsfremstilling", "blocks": [table], "is_own": False},
    ]
    annexes = [{"case": 11, "blocks": ["a"]}, {"case": 12, "blocks": ["b"]}]
    item = {
        "id": "punkt-3",
        "number": "3",
        "title": "Puljen",
        "sections": sections,
        "annexes": annexes,
    }
    paper = {"number": "1", "issued_at": "nu", "header": [["Mødested", "A"]], "items": [item]}
    return {"open": paper, "closed": deepcopy(paper)}


def rows(paper):
    return paper["items"][0]["sections"][1]["blocks"][0]["rows"]


def cases(paper):
    return paper["items"][0]["sections"][1]["blocks"][0]["cases"]


def amount(paper):
    rows(paper)[0][2] = "4.000"
    paper["items"][0]["sections"][0]["blocks"][0]["text"] = "Følger af beløbet."


def own_words(paper):
    amount(paper)
    paper["items"][0]["sections"][0]["is_own"] = True


def new_case(paper):
    rows(paper).append(["3", "Efterår", "100", "Nyt"])
    cases(paper).append(13)


def gone_case(paper):
    rows(paper).pop()
    cases(paper).pop()


def other_order(paper):
    rows(paper)[:] = [["1", "Vinter", "0", "Gammelt"], ["2", "Sommer", "5.000", "Nyt"]]
    cases(paper).reverse()


def reasons(paper):
    rows(paper)[1][3] = "Ikke lokalt"


def annex(paper):
    paper["items"][0]["annexes"][1]["blocks"] = ["c"]


def title(paper):
    paper["items"][0]["title"] = "Kulturpuljen"


def new_item(paper):
    item = {"id": "punkt-4", "number": "4", "title": "Ny", "sections": [], "annexes": []}
    paper["items"].append(item)


def place(paper):
    paper["header"] = [["Mødested", "B"]]


def new_text(paper):
    paper["items"][0]["sections"][0]["blocks"][0]["text"] = "Tre ansøgninger."


AMOUNT = "Nr. 1 Sommer: indstillet 4.000\xa0kr. i stedet for 5.000\xa0kr."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (amount, [AMOUNT]),
        (own_words, ["Punkt 3 Puljen: Resumé er ændret.", AMOUNT]),
        (new_case, ["Nr. 3 Efterår er kommet til."]),
        (gone_case, ["Nr. 2 Vinter er taget af dagsordenen."]),
        (other_order, ["Rækkefølgen af ansøgningerne er ændret."]),
        (reasons, ["Nr. 2 Vinter: begrundelsen er ændret."]),
        (annex, ["Nr. 2 Vinter: resuméet er ændret."]),
        (title, ["Punkt 3 Kulturpuljen hed Puljen."]),
        (new_item, ["Punkt 4 Ny er kommet til."]),
        (place, ["Mødested er ændret til B."]),
        (new_text, ["Punkt 3 Puljen: Resumé er ændret."]),
    ],
)
def test_changes(change, told):
    later = facts()
    change(later["closed"])

    assert changes_between(facts(), later) == told
    assert not is_same(facts(), later)


def test_number_and_time_are_no_change():
    later = facts()
    later["closed"] |= {"number": "2", "issued_at": "senere"}

    assert is_same(facts(), later)
    assert changes_between(facts(), later) == []


def test_what_only_the_open_version_shows_is_told_too():
    later = facts()
    place(later["open"])

    assert changes_between(facts(), later) == ["Indholdet er ændret."]


def test_an_item_that_is_gone():
    earlier = facts()
    new_item(earlier["closed"])

    assert changes_between(earlier, facts()) == ["Punkt 4 Ny er taget af."]
