package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/twmb/franz-go/pkg/kgo"
)

const tables = `
CREATE TABLE IF NOT EXISTS inbox (id uuid PRIMARY KEY, outcome text NOT NULL, reply text, digest bytea NOT NULL);
CREATE TABLE IF NOT EXISTS award (referral uuid, member text, points integer NOT NULL, PRIMARY KEY (referral, member));
-- One row for each effect, without a unique key, so that a doubled effect would show.
CREATE TABLE IF NOT EXISTS effect (command uuid NOT NULL, referral uuid NOT NULL);
`

const (
	success   = "success"
	failure   = "failure"
	unknown   = "unknown"
	tombstone = "tombstone"
)

// participant handles messages and produces their answers.
type participant struct{ database *pgxpool.Pool }

// answer is the outcome of a command; nothing is sent for a dropped one. An unknown outcome has the reason of its dead
// letter.
type answer struct {
	outcome, reply string
	why            *rejection
}

// handle returns the messages to publish before the offset is committed. It fails only while the database is down, and
// may then be called again (16).
func (p *participant) handle(ctx context.Context, record *kgo.Record) ([]*kgo.Record, error) {
	c, why := readDocument(record.Value)
	if isAnswerable(c) && !isRemembered(c.text("id"), time.Now()) {
		// It may have had its effect already, so it is neither handled nor answered.
		c, why = nil, object("not-remembered", "The id is older than the inbox remembers, or from the future.")
	}
	if why == nil {
		why = checkCommand(c)
	}
	if why == nil {
		why = checkPayload(c)
	}
	if why != nil {
		log.Printf("parked a message: %v", why)
		parked := deadLetterRecord(record, why)
		if !isAnswerable(c) {
			return []*kgo.Record{parked}, nil
		}
		answered, err := p.inTransaction(ctx, p.keepFailure(c, why))
		return append(recordsOf(c, answered), parked), err
	}
	answered, err := p.answer(ctx, c)
	if err != nil {
		return nil, err
	}
	outgoing := recordsOf(c, answered)
	if answered.why != nil {
		log.Printf("parked a message: %v", answered.why)
		outgoing = append(outgoing, deadLetterRecord(record, answered.why))
	} else if answered.outcome == failure && forgotten(c) {
		outgoing = append(outgoing, deadLetterRecord(record, actionForgotten))
	} else if answered.outcome == failure && c["sagalastattempt"] == true {
		// No attempt follows automatically, so operators must see it (6).
		outgoing = append(outgoing, deadLetterRecord(record, object("handler-failed", "%s failed at its last attempt.", c.text("type"))))
	}
	return outgoing, nil
}

// actionForgotten says that the inbox no longer remembers the action, so that nothing is done (8).
var actionForgotten = object("action-forgotten", "The action is older than the inbox remembers, or from the future.")

func forgotten(c command) bool {
	undoes := c.text("undoes")
	return undoes != "" && !isRemembered(undoes, time.Now())
}

func recordsOf(c command, answered answer) []*kgo.Record {
	if answered.reply == "" {
		return nil
	}
	return []*kgo.Record{replyRecord(c, answered.reply)}
}

func (p *participant) answer(ctx context.Context, c command) (answer, error) {
	answered, err := p.inTransaction(ctx, func(tx pgx.Tx) (answer, error) { return p.decide(ctx, tx, c) })
	if err == nil || isAway(err) {
		return answered, err
	}
	// The handler's changes have been rolled back (6).
	log.Printf("%s failed: %v", c.text("type"), err)
	return p.inTransaction(ctx, p.keepFailure(c, object("handler-failed", "%v", err)))
}

// decide runs the handler, unless the inbox already has an answer or a tombstone (5, 8, 9, 22).
func (p *participant) decide(ctx context.Context, tx pgx.Tx, c command) (answer, error) {
	known, err := find(ctx, tx, c.text("id"))
	if err != nil {
		return answer{}, err
	}
	if known != nil {
		return answerOf(c, known)
	}
	if undoes := c.text("undoes"); undoes != "" {
		undone, err := find(ctx, tx, undoes)
		if err != nil {
			return answer{}, err
		}
		if undone == nil && forgotten(c) {
			return keep(ctx, tx, c, failure, rejectionData(actionForgotten.reason, actionForgotten.detail))
		}
		if undone == nil {
			// A running action holds this key, so the insert waits for it.
			if err := insert(ctx, tx, undoes, row{tombstone, nil, tombstoneDigest(c)}); err != nil {
				return answer{}, err
			}
		} else if !undone.isActionOf(c) {
			return mistaken(c, object("another-undone", "%s is the id of a command of another saga or step.", undoes))
		}
		if undone == nil || undone.outcome != success {
			return keep(ctx, tx, c, success, nil)
		}
	}
	return run(ctx, tx, c)
}

