"""WS-Management faults by code. Clients judge by the code; the texts here are the practice lab's own."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`code` is the Windows error (wsmerror.h) in WSManFault, `sender` whether SOAP blames the client, `subcode` the WS-Man name."""

    code: int
    sender: bool
    subcode: str
    text: str


ACCESS_DENIED = FaultKind(5, True, "w:AccessDenied", "Access is denied.")
INVALID_ACTION = FaultKind(2150858753, True, "a:ActionNotSupported", "The service does not support the requested action.")
UNREACHABLE = FaultKind(2150858770, True, "a:DestinationUnreachable", "The service knows no resource with the requested URI.")
ENVELOPE_TOO_LARGE = FaultKind(2150858790, False, "w:EncodingLimit", "The answer does not fit into the MaxEnvelopeSize of the request.")
OPERATION_TIMEOUT = FaultKind(2150858793, False, "w:TimedOut", "The operation did not end within the time given in OperationTimeout.")
ENCODING_LIMIT = FaultKind(2150858805, True, "w:EncodingLimit", "The request is larger than the MaxEnvelopeSize of the service.")
SCHEMA = FaultKind(
    2150858817, True, "w:SchemaValidationError", "The SOAP message does not match the schema. Correct the XML and try again."
)
UNKNOWN_SHELL = FaultKind(2150858843, True, "w:InvalidSelectors", "The request names a shell or command that does not exist.")
SHELL_QUOTA = FaultKind(
    2150859173,
    False,
    "w:QuotaLimit",
    "This user may have {limit} shells open at the same time and has reached that number. Close some shells.",
)
OPERATION_QUOTA = FaultKind(
    2150859174,
    False,
    "w:QuotaLimit",
    "This user may run {limit} operations at the same time and has reached that number. End some operations.",
)
STDIN_CLOSED = FaultKind(232, False, "w:InternalError", "The pipe is being closed.")

KINDS: Mapping[int, FaultKind] = {
    kind.code: kind
    for kind in (
        ACCESS_DENIED,
        INVALID_ACTION,
        UNREACHABLE,
        ENVELOPE_TOO_LARGE,
        OPERATION_TIMEOUT,
        ENCODING_LIMIT,
        SCHEMA,
        UNKNOWN_SHELL,
        SHELL_QUOTA,
        OPERATION_QUOTA,
        STDIN_CLOSED,
    )
}


class SoapFault(Exception):
    """Ends an operation; the client gets HTTP 500 with a SOAP fault."""

    def __init__(self, kind: FaultKind, *, limit: int = 0) -> None:
        super().__init__(f"{kind.code} {kind.subcode}")
        self.kind = kind
        self.text = kind.text.format(limit=limit)


def kind_of(code: int) -> FaultKind:
    """The fault with this code; an unknown code gives a plain receiver fault that carries it."""
    return KINDS.get(code) or FaultKind(code, False, "w:InternalError", f"The service failed with error {code}.")
