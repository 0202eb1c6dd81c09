# SPDX-License-Identifier: GPL-2.0-only
"""What is in the files of --annotate besides the words, and under which name."""
import gzip
import os
import pathlib
import resource
import signal
import subprocess
import time

import blocks
import output_file
from blocks import Writer
from output_file import run
from tally import PROGRAM, TESTDATA

ENHANCED = blocks.ENHANCED
ARP = bytes.fromhex("ffffffffffff0200000000010806") + bytes(28)
WORDS = b"ct=none why=arp"
HOST = bytes([192, 0, 2, 1])
SECONDS = 10


def comments(path):
    """The comments of each packet."""
    return [[text for code, text in values[-1] if code == 1]
            for kind, values in blocks.read(path.read_bytes()) if kind == ENHANCED]


def section(order, resolution, kept):
    """A section with every kind of block in it, and the same as it must be written.
    'kept': whether the interfaces keep their resolution."""
    w = Writer(order)
    ticks = 1_000_000_000 * 10 ** 6

    def now(n):		# as it is written
        if kept:
            return ticks + n
        sec, fraction = divmod(ticks + n, 2 ** (resolution & 127))
        return sec * 10 ** 9 + fraction * 10 ** 9 // 2 ** (resolution & 127)

    note = [(1, b"a user's own \xc3\xa4 comment"), (4, w.pack("Q", 7)),
            (2988, w.pack("I", 32473) + b"text")]
    stamps = [(2, w.stamp(ticks)), (3, w.stamp(ticks + 9)), (4, w.pack("Q", 1234))]
    given = [
        w.section([(1, b"one"), (2, b"hardware")]),
        w.interface(options=[(2, b"eth0"), (9, bytes([resolution]))]),
        w.interface(options=[(2, b"eth1")]),
        w.names((HOST, b"host.example"), options=[(1, b"names"), (2, b"server")]),
        w.secrets(0x544c534b, b"CLIENT_RANDOM 00 11\n", options=[(1, b"keys")]),
        w.packet(0, ticks, ARP, note),
        w.custom(32473, b"data"),
        w.custom(32473, b"not to be copied", blocks.CUSTOM_NO_COPY),
        w.block(blocks.JOURNAL, b"__CURSOR=s=1\n\0\0\0"),
        w.packet(1, 1_000_000_000_000_000, ARP),
        w.block(blocks.UNKNOWN, w.pack("I", 5)),
        w.statistics(0, ticks + 1, stamps),
        w.statistics(1, 1_000_000_000_000_001, [(5, w.pack("Q", 2))]),
    ]
    swapped = order != "<"
    unit = [(9, bytes([resolution if kept else 9]))]
    need = [
        (blocks.SECTION, [[(1, b"one"), (2, b"hardware")]]),
        (blocks.INTERFACE, [1, 0, [(2, b"eth0"), *unit]]),
        (blocks.INTERFACE, [1, 0, [(2, b"eth1")]]),
        (blocks.NAMES, [(1, HOST + b"host.example\0"), [(1, b"names"), (2, b"server")]]),
        (blocks.SECRETS, [0x544c534b, b"CLIENT_RANDOM 00 11\n", [(1, b"keys")]]),
        (ENHANCED, [0, now(0), len(ARP), ARP,
                    [note[0], (4, (7).to_bytes(8, "little")),
                     (2988, (32473).to_bytes(4, "little") + b"text"), (1, WORDS)]]),
        (blocks.CUSTOM, [32473, b"data"]),
        (blocks.JOURNAL, [b"__CURSOR=s=1\n\0\0\0"]),
        (ENHANCED, [1, 1_000_000_000_000_000, len(ARP), ARP, [(1, WORDS)]]),
        *([] if swapped else [(blocks.UNKNOWN, [bytes([5, 0, 0, 0])])]),
        (blocks.STATISTICS, [0, now(1), [(2, Writer().stamp(now(0))),
                                         (3, Writer().stamp(now(9))),
                                         (4, (1234).to_bytes(8, "little"))]]),
        (blocks.STATISTICS, [1, 1_000_000_000_000_001,
                             [(5, (2).to_bytes(8, "little"))]]),
    ]
    return b"".join(given), need


