package main

import (
	"crypto/sha256"
	"encoding/json"
)

// commandDigest says what a command asks, and not what may differ when it is sent again (22).
func commandDigest(c command) []byte {
	return digestOf(c["type"], c["sagaid"], c["sagastep"], c["sagadirection"], c["undoes"], c["data"])
}

// tombstoneDigest says whose action a tombstone keeps out.
func tombstoneDigest(c command) []byte { return digestOf(c["sagaid"], c["sagastep"]) }

// digestOf is the same whatever the order of fields: the encoder sorts those of a map.
func digestOf(values ...any) []byte {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // What was decoded from JSON can be encoded.
	}
	digest := sha256.Sum256(text)
	return digest[:]
}
