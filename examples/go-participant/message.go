package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	service = "loyalty"

	mostBytes  = 256 * 1024
	mostLevels = 64
	mostKey    = 512
	inboxDays  = 8
	day        = 24 * time.Hour
)

// The topic names on the broker, for a prefix of the environment and the name of the orchestrator.
var commands, replies, deadLetters, group string

func nameTopics(orchestrator, prefix string) {
	commands = prefix + service + ".commands"
	replies = prefix + orchestrator + ".replies." + service
	deadLetters = prefix + orchestrator + ".dead-letters"
	if orchestrator == "orchestrator" {
		deadLetters = prefix + "saga.dead-letters"
	}
	group = prefix + service
}

var (
	uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	loneEscape  = regexp.MustCompile(`^\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)
)

// rejection says why a message cannot be handled: a reason and a sentence.
type rejection struct{ reason, detail string }

func (o *rejection) Error() string { return o.reason + ": " + o.detail }

func object(reason, detail string, args ...any) *rejection {
	return &rejection{reason, fmt.Sprintf(detail, args...)}
}

// command holds the attributes of a message as received, by name. Go's decoding into structs would accept `ID` for
// `id`, and would not distinguish missing from empty.
type command map[string]any

func (c command) text(name string) string {
	text, _ := c[name].(string)
	return text
}

// readDocument reads the JSON object in a message (13). For invalid text it returns the error with the document (14).
func readDocument(value []byte) (command, *rejection) {
	if len(value) == 0 {
		return nil, object("no-value", "The message has no value.")
	}
	if len(value) > mostBytes {
		return nil, object("too-large", "The message has %d bytes; at most %d are allowed.", len(value), mostBytes)
	}
	levels, allowed := scan(value)
	if levels > mostLevels {
		return nil, object("too-deep", "The message is nested deeper than %d levels.", mostLevels)
	}
	var document any
	// The decoder would replace invalid UTF-8.
	if !utf8.Valid(value) || json.Unmarshal(value, &document) != nil {
		return nil, object("no-json", "The message is no JSON in UTF-8.")
	}
	attributes, isObject := document.(map[string]any)
	if !isObject {
		return nil, object("no-envelope", "The message is not a JSON object.")
	}
	if !allowed {
		return attributes, object("forbidden-text", "The message has text with NUL or half a surrogate pair.")
	}
	return attributes, nil
}

// scan returns the nesting depth, counting the document, and whether all text is valid. Only escapes can produce
// invalid text.
func scan(value []byte) (levels int, allowed bool) {
	depth, quoted := 0, false
	allowed = true
	for at := 0; at < len(value); at++ {
		switch each := value[at]; {
		case each == '"':
			quoted = !quoted
		case each == '\\' && quoted:
			length, right := escapeAt(value[at:])
			allowed = allowed && right
			at += length - 1
		case quoted:
		case each == '{' || each == '[':
			depth++
			levels = max(levels, depth)
		case each == '}' || each == ']':
			depth--
		}
	}
	return levels, allowed
}

func escapeAt(value []byte) (length int, allowed bool) {
	if len(value) < 6 || value[1] != 'u' {
		return 2, true
	}
	if loneEscape.Match(value) {
		return 12, true
	}
	code, err := strconv.ParseUint(string(value[2:6]), 16, 16)
	// The decoder rejects invalid hexadecimal numbers.
	return 6, err != nil || code != 0 && (code < 0xd800 || code > 0xdfff)
}

// checkCommand rejects a message that is not a valid command (13, 14).
func checkCommand(c command) *rejection {
	if c["specversion"] != "1.0" {
		return object("no-envelope", "specversion must be 1.0.")
	}
	if c.text("source") == "" {
		return object("no-envelope", "source must name the sender.")
	}
	for _, name := range []string{"subject", "traceparent", "sagafault"} {
		if value, given := c[name]; given && !isKey(value) {
			return object("no-envelope", "%s must be a text of at most %d characters.", name, mostKey)
		}
	}
	if !isKey(c["type"]) {
		return object("no-envelope", "type must be a text of at most %d characters.", mostKey)
	}
	if !isAnswerable(c) {
		return object("no-command", "id, sagaid, sagastep or sagadirection is missing or wrong.")
	}
	if undoes, given := c["undoes"]; given && (!isMessageID(undoes) || undoes == c["id"]) {
		return object("no-command", "undoes must be the id of another command.")
	}
	if c["replyto"] != replies {
		return object("foreign-reply-topic", "replyto must be %s.", replies)
	}
	return nil
}

// checkPayload rejects unknown commands and invalid data (14).
func checkPayload(c command) *rejection {
	handler, known := handlers[c.text("type")]
	if !known {
		return object("unknown-type", "%s handles no %s.", service, c.text("type"))
	}
	data, isObject := c["data"].(map[string]any)
	if !isObject {
		return object("invalid-payload", "data must be an object.")
	}
	if wrong := handler.wrong(data); wrong != "" {
		return object("invalid-payload", "%s", wrong)
	}
	return nil
}

// isAnswerable reports whether the command can be answered (14).
func isAnswerable(c command) bool {
	direction := c["sagadirection"]
	return isMessageID(c["id"]) && isUUID(c["sagaid"]) && isKey(c["sagastep"]) &&
		(direction == "action" || direction == "compensation")
}

func isUUID(value any) bool {
	text, isText := value.(string)
	return isText && uuidPattern.MatchString(text)
}

func isMessageID(value any) bool { return isUUID(value) && value.(string)[14] == '7' }

func isKey(value any) bool {
	text, isText := value.(string)
	return isText && utf8.RuneCountInString(text) <= mostKey && !strings.Contains(text, "\x00")
}

// isRemembered reports whether the inbox still remembers this id, minus a day on both sides, because clocks differ
// (15).
func isRemembered(id string, now time.Time) bool {
	millis, err := strconv.ParseInt(id[:8]+id[9:13], 16, 64)
	age := now.Sub(time.UnixMilli(millis))
	return err == nil && age > -day && age < (inboxDays-1)*day
}