func run(ctx context.Context, tx pgx.Tx, c command) (answer, error) {
	handler := handlers[c.text("type")]
	data, err := handler.run(ctx, tx, c)
	var refused refusal
	if errors.As(err, &refused) {
		if !slices.Contains(handler.refusals, refused) {
			return answer{}, failed(fmt.Sprintf("%s may not be refused for %s", c.text("type"), refused))
		}
		return keep(ctx, tx, c, "refusal", map[string]any{"reason": refused})
	}
	if err != nil {
		return answer{}, err
	}
	return keep(ctx, tx, c, success, data)
}

// keepFailure stores a failure and answers with the stored reply: a failure never changes either (5, 6, 14).
func (p *participant) keepFailure(c command, why *rejection) func(pgx.Tx) (answer, error) {
	return func(tx pgx.Tx) (answer, error) {
		ctx := context.Background()
		known, err := find(ctx, tx, c.text("id"))
		if err != nil {
			return answer{}, err
		}
		if known != nil {
			return answerOf(c, known)
		}
		return keep(ctx, tx, c, failure, rejectionData(why.reason, why.detail))
	}
}

// keep stores the reply in the inbox, in the transaction of the effect (4).
func keep(ctx context.Context, tx pgx.Tx, c command, outcome string, data any) (answer, error) {
	reply, err := writeReply(c, outcome, data)
	if err != nil {
		return answer{}, err
	}
	return answer{outcome: outcome, reply: reply}, insert(ctx, tx, c.text("id"), row{outcome, &reply, commandDigest(c)})
}

func insert(ctx context.Context, tx pgx.Tx, id string, kept row) error {
	statement := "INSERT INTO inbox (id, outcome, reply, digest) VALUES ($1, $2, $3, $4)"
	_, err := tx.Exec(ctx, statement, id, kept.outcome, kept.reply, kept.digest)
	return err
}

// row is the inbox row of an id. Its digest identifies the command's content, or for a tombstone the blocked action
// (22).
type row struct {
	outcome string
	reply   *string
	digest  []byte
}

func find(ctx context.Context, tx pgx.Tx, id string) (*row, error) {
	var found row
	query := "SELECT outcome, reply, digest FROM inbox WHERE id = $1"
	err := tx.QueryRow(ctx, query, id).Scan(&found.outcome, &found.reply, &found.digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &found, err
}

// answerOf returns the stored answer, unless it belongs to another command; a tombstone has none (9, 22).
func answerOf(c command, known *row) (answer, error) {
	digest := commandDigest(c)
	if known.outcome == tombstone {
		digest = tombstoneDigest(c)
	}
	if !bytes.Equal(known.digest, digest) {
		return mistaken(c, object("another-command", "%s is the id of a command that asked something else.", c.text("id")))
	}
	if known.reply == nil {
		return answer{}, nil
	}
	return answer{outcome: known.outcome, reply: *known.reply}, nil
}

// isActionOf reports whether this is the action of a compensation's step (22).
func (kept *row) isActionOf(compensation command) bool {
	if kept.reply == nil {
		return bytes.Equal(kept.digest, tombstoneDigest(compensation))
	}
	var reply command
	return json.Unmarshal([]byte(*kept.reply), &reply) == nil && reply["sagadirection"] == "action" &&
		reply["sagaid"] == compensation["sagaid"] && reply["sagastep"] == compensation["sagastep"]
}

// mistaken answers that the outcome of a command is unknown. It is not stored: the row belongs to another command (22).
func mistaken(c command, why *rejection) (answer, error) {
	reply, err := writeReply(c, unknown, rejectionData(why.reason, why.detail))
	return answer{unknown, reply, why}, err
}

// inTransaction decides again when another delivery was first, or when the database requires a retry.
func (p *participant) inTransaction(ctx context.Context, work func(pgx.Tx) (answer, error)) (answer, error) {
	for {
		var answered answer
		err := pgx.BeginFunc(ctx, p.database, func(tx pgx.Tx) (err error) {
			answered, err = work(tx)
			return err
		})
		if err == nil {
			return answered, nil
		}
		if !isLost(err) {
			return answer{}, err
		}
	}
}

// isLost reports whether another transaction has inserted the id, or whether PostgreSQL requires a retry.
func isLost(err error) bool {
	var pgError *pgconn.PgError
	if !errors.As(err, &pgError) {
		return false
	}
	return pgError.ConstraintName == "inbox_pkey" || pgError.Code == "40001" || pgError.Code == "40P01"
}

// isAway reports whether the database did not answer, so that the outcome is unknown (16). Every error that is neither
// a handler's own failure nor an error of a statement counts, also one on COMMIT.
func isAway(err error) bool {
	var pgError *pgconn.PgError
	if errors.As(err, &pgError) {
		return slices.Contains([]string{"08", "53", "57", "58"}, pgError.Code[:2])
	}
	var own failed
	return !errors.As(err, &own)
}

// forget deletes rows that are older than the inbox remembers: ids begin with their time, so old ids sort first (15).
func (p *participant) forget(ctx context.Context) error {
	millis := fmt.Sprintf("%012x", time.Now().Add(-inboxDays*day).UnixMilli())
	oldest := millis[:8] + "-" + millis[8:] + "-7000-8000-000000000000"
	_, err := p.database.Exec(ctx, "DELETE FROM inbox WHERE id < $1", oldest)
	return err
}
