from pathlib import Path

from tests.e2e.sheet import sheet


def test_each_page_stands_beside_its_design_and_letters_together() -> None:
    design = [Path("e1-brev.png"), Path("c5-breve.png"), Path("c5-breve-mobil.png")]
    pages = [Path("c5-valgt-390.png"), Path("c5-valgt-1440.png"), Path("log-1440.png")]

    said = sheet(design, pages, [Path("AWARD-1.png")])

    rows = said.split("<h2>")[1:]
    assert [row.partition("<")[0] for row in rows] == ["c5", "e", "others"]
    order = ["c5-breve", "c5-breve-mobil", "c5-valgt-1440", "c5-valgt-390"]
    places = [rows[0].index(f">{name}<") for name in order]
    assert places == sorted(places)
    assert rows[0].count(" narrow") == 2
    assert "AWARD-1" in rows[1]
    assert "log-1440" in rows[2]
