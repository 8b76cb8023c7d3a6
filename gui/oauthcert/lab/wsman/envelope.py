"""SOAP envelopes: what a request says, and the text of answers and faults. Written for Windows' dialect of WS-Management [MS-WSMV]."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from uuid import uuid4
from xml.sax.saxutils import escape

from oauthcert.lab.wsman.faults import ENCODING_LIMIT, SCHEMA, SoapFault

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
WSMAN_FAULT = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
MICROSOFT = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
MICROSOFT_FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

CMD_RESOURCE = f"{SHELL}/cmd"
LEAST_ENVELOPE = 8192
_USUAL_ENVELOPE = 153_600
_USUAL_TIMEOUT = 60.0

_HEADER, _BODY = f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"
_ACTION, _MESSAGE_ID = f"{{{ADDRESSING}}}Action", f"{{{ADDRESSING}}}MessageID"
_RESOURCE_URI, _SELECTORS, _OPTIONS = f"{{{WSMAN}}}ResourceURI", f"{{{WSMAN}}}SelectorSet", f"{{{WSMAN}}}OptionSet"
_TIMEOUT, _MAX_ENVELOPE = f"{{{WSMAN}}}OperationTimeout", f"{{{WSMAN}}}MaxEnvelopeSize"
_IDENTIFY = f"{{{IDENTITY}}}Identify"

_OPEN = (
    f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP}" xmlns:a="{ADDRESSING}" xmlns:x="{TRANSFER}" xmlns:w="{WSMAN}" '
    f'xmlns:rsp="{SHELL}" xmlns:p="{MICROSOFT}"><s:Header><a:Action>'
)
_AFTER_ACTION = "</a:Action><a:MessageID>uuid:"
_AFTER_ID = f"</a:MessageID><a:To>{ADDRESSING}/role/anonymous</a:To><a:RelatesTo>"
_AFTER_RELATES = "</a:RelatesTo></s:Header><s:Body>"
_CLOSE = "</s:Body></s:Envelope>"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


@dataclass(frozen=True, slots=True)
class SoapRequest:
    """One parsed request. `operation` is the last word of the action (`Create`, `Receive`, …); timeouts in seconds, sizes in bytes."""

    operation: str
    action: str
    message_id: str
    resource: str
    shell_id: str
    options: dict[str, str]
    timeout: float
    max_envelope: int
    body: ET.Element


def parse(message: bytes, most: int) -> SoapRequest:
    """Reads a request of at most `most` bytes; raises SoapFault when it is longer, or no SOAP message with a header and a body."""
    if len(message) > most:
        raise SoapFault(ENCODING_LIMIT)
    if b"<!DOCTYPE" in message:  # SOAP forbids it, and entities are a way to waste memory
        raise SoapFault(SCHEMA)
    try:
        root = ET.fromstring(message)  # noqa: S314 - bounded, without DTD, and from the loopback
    except (ET.ParseError, ValueError):
        raise SoapFault(SCHEMA) from None
    header, body = root.find(_HEADER), root.find(_BODY)
    if header is None or body is None:
        raise SoapFault(SCHEMA)
    if body.find(_IDENTIFY) is not None:
        return SoapRequest("Identify", "", "", "", "", {}, _USUAL_TIMEOUT, LEAST_ENVELOPE, body)
    fields = {element.tag: element for element in header}
    texts = {tag: (element.text or "").strip() for tag, element in fields.items()}
    action = texts.get(_ACTION, "")
    if not action:
        raise SoapFault(SCHEMA)
    return SoapRequest(
        operation=action.rpartition("/")[2],
        action=action,
        message_id=texts.get(_MESSAGE_ID, ""),
        resource=texts.get(_RESOURCE_URI, ""),
        shell_id=next(((one.text or "").strip() for one in fields.get(_SELECTORS, ()) if one.get("Name") == "ShellId"), ""),
        options={one.get("Name", ""): one.text or "" for one in fields.get(_OPTIONS, ())},
        timeout=seconds_of(texts[_TIMEOUT]) if _TIMEOUT in texts else _USUAL_TIMEOUT,
        max_envelope=_size_of(texts[_MAX_ENVELOPE]) if _MAX_ENVELOPE in texts else _USUAL_ENVELOPE,
        body=body,
    )


def seconds_of(duration: str) -> float:
    """The seconds of an xs:duration such as PT20S; raises SoapFault (schema), as Windows does, for anything else."""
    match = _DURATION.fullmatch(duration)
    if match is None or len(duration) < 3:
        raise SoapFault(SCHEMA)
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _size_of(text: str) -> int:
    if not text.isdigit() or len(text) > 10:
        raise SoapFault(SCHEMA)
    return max(int(text), LEAST_ENVELOPE)


def answer(action: str, relates_to: str, content: str) -> bytes:
    """A whole answer; `content` is XML for the body and is not escaped."""
    return "".join(
        (_OPEN, action, _AFTER_ACTION, str(uuid4()).upper(), _AFTER_ID, escape(relates_to), _AFTER_RELATES, content, _CLOSE)
    ).encode()


def fault(failure: SoapFault, relates_to: str, machine: str) -> bytes:
    """A fault in the shape of Windows: SOAP code, WS-Man subcode, and WSManFault with the error code in the detail."""
    kind, text = failure.kind, escape(failure.text)
    content = (
        f"<s:Fault><s:Code><s:Value>s:{'Sender' if kind.sender else 'Receiver'}</s:Value><s:Subcode><s:Value>{kind.subcode}</s:Value>"
        f'</s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{MICROSOFT_FAULT}" Code="{kind.code}" Machine="{escape(machine)}">'
        f"<f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>"
    )
    return answer(WSMAN_FAULT, relates_to, content)


def identify_answer(os_version: str | None) -> bytes:
    """The answer to Identify. Without a sign-in (`os_version` None) Windows hides its version as 0.0.0."""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{SOAP}"><s:Header/><s:Body><wsmid:IdentifyResponse xmlns:wsmid="{IDENTITY}">'
        f"<wsmid:ProtocolVersion>{WSMAN}</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>OS: {os_version or '0.0.0'} SP: 0.0 Stack: 3.0</wsmid:ProductVersion>"
        "</wsmid:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()
