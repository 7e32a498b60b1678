// The core operations of a Kafka client with franz-go: main BROKER TOPIC GROUP.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func produce(ctx context.Context, broker, topic string, from int) {
	client, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.ProducerBatchCompression(kgo.ZstdCompression()))
	check(err)
	defer client.Close()
	for value := from; value < from+5; value++ {
		record := &kgo.Record{Topic: topic, Key: []byte("key"), Value: []byte(fmt.Sprint(value))}
		check(client.ProduceSync(ctx, record).FirstErr())
	}
}

func consume(ctx context.Context, broker, topic, group string) {
	client, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit())
	check(err)
	defer client.Close()
	for received := 0; received < 5; {
		fetches := client.PollFetches(ctx)
		check(fetches.Err())
		fetches.EachRecord(func(record *kgo.Record) {
			fmt.Println("received", string(record.Value))
			received++
		})
	}
	check(client.CommitUncommittedOffsets(ctx))
}

func main() {
	broker, topic, group := os.Args[1], os.Args[2], os.Args[3]
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(broker))
	check(err)
	defer client.Close()
	admin := kadm.NewClient(client)
	created, err := admin.CreateTopics(ctx, 2, 1, nil, topic)
	check(err)
	check(created.Error())
	produce(ctx, broker, topic, 0)
	consume(ctx, broker, topic, group)
	produce(ctx, broker, topic, 5)
	consume(ctx, broker, topic, group)
	produce(ctx, broker, topic, 10)
	topics, err := admin.ListTopics(ctx)
	check(err)
	fmt.Println("partitions", len(topics[topic].Partitions))
	configs, err := admin.DescribeTopicConfigs(ctx, topic)
	check(err)
	for _, config := range configs[0].Configs {
		if config.Key == "cleanup.policy" {
			fmt.Println("cleanup.policy", config.MaybeValue())
		}
	}
	lag, err := admin.Lag(ctx, group)
	check(err)
	check(lag.Error())
	fmt.Println("lag", lag[group].Lag.Total())
}