def check_blocks(check, tmp):
    """The input's own blocks, in both byte orders; several sections; several files."""
    path, to = tmp / "blocks.pcapng", tmp / "blocks.out"
    for order, resolution, kept in (("<", 6, True), (">", 6, True),
                                    ("<", 0x80 | 24, False), (">", 0x80 | 24, False)):
        data, need = section(order, resolution, kept)
        path.write_bytes(data)
        fine, done = run("--annotate", to, path)
        check(f"blocks in order {order}: {done}", fine)
        got = blocks.read(to.read_bytes())
        for g, n in zip(got, need):
            check(f"order {order}, resolution {resolution}: {g}, not {n}",
                  (g[0], list(g[1])) == n)
        check(f"blocks in order {order}: {len(got)} of {len(need)}",
              len(got) == len(need))
        left = 2 if order == ">" else 1
        check(f"blocks that are left out are counted: {done.stderr}",
              f"--annotate: {left} other block".encode() in done.stderr)
    first, second = section("<", 6, True), section("<", 9, True)
    path.write_bytes(first[0] + second[0])
    run("--annotate", to, path)
    got = [(kind, list(values)) for kind, values in blocks.read(to.read_bytes())]
    check("two sections stay two", got == first[1] + second[1])
    path.write_bytes(first[0])
    fine, done = run("--annotate", to, path, TESTDATA / "dns.pcap")
    kinds = [kind for kind, _ in blocks.read(to.read_bytes())]
    check(f"two files are one section with all blocks: {kinds}", fine and
          kinds.count(blocks.SECTION) == 1 and kinds.count(blocks.STATISTICS) == 2 and
          kinds.count(blocks.NAMES) == 1 and kinds.count(blocks.CUSTOM) == 1)


def check_limits(check, tmp):
    """More bytes of blocks than are kept: they are left out and counted."""
    path, to = tmp / "large.pcapng", tmp / "large.out"
    w = Writer()
    large = w.custom(32473, bytes(1 << 20))
    path.write_bytes(w.section() + w.interface() + large * 40 + w.packet(0, 1, ARP) +
                     w.custom(32473, bytes(5 << 20)) + w.custom(32473, b"last"))
    fine, done = run("--annotate", to, path)
    kinds = [kind for kind, _ in blocks.read(to.read_bytes())]
    check(f"what is too much is left out: {done.stderr}", fine and
          kinds.count(blocks.CUSTOM) == 4 and b"38 other blocks" in done.stderr)


def check_again(check, tmp):
    """An annotated file that is annotated again has one comment a frame."""
    one, two = tmp / "one.pcapng", tmp / "two.pcapng"
    run("--annotate", one, TESTDATA / "tcp-rst.pcap")
    fine, _ = run("--annotate", two, "--sysctl",
                  "nf_conntrack_tcp_be_liberal=1", one)
    words = comments(two)
    check("one comment a frame, of the last run", fine and
          all(len(c) == 1 for c in words) and words != comments(one))
    fine, _ = run("--annotate", two, one)
    check("the same options write the same file",
          fine and one.read_bytes() == two.read_bytes())


def check_inputs(check, tmp):
    """Standard input, compression, standard output, filters."""
    path = TESTDATA / "tcp-rst.pcap"
    to = tmp / "plain.pcapng"
    run("--annotate", to, path)
    need = to.read_bytes()
    packed = gzip.compress(path.read_bytes())
    for what, args, data in (("standard input", ("-",), path.read_bytes()),
                             ("compressed standard input", ("-",), packed)):
        done = subprocess.run([PROGRAM, "--annotate", "-", *args], input=data,
                              capture_output=True)
        check(f"{what} to standard output", done.stdout == need)
    for options, word in ((("-f", "udp"), b"ct=none why=filtered"),
                          (("--dedup", str(path)), b"ct=none why=copy")):
        fine, _ = run("--annotate", to, *options, path)
        words = comments(to)
        check(f"all frames with {options[0]}: {words}", fine and len(words) ==
              (28 if options[0] == "--dedup" else 14) and [word] in words)
    fine, _ = run("--annotate", to, "--ctstate", "INVALID", "-w", tmp / "w", "-p", path)
    check("what is shown does not matter", fine and to.read_bytes() == need)


