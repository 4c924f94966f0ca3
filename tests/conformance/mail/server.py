"""A mail server: aiosmtpd on a free port, with a certificate, a login, and addresses that behave badly.

Prints `ready PORT`, then one line of JSON for each mail that it took. What the local part of a recipient says happens:
`later` is put off once (greylisting), `gone` is refused for good, `silent` never gets an answer.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, encryption = sys.argv[1:4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


def check(server, session, envelope, mechanism, login):
    expected = LoginPassword(b"tripline@example.com", b"p@ss/word")
    return AuthResult(success=login == expected, handled=False, auth_data=login)


def parts(mail):
    """The bodies by their type, decoded."""
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    return {part.get_content_type(): part.get_content() for part in leaves}


class Desk:
    put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        behaviour = address.split("@")[0].split("+")[0]
        if behaviour == "silent":
            await asyncio.Event().wait()
        if behaviour == "gone":
            return "550 5.1.1 Nobody of that name"
        if behaviour == "later" and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 Greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        took = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "longest_line": max(map(len, envelope.content.splitlines())),
            "defects": [repr(defect) for part in mail.walk() for defect in part.defects],
            "bodies": parts(mail),
        }
        print(json.dumps(took), flush=True)
        return "250 2.0.0 Queued as 4711"


async def main():
    def desk():
        # A login is asked for, but not before the connection is encrypted; with `none`, nothing of that.
        strict = encryption != "none"
        return SMTP(
            Desk(),
            authenticator=check,
            auth_required=strict,
            auth_require_tls=encryption == "starttls",
            tls_context=context if encryption == "starttls" else None,
            require_starttls=encryption == "starttls",
            enable_SMTPUTF8=True,
        )

    wrapped = context if encryption == "tls" else None
    server = await asyncio.get_running_loop().create_server(desk, "127.0.0.1", 0, ssl=wrapped)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
