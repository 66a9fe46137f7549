"""Trusted time: RFC 3161 responses of a time-stamping authority, asked for and checked.

An authority signs a hash and the time at which it saw it. It learns nothing else.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus

from veedor.errors import SealError, phrase
from veedor.files.replacing import content
from veedor.sealing.keys import MOST_BYTES

_SECONDS = 30
_MOST_BYTES = 1 << 20
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


def ask(url: str, message: bytes) -> bytes:
    """Have an authority stamp the SHA-256 of a message.

    Parameters
    ----------
    url : str
        http or https. The response is signed, so that plain http will do.
    message : bytes

    Returns
    -------
    bytes
        The response, DER.

    Raises
    ------
    SealError
        If there is none, or it is not for this message and request.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise SealError("A time-stamping authority must have an http or https URL.", found=url)
    asked = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    request = urllib.request.Request(  # noqa: S310 - the scheme was tested
        url, asked.as_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            response: bytes = answer.read(_MOST_BYTES)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise SealError(
            "The time-stamping authority must answer.",
            found=str(error),
            where=url,
            remedy="try again, name another, or leave --tsa out: the entry then says that there "
            "is only your own clock. Nothing was sealed",
        ) from error
    if stamped(response, message, url)[1].tst_info.nonce != asked.nonce:
        raise SealError(
            "A timestamp must answer the request.",
            found=phrase("that of another request"),
            where=url,
        )
    return response


def stamped(response: bytes, message: bytes, where: str) -> tuple[np.datetime64, TimeStampResponse]:
    """Return the time (UTC) in a response for a message, and the response read.

    Nothing here says that the authority is who it claims to be: `check_authority` does.

    Raises
    ------
    SealError
        If it cannot be read, was not granted, or is for something else.
    """
    try:
        read = decode_timestamp_response(response)
        if read.as_bytes() != response:
            raise ValueError("another form")  # noqa: TRY301
        if PKIStatus(read.status) != PKIStatus.GRANTED:
            raise ValueError(f"{PKIStatus(read.status).name}: {read.status_string}")  # noqa: TRY301
        imprint, moment = read.tst_info.message_imprint, read.tst_info.gen_time
    except ValueError as error:
        raise SealError(
            "A timestamp must be an RFC 3161 response that was granted.",
            found=str(error),
            where=where,
        ) from error
    digest = hashlib.sha256(message).digest()
    if imprint.hash_algorithm != _SHA256 or imprint.message != digest:
        raise SealError(
            "A timestamp must be for the log's own tree head.", found=phrase("another"), where=where
        )
    return np.datetime64(moment.replace(tzinfo=None), "us"), read


def check_authority(
    response: TimeStampResponse, message: bytes, roots: Sequence[x509.Certificate], where: str
) -> None:
    """Check a response against the authorities that the verifier trusts.

    Parameters
    ----------
    response : TimeStampResponse
    message : bytes
    roots : sequence of certificate
        Of authorities, or of who certifies them; at least one.
    where : str

    Raises
    ------
    SealError
        If its signature, its certificates or its message do not verify.
    """
    try:
        verifier = VerifierBuilder(roots=list(roots)).build()
        verifier.verify(response, hashlib.sha256(message).digest())
    except (VerificationError, ValueError) as error:
        raise SealError(
            "A timestamp must be signed by an authority that you trust.",
            found=str(error),
            where=where,
        ) from error


def load_roots(path: Path) -> list[x509.Certificate]:
    """Read the certificates that a verifier trusts: PEM, one or more.

    Raises
    ------
    SealError
        If the file holds none.
    UnreadableError
        If it is a device or a pipe, or larger than any.
    """
    try:
        return x509.load_pem_x509_certificates(
            content(path, MOST_BYTES, phrase("A file of certificates"))
        )
    except (OSError, ValueError) as error:
        raise SealError(
            "Trusted certificates must be a PEM file.", found=str(error), where=str(path)
        ) from error
