"""Files on their way in: whatever their size, no more is kept than we would take."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from pulje.forms.attachment import LARGEST_BYTES

LARGEST_REQUEST_BYTES = 300 * 1024 * 1024


class CappedUploadHandler(TemporaryFileUploadHandler):
    """A file keeps its true size, by which the form refuses it, but not the bytes beyond ours."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > LARGEST_REQUEST_BYTES:
            raise RequestDataTooBig("more than a form of ours ever carries")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start <= LARGEST_BYTES:
            super().receive_data_chunk(raw_data, start)
        return None
