// A participant in Go: a loyalty service that awards points and takes them back. It was made from docs/protocol.md and
// asyncapi.yaml with franz-go and pgx. The numbers in the comments are the rules of the protocol that a piece of code keeps.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	partitions   = 4
	forgetEvery  = time.Hour
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second

	sessionTimeout     = 6 * time.Second
	newPartitionsEvery = 5 * time.Second
)

func main() {
	brokers := flag.String("brokers", "127.0.0.1:9192", "host:port of some brokers, with commas between")
	database := flag.String("database", "postgres://localhost/loyalty", "the URL of its PostgreSQL database")
	orchestrator := flag.String("orchestrator", "orchestrator", "the name of the orchestrator that it serves")
	prefix := flag.String("topic-prefix", "", "the prefix of all topics and groups of its environment, such as staging.")
	port := flag.Int("port", 3010, "where GET /effects?referralId=… counts effects")
	flag.Parse()
	nameTopics(*orchestrator, *prefix)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := serve(ctx, strings.Split(*brokers, ","), *database, *port); err != nil && !errors.Is(err, context.Canceled) {
		log.Println(err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, brokers []string, url string, port int) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...),
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(commands),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		// A killed process keeps its partitions until this timeout; sagas give up sooner than franz-go's 45 s.
		kgo.SessionTimeout(sessionTimeout),
		kgo.HeartbeatInterval(sessionTimeout/3),
		// The only balancer that instances in TypeScript, which may be in the same group, support.
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.MetadataMaxAge(newPartitionsEvery),
		// No other member gets a partition while its messages are being handled.
		kgo.BlockRebalanceOnPoll(),
		// franz-go's defaults: the partitioner of Kafka's Java client, acks=all and snappy.
		kgo.ProducerBatchMaxBytes(1<<20),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	p := &participant{pool}
	if err := untilDone(ctx, "make the tables", func() error { _, err := pool.Exec(ctx, tables); return err }); err != nil {
		return err
	}
	if err := untilDone(ctx, "make the topics", func() error { return makeTopics(ctx, client) }); err != nil {
		return err
	}
	counting, err := serveEffects(pool, port)
	if err != nil {
		return err
	}
	fmt.Printf("listening on %s, counting on port %d\n", commands, counting)
	return p.work(ctx, client)
}

// work answers batch after batch and commits the offset last (1). One goroutine keeps the order of each key (2).
func (p *participant) work(ctx context.Context, client *kgo.Client) error {
	var forgotten time.Time
	for {
		if time.Since(forgotten) > forgetEvery {
			if err := untilDone(ctx, "forget old ids", func() error { return p.forget(ctx) }); err != nil {
				return err
			}
			forgotten = time.Now()
		}
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fetches.EachError(func(topic string, partition int32, err error) {
			log.Printf("cannot read %s/%d, trying again: %v", topic, partition, err)
		})
		if err := p.answerAll(ctx, client, fetches.Records()); err != nil {
			return err
		}
		client.AllowRebalance()
	}
}

func (p *participant) answerAll(ctx context.Context, client *kgo.Client, records []*kgo.Record) error {
	var outgoing []*kgo.Record
	for _, record := range records {
		err := untilDone(ctx, "handle a message", func() error {
			answers, err := p.handle(ctx, record)
			if err == nil {
				outgoing = append(outgoing, answers...)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	publish := func() error { return client.ProduceSync(ctx, outgoing...).FirstErr() }
	if err := untilDone(ctx, "publish", publish); err != nil {
		return err
	}
	if err := client.CommitRecords(ctx, records...); err != nil {
		// The messages are redelivered, and the inbox has their answers.
		log.Printf("cannot commit offsets: %v", err)
	}
	return nil
}

// untilDone retries while the broker or the database is down (16, 17). It fails only when the service stops.
func untilDone(ctx context.Context, what string, work func() error) error {
	for pause := firstPause; ; pause = min(pause*2, longestPause) {
		err := work()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		log.Printf("cannot %s, trying again: %v", what, err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

func makeTopics(ctx context.Context, client *kgo.Client) error {
	made, err := kadm.NewClient(client).CreateTopics(ctx, partitions, -1, nil, commands, replies, deadLetters)
	if err != nil {
		return err
	}
	for _, each := range made {
		if each.Err != nil && !errors.Is(each.Err, kerr.TopicAlreadyExists) {
			return each.Err
		}
	}
	return nil
}

// serveEffects serves the number of effects of a referral over HTTP, and returns its port.
func serveEffects(pool *pgxpool.Pool, port int) (int, error) {
	http.HandleFunc("GET /effects", func(w http.ResponseWriter, r *http.Request) {
		var count int
		query := "SELECT count(*) FROM effect WHERE referral = $1"
		if err := pool.QueryRow(r.Context(), query, r.URL.Query().Get("referralId")).Scan(&count); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("content-type", "application/json")
		fmt.Fprintf(w, `{"count": %d}`, count)
	})
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return 0, err
	}
	go func() { log.Println(http.Serve(listener, nil)) }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
