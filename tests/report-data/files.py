# SPDX-License-Identifier: GPL-2.0-only
"""Under which names the page is written, when it must not be, and hostile names in it."""
import os
import pathlib
import resource
import signal
import struct
import subprocess
import time

import output_file
from output_file import run
from page import Page
from tally import PROGRAM, TESTDATA

SECONDS = 10
HOSTILE = '</script><img src=x onerror=alert(1)>"\'&<!--\x01\xff.pcap'


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def eventually(is_so):
    end = time.monotonic() + SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def check_inputs(check, tmp):
    """Standard input and output, filters, several files, a selection."""
    path, to = TESTDATA / "tcp-rst.pcap", tmp / "page.html"
    fine, done = run("--report", to, path)
    check(f"nothing else is printed: {done}", fine and done.stdout == done.stderr == b"")
    need = to.read_bytes()
    done = subprocess.run([PROGRAM, "--report", "-", "-"], input=path.read_bytes(),
                          capture_output=True)
    page = Page(done.stdout)
    check(f"standard input to standard output: {page.json['files']}",
          page.json["files"] == ["-"] and page.column == Page(need).column)
    fine, _ = run("--report", to, "--ctstate", "INVALID", "-p", "-w", tmp / "w", path)
    check("what is shown does not matter", fine and to.read_bytes() == need)
    for options, packets in ((("-f", "udp"), 0), (("-c", "5"), 5),
                             ((str(TESTDATA / "dns.pcap"),), 22), (("--dedup", str(path)), 14)):
        fine, _ = run("--report", to, *options, path)
        page = Page(to.read_bytes())
        got = len(page.column["packet.frame"])
        total = sum(page.json["statistics"][0]["packets_by_ctstate"].values())
        check(f"{options}: {got} packets, not {packets}, {total}", fine and got == total and
              (packets == 22 or got == packets))


def check_hostile(check, tmp):
    """A name that is markup, and bytes that are no UTF-8, change nothing but the data."""
    path = tmp / os.fsdecode(HOSTILE.encode("latin-1").replace(b"/", b"\xe2\x81\x84"))
    plain, to = tmp / "plain.html", tmp / "hostile.html"
    path.write_bytes((TESTDATA / "dns.pcap").read_bytes())
    run("--report", plain, TESTDATA / "dns.pcap")
    fine, done = run("--report", to, path)
    a, b = Page(plain.read_bytes()), Page(to.read_bytes())
    check(f"a hostile name: {done.stderr}", fine and a.frame == b.frame)
    name = b.json["files"][0]
    check(f"a hostile name becomes {name!r}", "\ufffd" in name and "onerror" in name and
          a.column == b.column)
    # Every byte of frames that may be anything.
    frames = [bytes(14 * [i % 256]) + b"</script><script>" * 3 for i in range(300)]
    data = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for i, f in enumerate(frames):
        f = f[:12] + b"\x08\x00\x45" + f[15:]
        data += struct.pack("<IIII", i, 0, len(f), len(f)) + f
    path.write_bytes(data)
    fine, _ = run("--report", to, path)
    check("hostile frames", fine and Page(to.read_bytes()).frame == a.frame)


def check_refused(check, tmp):
    path = tmp / "input.pcap"
    path.write_bytes((TESTDATA / "dns.pcap").read_bytes())
    for args, text in (
            (("--report", path, path), b"one of the input files"),
            (("--report", "-", "-p", path), b"standard output"),
            (("--report", tmp / "x", "-w", tmp / "x", path), b"cannot both write"),
            (("--report", tmp / "x", "--annotate", tmp / "x", path), b"cannot both write"),
            (("--report", tmp, path), b"name a file in it"),
            (("--report", tmp / "no/x", path), b"create its directory"),
            (("--report", tmp / "x", "--versus", "--kernel 5.10", path), b"--report"),
            (("--report", tmp / "x", "--explain", "1", path), b"--report"),
            (("--report", tmp / "x", "--check", tmp), b"--report"),
            (("--report", tmp / "x", tmp / "nothing"), b"cannot be opened")):
        fine, done = run(*args, status=2)
        check(f"{args} is refused: {done}", fine and text in done.stderr)
    check("the input stays", path.read_bytes() == (TESTDATA / "dns.pcap").read_bytes())
    check("nothing is left", names(tmp) == ["input.pcap"])