def check_refused(check, tmp):
    path = tmp / "input.pcap"
    path.write_bytes((TESTDATA / "dns.pcap").read_bytes())
    for args, text in (
            (("--annotate", path, path), b"one of the input files"),
            (("--annotate", "-", "-p", path), b"standard output"),
            (("--annotate", tmp / "x", "-w", tmp / "x", path), b"cannot both write"),
            (("--annotate", tmp, path), b"name a file in it"),
            (("--annotate", tmp / "no/x", path), b"create its directory"),
            (("--annotate", tmp / "x", "--versus", "--kernel 5.10", path), b"--annotate"),
            (("--annotate", tmp / "x", tmp / "nothing"), b"cannot be opened")):
        fine, done = run(*args, status=2)
        check(f"{args} is refused: {done.stderr}", fine and text in done.stderr)
    check("the input stays", path.read_bytes() == (TESTDATA / "dns.pcap").read_bytes())
    check("nothing is left", sorted(p.name for p in tmp.iterdir()) == ["input.pcap"])


def check_kept(check, tmp):
    output_file.check_kept(check, tmp, "--annotate", ("tcp-rst.pcap",))


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


def names(tmp):
    return sorted(p.name for p in tmp.iterdir())


def check_failure(check, tmp):
    """A file that cannot be written leaves what was there; so does a program that is
    killed; one that is interrupted completes it."""
    big = tmp / "big.pcap"
    frames = (TESTDATA / "dns.pcap").read_bytes()
    big.write_bytes(frames + frames[24:] * 2000)
    folder = tmp / "folder"
    folder.mkdir()
    to = folder / "out.pcapng"
    fine, done = run("--annotate", to, big, status=3, preexec_fn=small_files)
    check(f"no half file: {done.stderr}, {names(folder)}", fine and
          b"it stays as it was" in done.stderr and names(folder) == [])
    to.write_bytes(b"before")
    to.chmod(0o640)
    fine, _ = run("--annotate", to, big, status=3, preexec_fn=small_files)
    check("the old file stays", fine and to.read_bytes() == b"before" and
          names(folder) == ["out.pcapng"])
    link = folder / "link"
    link.symlink_to("out.pcapng")
    fine, _ = run("--annotate", link, TESTDATA / "dns.pcap")
    check("a link stays a link, and permissions stay", fine and link.is_symlink() and
          to.read_bytes()[:4] == b"\x0a\x0d\x0d\x0a" and
          to.stat().st_mode & 0o777 == 0o640)
    link.unlink()
    for number, status in ((signal.SIGKILL, -9), (signal.SIGINT, 130)):
        to.write_bytes(b"before")
        check_signal(check, to, number, status)
        check(f"nothing is left beside it after {number.name}: {names(folder)}",
              eventually(lambda: names(folder) == ["out.pcapng"]))


def eventually(is_so):
    end = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def check_signal(check, to, number, status):
    frames = (TESTDATA / "dns.pcap").read_bytes()
    with subprocess.Popen([PROGRAM, "--annotate", to, "-e", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        program.stdin.write(frames)
        program.stdin.flush()
        program.stdout.read(1)		# a line is there: frames are tracked
        check("the file is not there before the end", to.read_bytes() == b"before")
        program.send_signal(number)
        program.stdout.read()
        program.wait(SECONDS)
    check(f"status after {number.name}: {program.returncode}",
          program.returncode == status)
    if number == signal.SIGKILL:
        check("the old file stays after SIGKILL", to.read_bytes() == b"before")
    else:
        check("what was read is annotated after SIGINT",
              all(c[0].startswith(b"ct=") for c in comments(to)) and comments(to))


def check_in_place(check, tmp):
    """Where the directory takes no other file, and with a pipe."""
    pipe = tmp / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([PROGRAM, "--annotate", pipe, TESTDATA / "dns.pcap"]) as program:
        data = pipe.read_bytes()
    run("--annotate", tmp / "file", TESTDATA / "dns.pcap")
    check("a pipe gets the same bytes", program.returncode == 0 and
          data == (tmp / "file").read_bytes())


CHECKS = (check_blocks, check_limits, check_again, check_inputs, check_refused, check_kept,
          check_failure, check_in_place)


def check_files(check, tmp):
    for i, test in enumerate(CHECKS):
        folder = pathlib.Path(tmp) / f"files{i}"
        folder.mkdir()
        test(check, folder)
