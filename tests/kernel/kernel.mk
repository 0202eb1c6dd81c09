# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-kernel    testdata through the running kernel and
##                 through ctreplay, a random walk, sequences
##                 in real time; needs root
##                 with CAPTURES=DIR the same for all captures below DIR
## check-kernel-quick  the part of check-kernel that "make check" runs
## soak            a random walk of FRAMES=N frames from SEED=N
## check-kernels   the same for other kernels, KERNELS="5.10 6.1", in virtual
##                 machines; with SEEDS=20 FRAMES=300000 that many walks, with
##                 BUDGET=N at most N seconds for each kernel
## check-recorded  ctreplay against what each kernel said, as
##                 tests/kernel/recorded keeps it; needs no root
## check-behaviours  inverts each behaviour of the kernels in turn and demands
##                 that check-recorded would notice
## whats-new       what the newest kernel in Debian's sid, or KERNEL=6.19, does
##                 differently from the newest one in tests/kernel/recorded
#
# Where the machine cannot do it the test says SKIP and why.

CAPTURES  ?=
SEED      ?= $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
FRAMES    ?= 100000

SEEDS     ?= 4
KERNELS   ?= 5.10 6.1 6.12 7.3

KERNEL_SRC  = $(wildcard tests/kernel/*.c)
# decap.o needs the engine's reading of headers, which the judge must not use.
KERNEL_LINK = $(filter-out %/decap.o,$(filter $(B)/src/capture/link/%.o,$(PROG_OBJ)))
KERNEL_TEST = $(B)/check-kernel --ctreplay $(B)/ctreplay
# Sessions that helpers understand, for walks that spoil them.
HELPER_CAPTURES = $(foreach h,ftp irc tftp sip h323 pptp amanda sane, \
		  $(wildcard testdata/$(h)*.pcap))
# Questions to all, which the kernel follows only from its own sockets.
ASKING_CAPTURES = $(addprefix testdata/,netbios.pcap netbios-broadcast.pcap \
		  snmp.pcap snmp-broadcast.pcap)
# What the sender left to its network card.
OFFLOAD_CAPTURES = $(addprefix testdata/reports/,tso-zero-length.pcap \
		   tso-zero-length6.pcap sctp-crc-zero.pcap)
# 77 is "cannot run here"; the reason has been printed.
SKIPPABLE   = || test $$? = 77

$(B)/tests/kernel/%.o: tests/kernel/%.c Makefile tests/kernel/kernel.mk
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/check-kernel: $(KERNEL_SRC:%.c=$(B)/%.o) $(KERNEL_LINK) $(B)/libctreplay.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS)

ifneq ($(CAPTURES),)
check-kernel: $(B)/check-kernel $(B)/ctreplay
	find $(CAPTURES) -type f ! -name '*.md' -print0 | sort -z | \
		xargs -0 $(KERNEL_TEST) diff $(SKIPPABLE)
	find $(CAPTURES) -type f ! -name '*.md' -print0 | sort -z | \
		xargs -0 $(KERNEL_TEST) --helpers diff $(SKIPPABLE)
else
check-kernel: $(B)/check-kernel $(B)/ctreplay
	$(KERNEL_TEST) diff testdata/*.pcap testdata/*.pcapng $(SKIPPABLE)
	$(KERNEL_TEST) --demand-helpers diff testdata/*.pcap testdata/*.pcapng \
		$(SKIPPABLE)
	$(KERNEL_TEST) --host 192.0.2.10/24 diff $(ASKING_CAPTURES) $(SKIPPABLE)
	$(KERNEL_TEST) diff testdata/reports/*.pcap $(SKIPPABLE)
	$(KERNEL_TEST) --helpers diff testdata/kernels/*.pcap $(SKIPPABLE)
	$(KERNEL_TEST) --host 192.0.2.10/24 diff testdata/kernels/netbios-port.pcap \
		$(SKIPPABLE)
	$(KERNEL_TEST) offload $(OFFLOAD_CAPTURES) $(SKIPPABLE)
	$(KERNEL_TEST) --seed 1 --frames 40000 --sysctl-random walk $(SKIPPABLE)
	$(KERNEL_TEST) --helpers --seed 1 --frames 40000 walk \
		$(HELPER_CAPTURES) $(SKIPPABLE)
	$(KERNEL_TEST) --seed 1 --frames 2000 --expiry walk $(SKIPPABLE)
	$(KERNEL_TEST) timed $(SKIPPABLE)
	OBJECTS="$(B)/src/main.o $(PROG_OBJ)" LIBS="$(LTO_CFLAGS) $(PCAP_LIBS) $(LIBS)" \
		tests/kernel/broken-cell.sh $(B) $(SKIPPABLE)
endif

# What "make check" has time for.
check-kernel-quick: $(B)/check-kernel $(B)/ctreplay
	$(KERNEL_TEST) diff testdata/*.pcap testdata/*.pcapng $(SKIPPABLE)
	$(KERNEL_TEST) --demand-helpers diff testdata/*.pcap testdata/*.pcapng \
		$(SKIPPABLE)
	$(KERNEL_TEST) --seed 1 --frames 20000 --sysctl-random walk $(SKIPPABLE)

# A random walk with a seed that was never used before.
check-soak:
	@$(MAKE) soak FRAMES=$(or $(SOAK_FRAMES),50000)

soak: $(B)/check-kernel $(B)/ctreplay
	@echo "seed $(SEED), $(FRAMES) frames"
	$(KERNEL_TEST) --seed $(SEED) --frames $(FRAMES) --sysctl-random walk \
		$(SKIPPABLE)
	$(KERNEL_TEST) --seed $(SEED) --frames $(FRAMES) --helpers walk \
		$(HELPER_CAPTURES) $(SKIPPABLE)

check-kernels: $(B)/check-kernel $(B)/ctreplay
	BUILD=$(B) SEEDS=$(SEEDS) FRAMES=$(FRAMES) CAPTURES=$(CAPTURES) \
		tests/kernel/check-kernels.sh $(KERNELS) $(SKIPPABLE)

check-recorded: $(B)/check-kernel $(B)/ctreplay
	BUILD=$(B) tests/kernel/recorded.sh check

check-behaviours: $(B)/check-kernel $(B)/ctreplay
	OBJECTS="$(B)/src/main.o $(PROG_OBJ)" LIBS="$(LTO_CFLAGS) $(PCAP_LIBS) $(LIBS)" \
		tests/kernel/broken-behaviour.sh $(B)

whats-new: $(B)/check-kernel $(B)/ctreplay
	BUILD=$(B) tests/kernel/recorded.sh new $(KERNEL)


-include $(KERNEL_SRC:%.c=$(B)/%.d)

.PHONY: check-kernel check-kernel-quick check-soak soak
.PHONY: check-kernels check-recorded check-behaviours whats-new
