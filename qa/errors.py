"""Every error that Dateline raises on purpose: one root, and each leaf says when and what to do."""

from __future__ import annotations


class QAError(Exception):
    """The root: catch this to catch every deliberate refusal.

    `status` is the HTTP status of the refusal, `title` its short name, and `retryable` says
    whether the same request may succeed later without a change.
    """

    status = 500
    title = "Internal error"
    retryable = False


class InvalidRequest(QAError):
    """A question, filter or parameter is out of its stated limits; `field` names it."""

    status = 422
    title = "Invalid request"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SettingsError(QAError):
    """A setting has a value that cannot be used; the message names key, value and remedy."""

    title = "Bad setting"


class UnreadableInput(QAError):
    """A file or document cannot be read as news; the message says why. The rest goes on."""

    status = 422
    title = "Unreadable input"


class ModelError(QAError):
    """The embedding model is missing, altered, holds code, or gave an unusable vector."""

    title = "Model refused"


class ModelMismatch(ModelError):
    """The archive was built with another model; re-embed it or name that model."""


class ArchiveError(QAError):
    """The archive cannot be opened or is not one; the message tells how to make or repair it."""

    title = "Archive unusable"


class ArchiveNotFound(ArchiveError):
    """There is no archive in that folder; build one with `qa ingest`."""

    status = 503


class ArchiveBusy(ArchiveError):
    """Another process is writing to this archive; try again when it is done."""

    status = 503
    title = "Archive busy"
    retryable = True


class StorageFull(ArchiveError):
    """The disk is full or read-only; nothing acknowledged is lost and search goes on."""

    status = 507
    title = "Storage refused"
    retryable = True


class NotFound(QAError):
    """There is no such article, version or quote."""

    status = 404
    title = "Not found"


class Overloaded(QAError):
    """The bounded queue is full; come back after `retry_after` seconds."""

    status = 503
    title = "Overloaded"
    retryable = True

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
