"""A file being uploaded through a page is sealed piece by piece: the plain file never lies on a disk of ours."""

from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http import HttpRequest

from knownto.feeds.copies import Arrived, Copy, Writing
from knownto.feeds.faults import Unreadable
from knownto.keyring import acts as keyring


class Sealed(UploadedFile):
    """An uploaded file that is sealed already. Nothing can read it from here."""

    def __init__(self, name: str, copy: Copy, arrived: Arrived) -> None:
        super().__init__(None, name, size=arrived.size)
        self.copy, self.arrived = copy, arrived


class Arriving(FileUploadHandler):
    """Seals what comes in the field named `field`, and leaves other fields to the handlers after it."""

    def __init__(self, request: HttpRequest, field: str) -> None:
        super().__init__(request)
        self.field = field
        self.writing: Writing | None = None
        self.refused: Unreadable | None = None

    def new_file(self, field_name: str, *rest: object, **more: object) -> None:
        super().new_file(field_name, *rest, **more)
        if field_name != self.field or self.writing is not None:
            self.writing = self.writing if field_name == self.field else None
            return
        [key] = keyring.create()
        self.writing = Writing(Copy(uuid4(), key))
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.writing is None or self.field_name != self.field:
            return raw_data
        try:
            self.writing.add(raw_data)
        except Unreadable as error:
            self.refused = error
            self.writing.give_up()
            raise StopUpload(connection_reset=True) from None
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.writing is None or self.field_name != self.field:
            return None
        return Sealed(self.file_name or "", self.writing.copy, self.writing.finish())

    def upload_interrupted(self) -> None:
        if self.writing is not None:
            self.writing.give_up()
