"""Why the encryption of a connection is refused, in sentences that say what to do next."""

import os
import ssl

_OF_THE_CLOCK = (9, 10)
"""OpenSSL's numbers: not yet valid, and not any more."""
_OF_ANOTHER = (62, 64)
"""For another host, and for another address."""


def refusal(error: ssl.SSLError, host: str) -> str:
    """What is wrong with the certificate of `host`, or that it answers without one."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{host} doesn't answer with TLS, as https:// asks ({error.reason}). "
            "Check the address and what stands between."
        )
    told = f"The certificate of {host} isn't accepted ({error.verify_message.rstrip('.')})"
    return f"{told}. {_remedy(error.verify_code)}."


def _remedy(code: int) -> str:
    if code in _OF_THE_CLOCK:
        return "Check this machine's clock; if it's right, the server must be mended"
    if code in _OF_ANOTHER:
        return "Something else answers in its place: check the network and the address"
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(name):
            return f"{name} names {os.environ[name]}: add the issuer's certificate there"
    return "If your network looks into TLS, set SSL_CERT_FILE to a file with its certificates"
