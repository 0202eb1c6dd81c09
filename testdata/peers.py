#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The two ends of conversations that no packaged program holds on demand; record.sh runs them.

    peers.py PROGRAM server|client [ADDRESS]

Each program is a pair of functions, below.  The server's address is the
argument (the default is that of record.sh's server); the port is 7000.
"""

import os
import pwd
import select
import socket
import struct
import subprocess
import sys
import time
import tty

CLIENT_ADDRESS = "192.0.2.10"
SERVER_ADDRESS = "198.51.100.20"
PORT = 7000
CLIENT_PORT = 40000


def tcp_socket(address=SERVER_ADDRESS):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.settimeout(30)
    return sock


def listener(address, backlog=1):
    sock = tcp_socket(address)
    sock.bind((address, PORT))
    sock.listen(backlog)
    return sock


def accept(address):
    with listener(address) as sock:
        return sock.accept()[0]


def connect(address, port=0):
    sock = tcp_socket(address)
    if port:
        sock.bind(("", port))
    sock.connect((address, PORT))
    return sock


def drain(sock):
    while sock.recv(65536):
        pass


def linger_reset(sock):
    """close(2) sends RST instead of FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


# chat: a line each way twice a second ---------------------------------------------

def chat_server(address):
    with accept(address) as sock:
        while data := sock.recv(1000):
            sock.sendall(data.upper())


def chat_client(address):
    with connect(address) as sock:
        for n in range(8):
            sock.sendall(b"line %d\n" % n)
            sock.recv(1000)
            time.sleep(0.5)


# abort: each side in turn closes with RST -----------------------------------------

def abort_server(address):
    with listener(address) as sock:
        first = sock.accept()[0]
        try:
            drain(first)
        except ConnectionResetError:
            pass
        first.close()
        second = sock.accept()[0]
        second.recv(100)
        linger_reset(second)


def abort_client(address):
    first = connect(address)
    first.sendall(b"going away without a word\n")
    time.sleep(0.2)
    linger_reset(first)
    with connect(address) as second:
        second.sendall(b"reset me\n")
        time.sleep(0.2)


# crossed: both sides connect at once ----------------------------------------------

def crossed(own, peer, word):
    with tcp_socket(own) as sock:
        sock.bind((own, PORT))
        # Both sides wait for the same moment; the wire between them is slow.
        time.sleep(2 - time.time() % 2)
        sock.connect((peer, PORT))
        sock.sendall(word)
        sock.recv(100)
        sock.shutdown(socket.SHUT_WR)
        drain(sock)


def crossed_server(address):
    crossed(address, CLIENT_ADDRESS, b"from the server\n")


def crossed_client(address):
    crossed(CLIENT_ADDRESS, address, b"from the client\n")


# half: the client closes its half first, the server goes on sending ------------------

def half_server(address):
    with accept(address) as sock:
        drain(sock)
        for n in range(5):
            sock.sendall(b"still talking %d\n" % n)
            time.sleep(0.3)


def half_client(address):
    with connect(address) as sock:
        sock.sendall(b"that is all from me\n")
        sock.shutdown(socket.SHUT_WR)
        drain(sock)


# slow: the reader does not read, the window closes ----------------------------------

def slow_server(address):
    with listener(address) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer = sock.accept()[0]
        time.sleep(3)
        drain(peer)
        peer.close()


def slow_client(address):
    with connect(address) as sock:
        sock.sendall(b"x" * 20000)


# idle: keepalives -----------------------------------------------------------------

def idle_server(address):
    with accept(address) as sock:
        drain(sock)


def idle_client(address):
    with connect(address) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        sock.sendall(b"now silence\n")
        time.sleep(4.5)


# again: the same client port three times; the server closes first, then the client ------

def again_server(address):
    with listener(address) as sock:
        for n in range(3):
            peer = sock.accept()[0]
            peer.recv(100)
            if n == 2:
                drain(peer)
            peer.close()


def again_client(address):
    for n in range(3):
        with connect(address, CLIENT_PORT) as sock:
            sock.sendall(b"time %d\n" % n)
            if n < 2:
                drain(sock)
        time.sleep(0.5)


# self: a socket connects to itself (server and client are the same) ---------------------

def self_client(address):
    with tcp_socket(address) as sock:
        sock.bind((address, PORT))
        sock.connect((address, PORT))
        sock.sendall(b"hello, me\n")
        sock.recv(100)
        sock.shutdown(socket.SHUT_WR)
        drain(sock)


# stream: UDP both ways for more than three seconds -------------------------------------

def udp_socket(address, bound):
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    if bound:
        sock.bind((address, PORT))
    sock.settimeout(10)
    return sock


def stream_server(address):
    with udp_socket(address, True) as sock:
        for _ in range(14):
            data, peer = sock.recvfrom(1000)
            sock.sendto(data[::-1], peer)


def stream_client(address):
    with udp_socket(address, False) as sock:
        for n in range(14):
            sock.sendto(b"frame %d" % n, (address, PORT))
            sock.recv(1000)
            time.sleep(0.25)


# ppp: what pppd would say to pptp and pptpd, where the kernel has no PPP: the link is
# configured (RFC 1661, 5) in octet-stuffed frames (RFC 1662) and ended -------------------

def ppp_frame(code, ident, data):
    body = b"\xff\x03" + struct.pack("!HBBH", 0xC021, code, ident, 4 + len(data)) + data
    check = 0xFFFF
    for octet in body:
        check ^= octet
        for _ in range(8):
            check = check >> 1 ^ (0x8408 if check & 1 else 0)
    body += struct.pack("<H", check ^ 0xFFFF)
    stuffed = b"".join(bytes((0x7D, o ^ 0x20)) if o < 0x20 or o in (0x7D, 0x7E) else bytes((o,)) for o in body)
    return b"\x7e" + stuffed + b"\x7e"


def ppp_read(descriptor, until, answer):
    """Acknowledges what the peer wants to configure, and its end."""
    pending = b""
    while select.select([descriptor], [], [], max(0, until - time.monotonic()))[0]:
        octets = os.read(descriptor, 4096)
        if not octets:
            return
        *frames, pending = (pending + octets).split(b"\x7e")
        for frame in frames:
            plain = bytearray()
            escaped = False
            for octet in frame:
                if octet != 0x7D:
                    plain.append(octet ^ 0x20 if escaped else octet)
                escaped = octet == 0x7D
            if plain[:4] == b"\xff\x03\xc0\x21" and plain[4] in (1, 5):
                answer(ppp_frame(plain[4] + 1, plain[5], bytes(plain[8:-2]) if plain[4] == 1 else b""))


def ppp_talk(descriptor, magic, seconds):
    def send(frame):
        os.write(descriptor, frame)

    send(ppp_frame(1, 1, b"\x05\x06" + struct.pack("!I", magic)))
    ppp_read(descriptor, time.monotonic() + seconds, send)
    for ident in (2, 3):
        send(ppp_frame(9, ident, struct.pack("!I", magic)))
        ppp_read(descriptor, time.monotonic() + 0.3, send)


def ppp_server(_):
    tty.setraw(0)
    ppp_talk(0, 0x5E4E4, 5)


def ppp_client(address):
    here, there = socket.socketpair()
    with here, subprocess.Popen(["pptp", address, "--nolaunchpppd", "--nohostroute"], stdin=there, stdout=there) as pptp:
        there.close()
        ppp_read(here.fileno(), time.monotonic() + 1, here.sendall)
        ppp_talk(here.fileno(), 0xC11E7, 1)
        here.sendall(ppp_frame(5, 4, b""))
        ppp_read(here.fileno(), time.monotonic() + 0.5, here.sendall)
        pptp.terminate()


# snmp: a question to all, which snmpget cannot ask: SNMPv2c GET sysName.0, community public --

def snmp_client(address):
    question = bytes.fromhex("3026020101 04067075626c6963 a019020107020100020100 300e300c06082b060102010105000500"
                             .replace(" ", ""))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.settimeout(1)
        sock.sendto(question, (address, 161))
        try:
            while True:
                sock.recv(1000)
        except socket.timeout:
            pass


# exec: like inetd, one connection; the program's words are in the environment -------------

def exec_server(address):
    sock = accept(address)
    for descriptor in (0, 1):
        os.dup2(sock.fileno(), descriptor)
    words = os.environ["PEERS_EXEC"].split("|")
    os.execv(words[0], words)


# amanda: amandad, started for each request as inetd would --------------------------------------------

def amanda_server(address):
    account = pwd.getpwnam("backup")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 10080))
    while select.select([sock], [], []):
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        for descriptor in (0, 1):
            os.dup2(sock.fileno(), descriptor)
        os.initgroups("backup", account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        os.execv("/usr/lib/amanda/amandad", ["amandad", "-auth=bsdudp", "amdump"])


# irc: two users of one server, the client's offers come first ------------------------------------

class User:
    """An IRC user who reads lines until one holds what is waited for."""

    def __init__(self, nick, address):
        self.sock = tcp_socket(address)
        self.sock.connect((address, 6667))
        self.lines = self.sock.makefile("r", encoding="latin-1", newline="\n")
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.wait(" 376 ")

    def say(self, *lines):
        self.sock.sendall("".join(line + "\r\n" for line in lines).encode("latin-1"))

    def wait(self, word):
        for line in self.lines:
            if line.startswith("PING"):
                self.say("PONG" + line[4:].rstrip())
            if word in line:
                return line

    def offer(self, to, kind, name, data):
        """DCC: listen, tell where, and send to whoever comes."""
        with tcp_socket() as sock:
            sock.bind((self.sock.getsockname()[0], 0))
            sock.listen(1)
            host, port = sock.getsockname()
            number = struct.unpack("!I", socket.inet_aton(host))[0]
            self.say(f"PRIVMSG {to} :\1DCC {kind} {name} {number} {port} {len(data)}\1")
            peer = sock.accept()[0]
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        drain(peer)
        peer.close()

    def take(self):
        """The other side of an offer; SEND acknowledges with the number of octets."""
        kind, _, number, port, _ = self.wait("DCC ").split("DCC ")[1].rstrip("\1\r\n").split()
        with tcp_socket() as sock:
            sock.connect((socket.inet_ntoa(struct.pack("!I", int(number))), int(port)))
            count = 0
            while data := sock.recv(65536):
                count += len(data)
                if kind == "SEND":
                    sock.sendall(struct.pack("!I", count))

    def wait_for_user(self, nick):
        while f":{nick}" not in (self.say(f"ISON {nick}") or self.wait(" 303 ")):
            time.sleep(0.1)

    def quit(self):
        self.say("QUIT :bye")
        self.lines.read()


def irc_server(address):
    bob = User("bob", address)
    bob.take()
    bob.take()
    bob.offer("alice", "SEND", "reply.txt", b"what the other side sends\n" * 20)
    bob.quit()


def irc_client(address):
    alice = User("alice", address)
    alice.wait_for_user("bob")
    alice.say("PRIVMSG bob :hello, here is a file")
    alice.offer("bob", "SEND", "file.txt", b"what is in the file\n" * 100)
    alice.offer("bob", "CHAT", "chat", b"hello\n")
    alice.take()
    alice.quit()


def main(program, role, address=SERVER_ADDRESS):
    globals()[f"{program}_{role}"](address)


if __name__ == "__main__":
    main(*sys.argv[1:])
