# SPDX-License-Identifier: GPL-2.0-only
"""Files that are damaged, hostile, or not captures at all.

"Frames" says how many can be read before the damage.
"""

import struct
import zlib

from . import frames as f
from .case import Registry
from .files import ethernet_exchange

capture = Registry()


@capture("bad/empty.pcap", readable=0)
def empty():
    """No byte at all"""
    return b""


@capture("bad/text.pcap", readable=0)
def text():
    """A text file with the name of a capture"""
    return b"No.  Time  Source  Destination\n1 0.000000 192.0.2.10 198.51.100.20\n"


@capture("bad/header-cut.pcap", readable=0)
def header_cut():
    """Ends in the file header, after 12 of 24 octets"""
    return f.pcap_header()[:12]


@capture("bad/version.pcap", readable=0)
def version():
    """Version 9.0 in the file header: nobody knows that one"""
    return f.pcap_header(version=(9, 0)) + f.pcap_record(*ethernet_exchange()[0])


@capture("bad/frame-cut.pcap", readable=6)
def frame_cut():
    """Ends in the last frame's bytes, 20 too few"""
    return f.pcap(ethernet_exchange())[:-20]


@capture("bad/record-cut.pcap", readable=6)
def record_cut():
    """Ends in the last record's header, after 8 of 16 octets"""
    frames = ethernet_exchange()
    return f.pcap(frames)[:-len(frames[-1][1]) - 8]


@capture("bad/caplen-huge.pcap", readable=3)
def caplen_huge():
    """The fourth record says that it holds 0x7fffffff octets"""
    frames = ethernet_exchange()
    return f.pcap(frames[:3]) + f.pcap_record(*frames[3], caplen=0x7FFFFFFF, wirelen=0x7FFFFFFF)


@capture("bad/caplen-over-snaplen.pcap", readable=7)
def caplen_over_snaplen():
    """Snap length 60 in the header, all frames whole: libpcap reads them nevertheless (it cuts them
    to 60)"""
    return f.pcap_header(snaplen=60) + b"".join(f.pcap_record(*row) for row in ethernet_exchange())


@capture("bad/caplen-over-length.pcap", readable=7)
def caplen_over_length():
    """Each record has more octets captured than were on the wire"""
    return f.pcap_header() + b"".join(
        f.pcap_record(at, frame, wirelen=20) for at, frame in ethernet_exchange())


@capture("bad/caplen-zero.pcap", readable=3)
def caplen_zero():
    """Three records without a byte"""
    return f.pcap_header() + b"".join(
        f.pcap_record(at, b"", wirelen=60) for at, _ in ethernet_exchange()[:3])


@capture("bad/snaplen-absurd.pcap", readable=7)
def snaplen_absurd():
    """Snap length 0xffffffff; the frames are right"""
    return f.pcap_header(snaplen=0xFFFFFFFF) + b"".join(
        f.pcap_record(*row) for row in ethernet_exchange())


@capture("bad/snaplen-zero.pcap", readable=7)
def snaplen_zero():
    """Snap length 0, as some programs write it; the frames are right"""
    return f.pcap_header(snaplen=0) + b"".join(f.pcap_record(*row) for row in ethernet_exchange())


@capture("bad/gzip.pcap.gz", readable=0)
def gzip():
    """A capture compressed with gzip (stored, so that any zlib makes the same bytes)"""
    data = f.pcap(ethernet_exchange())
    packer = zlib.compressobj(0, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return (bytes.fromhex("1f8b08000000000000ff") + body
            + struct.pack("<II", zlib.crc32(data), len(data)))


@capture("bad/link-user0.pcap", linktype=147)
def user0():
    """Link type 147 (USER0): known to libpcap, but nobody can say what is in it"""
    return ethernet_exchange()


@capture("bad/link-bluetooth.pcap", linktype=187)
def bluetooth():
    """Link type 187 (Bluetooth HCI): no network traffic"""
    return [(0, bytes.fromhex("01030c00")), (1, bytes.fromhex("040e0401030c00"))]


@capture("bad/link-unknown.pcap", linktype=64999)
def unknown():
    """A link type that libpcap has no name for"""
    return ethernet_exchange()


@capture("bad/two-link-types.pcapng", readable=1)
def two_link_types():
    """pcapng with an Ethernet and a raw IP interface, as dumpcap writes it with two -i; libpcap
    refuses the second interface when it comes to it, after the first frame"""
    frames = ethernet_exchange()
    return (f.ng_section() + f.ng_interface() + f.ng_packet(*frames[0]) + f.ng_interface(101)
            + f.ng_packet(frames[1][0], frames[1][1][14:], interface=1) + f.ng_packet(*frames[2]))


@capture("bad/two-link-types-first.pcapng", readable=0)
def two_link_types_first():
    """The same, both interfaces before the first frame"""
    frames = ethernet_exchange()
    return (f.ng_section() + f.ng_interface() + f.ng_interface(101) + f.ng_packet(*frames[0])
            + f.ng_packet(frames[1][0], frames[1][1][14:], interface=1))


@capture("bad/block-cut.pcapng", readable=2)
def block_cut():
    """pcapng that ends in its third packet block"""
    frames = ethernet_exchange()
    return f.ng_section() + f.ng_interface() + b"".join(f.ng_packet(*row) for row in frames[:3])[:-30]


@capture("bad/block-length.pcapng", readable=2)
def block_length():
    """pcapng whose third packet block says one length in front and another behind"""
    frames = ethernet_exchange()
    broken = bytearray(f.ng_packet(*frames[2]))
    broken[-4:] = struct.pack("<I", 4096)
    return (f.ng_section() + f.ng_interface() + f.ng_packet(*frames[0]) + f.ng_packet(*frames[1])
            + bytes(broken) + f.ng_packet(*frames[3]))


@capture("bad/block-huge.pcapng", readable=2)
def block_huge():
    """pcapng whose third block says that it has 0x7ffffff0 octets"""
    frames = ethernet_exchange()
    return (f.ng_section() + f.ng_interface() + f.ng_packet(*frames[0]) + f.ng_packet(*frames[1])
            + struct.pack("<III", 6, 0x7FFFFFF0, 0))


@capture("bad/no-interface.pcapng", readable=0)
def no_interface():
    """pcapng with a packet before any interface"""
    return f.ng_section() + f.ng_packet(*ethernet_exchange()[0])


@capture("bad/section-cut.pcapng", readable=0)
def section_cut():
    """pcapng that ends in its section header"""
    return f.ng_section()[:10]


@capture("bad/garbage-after.pcap", readable=7)
def garbage_after():
    """A whole capture, then a line of text where the next record should be"""
    return f.pcap(ethernet_exchange()) + b"tcpdump: 7 packets captured\n"
