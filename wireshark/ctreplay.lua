-- SPDX-License-Identifier: GPL-2.0-only
--
-- Fields of the comments that "ctreplay --annotate FILE.pcapng" writes, such as
--
--	ct=INVALID state=ESTABLISHED id=3 reason=tcp-seq-over bound=101502 set-by=13
--
-- so that ct.state == "INVALID" is a filter, and ct.reason a column.  It needs nothing
-- but the comment: a file that other programs have cut, merged or sent on has the same
-- fields.

local ct = Proto("ct", "Connection tracking (ctreplay)")

-- The comment's key, the field's name behind "ct.", its type, title and description.
local keys = {
	{ "ct", "state", "string", "State",
	  "NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED, FRAGMENT, DROP, or none" },
	{ "dir", "dir", "string", "Direction", "original or reply" },
	{ "state", "proto_state", "string", "Protocol's state",
	  "The connection's internal state after the packet, such as SYN_SENT" },
	{ "id", "id", "uint64", "Connection",
	  "Connections are numbered from 1 in the order of their creation" },
	{ "reason", "reason", "string", "Reason",
	  "The reason's code, such as tcp-seq-over" },
	{ "bound", "bound", "uint32", "Bound crossed",
	  "The sequence or acknowledgement number that the segment had to keep to" },
	{ "set-by", "set_by", "framenum", "Bound set by frame",
	  "The frame that set the bound" },
	{ "verdict", "verdict", "string", "Verdict",
	  "drop, where the kernel or a helper drops the packet" },
	{ "rule-verdict", "rule_verdict", "string", "Rules' verdict",
	  "accept, drop or reject" },
	{ "rule", "rule", "string", "Rule",
	  "The rule that decided, such as filter:FORWARD:3" },
	{ "rule-why", "rule_why", "string", "Without a rule because",
	  "What decided where it was no rule, such as no-route" },
	{ "rule-unknown", "rule_unknown", "string", "Rule that is not known",
	  "The rule whose answer is not known, and matters" },
	{ "why", "why", "string", "No state because",
	  "Why the frame has no state, such as arp" },
}

local states = {
	NEW = true, ESTABLISHED = true, RELATED = true, INVALID = true,
	UNTRACKED = true, FRAGMENT = true, DROP = true, none = true,
}

local fields = {}
for i, key in ipairs(keys) do
	local make = ProtoField[key[3]]
	local name = "ct." .. key[2]

	if key[3] == "string" then
		fields[i] = make(name, key[4], base.NONE, key[5])
	else
		fields[i] = make(name, key[4], key[3] == "framenum" and base.NONE or
				 base.DEC, nil, nil, key[5])
	end
end
ct.fields = fields

local comments = Field.new("frame.comment")

-- The value as the field's type wants it; nil where it does not fit.
local function read(kind, text)
	if kind == "string" then
		return text
	end
	local number = text:match("^%d+$") and tonumber(text)
	if not number then
		return nil
	elseif kind == "uint64" then
		return UInt64.new(number % 2^32, math.floor(number / 2^32) % 2^32)
	elseif number < 2^32 then
		return number
	end
	return nil
end

-- The words of the last comment that ctreplay has written, by key.
local function find_words()
	local words

	for _, comment in ipairs({ comments() }) do
		local text = tostring(comment.value)
		local state = text:match("^ct=(%S+)")

		if state and states[state] then
			words = {}
			for key, value in text:gmatch("([%a-]+)=(%S+)") do
				words[key] = value
			end
		end
	end
	return words
end

function ct.dissector(buffer, pinfo, tree)
	local words = find_words()

	if not words then
		return
	end
	local branch = tree:add(ct, buffer(0, 0))
	branch:set_generated()
	branch:append_text(": " .. words.ct)
	for i, key in ipairs(keys) do
		local value = words[key[1]] and read(key[3], words[key[1]])

		if value then
			branch:add(fields[i], value):set_generated()
		end
	end
end

register_postdissector(ct)
