"""Letters fetched together: a zip to keep, and one file to print."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from letters import batches
from letters.models import Channel, Enclosure, Letter, LetterBatch, Paper
from letters.tasks import deliver_due
from pulje.models import CaseReading
from tests import people
from tests.letters.decided import page, picked
from tests.letters.reading import read

pytestmark = pytest.mark.django_db


def test_letters_are_fetched_as_a_zip_and_one_print_file(
    client: Client, letters: list[Letter]
) -> None:
    client.force_login(people.rie())

    answer = client.get("/brev/samlet/zip/")
    with ZipFile(BytesIO(b"".join(answer))) as packed:
        assert packed.testzip() is None
        numbers = sorted(letter.application.number for letter in letters)
        assert sorted(packed.namelist()) == [f"{number}.pdf" for number in numbers]
        kept = Paper.objects.get(letter=letters[0])
        assert packed.read(f"{letters[0].application.number}.pdf") == bytes(kept.pdf)
    answer = client.post("/brev/samlet/pdf/", picked(letters))
    joined = PdfReader(BytesIO(b"".join(answer)), strict=True)
    begins = 0
    for letter in sorted(letters, key=lambda letter: letter.application.number):
        own = PdfReader(BytesIO(bytes(Paper.objects.get(letter=letter).pdf)))
        assert joined.pages[begins].extract_text() == own.pages[0].extract_text()
        begins += len(own.pages) + len(own.pages) % 2
    assert len(joined.pages) == begins
    assert client.post("/brev/samlet/pdf/").status_code == 422
    read_by = {row.application_id for row in CaseReading.objects.filter(user=people.rie())}
    assert read_by == {letter.application_id for letter in letters}


def test_the_print_file_of_a_batch_has_what_goes_on_paper_with_what_goes_with_it(
    client: Client, letters: list[Letter]
) -> None:
    on_paper, by_mail = letters
    pdf = bytes(Paper.objects.get(letter=by_mail).pdf)
    Enclosure.objects.create(letter=on_paper, sha256="0" * 64, pdf=pdf)
    batches.make_batch(letters, by=people.rie(), at=timezone.now(), name="A", read=read(letters))
    client.force_login(people.rie())
    asked = f"?forsendelse={LetterBatch.objects.get().uuid}"
    print_file = f"/brev/samlet/pdf/{asked}&kanal=PRINT"

    nothing = client.get(print_file)
    assert (nothing.status_code, "går på papir" in nothing.content.decode()) == (422, True)
    Letter.objects.filter(pk=on_paper.pk).update(channel=Channel.PRINT)

    joined = PdfReader(BytesIO(b"".join(client.get(print_file))), strict=True)
    own = PdfReader(BytesIO(bytes(Paper.objects.get(letter=on_paper).pdf)))
    enclosed = PdfReader(BytesIO(pdf))
    begins = len(own.pages) + len(own.pages) % 2
    assert joined.pages[begins].extract_text() == enclosed.pages[0].extract_text()
    assert len(joined.pages) == begins + len(enclosed.pages) + len(enclosed.pages) % 2
    with ZipFile(BytesIO(b"".join(client.get(f"/brev/samlet/zip/{asked}")))) as packed:
        assert packed.read(f"{on_paper.application.number}-ansoegning.pdf") == pdf
        assert len(packed.namelist()) == 3
    deliver_due()
    of_the_list = "/brev/samlet/zip/?status=sendt&kanal=EMAIL"
    assert of_the_list in page(client, "/brev/?status=sendt&kanal=EMAIL").replace("&amp;", "&")
    with ZipFile(BytesIO(b"".join(client.get(of_the_list)))) as packed:
        assert f"{by_mail.application.number}-2.pdf" in packed.namelist()
        assert f"{on_paper.application.number}-2.pdf" not in packed.namelist()  # its receipt alone
