// The core operations of a Kafka client with kafka-go: main BROKER TOPIC GROUP.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func produce(ctx context.Context, broker, topic string, from int) {
	writer := &kafka.Writer{Addr: kafka.TCP(broker), Topic: topic, BatchSize: 1, Compression: kafka.Lz4}
	for value := from; value < from+5; value++ {
		check(writer.WriteMessages(ctx, kafka.Message{Key: []byte("key"), Value: []byte(fmt.Sprint(value))}))
	}
	check(writer.Close())
}

func consume(ctx context.Context, broker, topic, group string) {
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{broker}, GroupID: group, Topic: topic,
		StartOffset: kafka.FirstOffset, MaxWait: 200 * time.Millisecond})
	for received := 0; received < 5; received++ {
		message, err := reader.FetchMessage(ctx)
		check(err)
		fmt.Println("received", string(message.Value))
		check(reader.CommitMessages(ctx, message))
	}
	check(reader.Close())
}

func main() {
	broker, topic, group := os.Args[1], os.Args[2], os.Args[3]
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client := &kafka.Client{Addr: kafka.TCP(broker)}
	created, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: topic, NumPartitions: 2, ReplicationFactor: 1}}})
	check(err)
	check(created.Errors[topic])
	produce(ctx, broker, topic, 0)
	consume(ctx, broker, topic, group)
	produce(ctx, broker, topic, 5)
	consume(ctx, broker, topic, group)
	produce(ctx, broker, topic, 10)
	metadata, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	check(err)
	fmt.Println("partitions", len(metadata.Topics[0].Partitions))
	configs, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{
		{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic, ConfigNames: []string{"cleanup.policy"}}}})
	check(err)
	fmt.Println("cleanup.policy", configs.Resources[0].ConfigEntries[0].ConfigValue)
	committed, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group})
	check(err)
	ends, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{
		topic: {kafka.LastOffsetOf(0), kafka.LastOffsetOf(1)}}})
	check(err)
	lag := int64(0)
	for _, partition := range committed.Topics[topic] {
		for _, end := range ends.Topics[topic] {
			if end.Partition == partition.Partition {
				lag += end.LastOffset - partition.CommittedOffset
			}
		}
	}
	fmt.Println("lag", lag)
}