def check_kept(check, tmp):
    output_file.check_kept(check, tmp, "--report", ("tcp-rst.pcap", "pcapng.pcapng"))


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def check_failure(check, tmp):
    """A page that cannot be written leaves what was there; so does a program that is
    killed; one that is interrupted completes it."""
    path, folder = TESTDATA / "port-scan.pcap", tmp / "folder"
    folder.mkdir()
    to = folder / "page.html"
    fine, done = run("--report", to, path, status=3, preexec_fn=small_files)
    check(f"no half page: {done}, {names(folder)}", fine and
          b"it stays as it was" in done.stderr and names(folder) == [])
    to.write_bytes(b"before")
    to.chmod(0o640)
    fine, _ = run("--report", to, path, status=3, preexec_fn=small_files)
    check("the old file stays", fine and to.read_bytes() == b"before" and
          names(folder) == ["page.html"])
    fine, done = run("--report", "/dev/full", path, status=3)
    check(f"a full disk: {done}", fine and b"No space left" in done.stderr)
    check_without_name(check, path)
    link = folder / "link"
    link.symlink_to("page.html")
    fine, _ = run("--report", link, path)
    check("a link stays a link, and permissions stay", fine and link.is_symlink() and
          Page(to.read_bytes()) and to.stat().st_mode & 0o777 == 0o640)
    link.unlink()
    for number, status in ((signal.SIGKILL, -9), (signal.SIGINT, 130)):
        to.write_bytes(b"before")
        check_signal(check, to, number, status)
        check(f"nothing is left beside it after {number.name}: {names(folder)}",
              eventually(lambda: names(folder) == ["page.html"]))


def check_without_name(check, path):
    """A file that cannot be replaced is written in place, and empty after a failure."""
    fd = os.memfd_create("page")
    for how, status, size in ((small_files, 3, 0), (None, 0, None)):
        os.pwrite(fd, b"before", 0)
        fine, done = run("--report", f"/proc/self/fd/{fd}", path, status=status,
                         preexec_fn=how, pass_fds=[fd])
        check(f"in place: {done}", fine and (b"it is empty now" in done.stderr) == (size == 0))
        check("in place: size", os.fstat(fd).st_size == size or size is None)
    check("in place: the page", Page(os.pread(fd, os.fstat(fd).st_size, 0)))
    os.close(fd)


def check_signal(check, to, number, status):
    frames = (TESTDATA / "dns.pcap").read_bytes()
    with subprocess.Popen([PROGRAM, "--report", to, "-e", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        program.stdin.write(frames)
        program.stdin.flush()
        program.stdout.read(1)		# a line is there: frames are tracked
        check("the page is not there before the end", to.read_bytes() == b"before")
        program.send_signal(number)
        program.stdout.read()
        program.wait(SECONDS)
    check(f"status after {number.name}: {program.returncode}",
          program.returncode == status)
    if number == signal.SIGKILL:
        check("the old file stays after SIGKILL", to.read_bytes() == b"before")
    else:
        page = Page(to.read_bytes()).json
        check("what was read is in the page after SIGINT",
              page["limits"]["packets_seen"] > 0 and page["ended_early"] == "interrupted")


def check_damaged(check, tmp):
    """What can be read of a damaged capture, and one without frames."""
    path, to = tmp / "cut.pcap", tmp / "page.html"
    path.write_bytes((TESTDATA / "dns.pcap").read_bytes()[:-7])
    fine, _ = run("--report", to, path, status=3)
    page = Page(to.read_bytes())
    check("a damaged capture", fine and page.column["packet.frame"] and
          page.json["ended_early"] == "damaged")
    path.write_bytes(path.read_bytes()[:24])
    fine, _ = run("--report", to, path)
    page = Page(to.read_bytes())
    check(f"no frames: {page.json['bins']}", fine and page.json["ended_early"] is None and page.json["bins"]["count"] == 0 and
          not any(page.column.values()))


CHECKS = (check_inputs, check_hostile, check_refused, check_kept, check_failure,
          check_damaged)


def check_all(check, tmp):
    for i, test in enumerate(CHECKS):
        folder = pathlib.Path(tmp) / f"files{i}"
        folder.mkdir()
        test(check, folder)
