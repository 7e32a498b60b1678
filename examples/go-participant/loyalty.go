package main

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

var memberPattern = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// failed is a technical failure: nothing happened, and another attempt may succeed.
type failed string

func (f failed) Error() string { return string(f) }

// refusal means that the business declines, for a reason that the contract declares.
type refusal string

func (r refusal) Error() string { return string(r) }

// handler handles one type of command.
type handler struct {
	// wrong returns the error of a payload; empty for a valid one.
	wrong func(data map[string]any) string
	// run has the effect, and returns the data of the reply.
	run func(ctx context.Context, tx pgx.Tx, c command) (any, error)
	// refusals are the reasons that the contract declares.
	refusals []refusal
}

var handlers = map[string]handler{
	"loyalty.award-points.v1":  {wrongInAward, awardPoints, []refusal{"unknown-member"}},
	"loyalty.revoke-points.v1": {wrongInRevoke, revokePoints, nil},
}

func awardPoints(ctx context.Context, tx pgx.Tx, c command) (any, error) {
	data := c["data"].(map[string]any)
	member := data["memberId"].(string)
	if strings.HasPrefix(member, "nobody") {
		return nil, refusal("unknown-member")
	}
	// A partner, which is never available, keeps the points of these members, to demonstrate a failure.
	if strings.HasPrefix(member, "partner-") {
		return nil, failed("the partner does not answer")
	}
	insert := "INSERT INTO award (referral, member, points) VALUES ($1, $2, $3)"
	if _, err := tx.Exec(ctx, insert, data["referralId"], member, int(data["points"].(float64))); err != nil {
		return nil, err
	}
	if err := noteEffect(ctx, tx, c); err != nil {
		return nil, err
	}
	var balance int
	err := tx.QueryRow(ctx, "SELECT sum(points) FROM award WHERE member = $1", member).Scan(&balance)
	return map[string]any{"balance": balance}, err
}

// revokePoints finds the points by the business key (10); when there is nothing to revoke, that is a success too.
func revokePoints(ctx context.Context, tx pgx.Tx, c command) (any, error) {
	data := c["data"].(map[string]any)
	remove := "DELETE FROM award WHERE referral = $1 AND member = $2"
	removed, err := tx.Exec(ctx, remove, data["referralId"], data["memberId"])
	if err != nil || removed.RowsAffected() == 0 {
		return nil, err
	}
	return nil, noteEffect(ctx, tx, c)
}

func noteEffect(ctx context.Context, tx pgx.Tx, c command) error {
	data := c["data"].(map[string]any)
	_, err := tx.Exec(ctx, "INSERT INTO effect (command, referral) VALUES ($1, $2)", c["id"], data["referralId"])
	return err
}

func wrongInAward(data map[string]any) string {
	points, isNumber := data["points"].(float64)
	if !isNumber || points != float64(int(points)) || points < 1 || points > 10_000 {
		return "points must be an integer from 1 to 10000."
	}
	return wrongInRevoke(data)
}

func wrongInRevoke(data map[string]any) string {
	if !isUUID(data["referralId"]) {
		return "referralId must be a UUID."
	}
	if member, isText := data["memberId"].(string); !isText || !memberPattern.MatchString(member) {
		return "memberId must be 1 to 40 of a-z, 0-9 and -."
	}
	return ""
}
