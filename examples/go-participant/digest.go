package main

import (
	"crypto/sha256"
	"encoding/json"
)

// commandDigest identifies a command's content, without attributes that may differ in a resend (22).
func commandDigest(c command) []byte {
	return digestOf(c["type"], c["sagaid"], c["sagastep"], c["sagadirection"], c["undoes"], c["data"])
}

// tombstoneDigest identifies the saga whose action a tombstone blocks.
func tombstoneDigest(c command) []byte { return digestOf(c["sagaid"], c["sagastep"]) }

// digestOf does not depend on the order of fields: the encoder sorts the keys of a map.
func digestOf(values ...any) []byte {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // A value decoded from JSON can be encoded.
	}
	digest := sha256.Sum256(text)
	return digest[:]
}
