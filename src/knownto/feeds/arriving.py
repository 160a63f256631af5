"""A file being uploaded through a page is sealed piece by piece: the plain file never lies on a disk of ours."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
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

    def close(self) -> None:
        """There is nothing open."""


class Arriving(FileUploadHandler):
    """Seals what comes in the field named `field`, and leaves other fields to the handlers after it."""

    def __init__(self, request: HttpRequest, field: str) -> None:
        super().__init__(request)
        self.field = field
        self.writing: Writing | None = None
        self.refused: Unreadable | None = None

    def new_file(self, field_name: str, *rest: object, **more: object) -> None:
        super().new_file(field_name, *rest, **more)
        if field_name != self.field:
            return
        if self.writing is not None:
            self.refused = Unreadable("more-than-one")
            raise StopUpload(connection_reset=True)
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


class InMemory(FileUploadHandler):
    """Keeps the beginning of a small file (a manifest) in memory, however large what is sent beside it."""

    MOST = 64 * 1024

    def new_file(self, *rest: object, **more: object) -> None:
        super().new_file(*rest, **more)
        self.held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held.write(raw_data[: max(0, self.MOST - self.held.tell())])

    def file_complete(self, file_size: int) -> UploadedFile:
        self.held.seek(0)
        size = len(self.held.getbuffer())
        return InMemoryUploadedFile(self.held, self.field_name, self.file_name, self.content_type, size, None)
