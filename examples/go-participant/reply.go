package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var (
	contentType = []kgo.RecordHeader{{Key: "content-type", Value: []byte("application/cloudevents+json")}}
	version     = regexp.MustCompile(`\.v\d+$`)
	controls    = regexp.MustCompile(`[\x00-\x1f\x7f]+`)
)

// writeReply creates the reply to a command as it is stored and sent (11).
func writeReply(c command, outcome string, data any) (string, error) {
	commandType := c.text("type")
	if !isKey(c["type"]) {
		commandType = service + ".unreadable.v1"
	}
	replyType := version.ReplaceAllString(commandType, ".reply$0")
	schema := replyType
	if outcome != "success" {
		schema = "objection.v1"
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	reply := map[string]any{
		"specversion":     "1.0",
		"id":              id,
		"type":            replyType,
		"source":          "/examples/" + service,
		"time":            time.Now().UTC().Format(time.RFC3339Nano),
		"datacontenttype": "application/json",
		"dataschema":      "urn:palinode:schema:" + schema,
		"sagaid":          c["sagaid"],
		"sagastep":        c["sagastep"],
		"sagadirection":   c["sagadirection"],
		"inreplyto":       c["id"],
		"outcome":         outcome,
		"data":            data,
	}
	for _, name := range []string{"subject", "traceparent", "sagafault"} {
		if isKey(c[name]) {
			reply[name] = c[name]
		}
	}
	text, err := json.Marshal(reply)
	return string(text), err
}

// rejectionData is the data of a refusal and of a failure. Long texts are truncated.
func rejectionData(reason, detail string) map[string]any {
	return map[string]any{"reason": cut(reason, 100), "detail": cut(detail, 500)}
}

// newID returns a UUIDv7: 48 bits of milliseconds, then random bits.
func newID() (string, error) {
	var id [16]byte
	if _, err := rand.Read(id[6:]); err != nil {
		return "", err
	}
	var millis [8]byte
	binary.BigEndian.PutUint64(millis[:], uint64(time.Now().UnixMilli()))
	copy(id[:6], millis[2:])
	id[6] = 0x70 | id[6]&0x0f
	id[8] = 0x80 | id[8]&0x3f
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}

// replyRecord is the message of a reply; its key keeps the saga's replies in order.
func replyRecord(c command, reply string) *kgo.Record {
	return &kgo.Record{Topic: replies, Key: []byte(c.text("sagaid")), Value: []byte(reply), Headers: contentType}
}

// deadLetterRecord is an unprocessable message as received, with the reason and its position (13).
func deadLetterRecord(record *kgo.Record, why *rejection) *kgo.Record {
	headers := []kgo.RecordHeader{}
	say := func(name, text string) {
		headers = append(headers, kgo.RecordHeader{Key: name, Value: []byte(text)})
	}
	say("reason", why.reason)
	say("detail", cut(controls.ReplaceAllString(why.detail, " "), 1000))
	say("service", service)
	say("original-topic", record.Topic)
	say("original-partition", strconv.Itoa(int(record.Partition)))
	say("original-offset", strconv.FormatInt(record.Offset, 10))
	return &kgo.Record{Topic: deadLetters, Key: record.Key, Value: record.Value, Headers: headers}
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
