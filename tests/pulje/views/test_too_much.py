import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from pulje.forms import upload_handler
from pulje.views.too_much import bad_request

SENTENCE = "send færre eller mindre filer: højst 10 MB hver"


@pytest.mark.django_db
def test_a_request_that_is_too_large_is_told_so(client: Client, settings, monkeypatch) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(upload_handler, "LARGEST_REQUEST_BYTES", 1_000)

    response = client.post("/sprog/", {"x": SimpleUploadedFile("x.pdf", b"0" * 2_000)})

    assert response.status_code == 413
    assert SENTENCE in response.content.decode()


@pytest.mark.parametrize(
    ("exception", "status", "sentence"),
    [
        (RequestDataTooBig(), 413, SENTENCE),
        (SuspiciousOperation(), 400, "Gå tilbage, og prøv igen."),
    ],
)
def test_each_has_its_sentence(exception: Exception, status: int, sentence: str) -> None:
    response = bad_request(RequestFactory().get("/"), exception)

    assert response.status_code == status
    assert sentence in response.content.decode()
