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
#
# Where the machine cannot do it the test says SKIP and why.

CAPTURES  ?=
SEED      ?= $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
FRAMES    ?= 100000

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
# 77 is "cannot run here"; the reason has been printed.
SKIPPABLE   = || test $$? = 77

$(B)/tests/kernel/%.o: tests/kernel/%.c Makefile tests/kernel/kernel.mk
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/check-kernel: $(KERNEL_SRC:%.c=$(B)/%.o) $(KERNEL_LINK)
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
	$(KERNEL_TEST) --seed 1 --frames 40000 --sysctl-random walk $(SKIPPABLE)
	$(KERNEL_TEST) --helpers --seed 1 --frames 40000 walk \
		$(HELPER_CAPTURES) $(SKIPPABLE)
	$(KERNEL_TEST) --seed 1 --frames 2000 --expiry walk $(SKIPPABLE)
	$(KERNEL_TEST) timed $(SKIPPABLE)
	OBJECTS="$(B)/src/main.o $(PROG_OBJ)" LIBS="$(PCAP_LIBS) $(LIBS)" \
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

-include $(KERNEL_SRC:%.c=$(B)/%.d)

.PHONY: check-kernel check-kernel-quick check-soak soak
