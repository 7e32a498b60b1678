// The core operations of a Kafka client with sarama: main BROKER TOPIC GROUP.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/IBM/sarama"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type consumer struct {
	received int
	stop     context.CancelFunc
}

func (*consumer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (*consumer) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (c *consumer) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		fmt.Println("received", string(message.Value))
		session.MarkMessage(message, "")
		if c.received++; c.received == 5 {
			session.Commit()
			c.stop()
		}
	}
	return nil
}

func produce(client sarama.Client, topic string, from int) {
	producer, err := sarama.NewSyncProducerFromClient(client)
	check(err)
	for value := from; value < from+5; value++ {
		_, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder("key"),
			Value: sarama.StringEncoder(fmt.Sprint(value))})
		check(err)
	}
}

func consume(client sarama.Client, topic, name string) {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	group, err := sarama.NewConsumerGroupFromClient(name, client)
	check(err)
	check(group.Consume(ctx, []string{topic}, &consumer{stop: stop}))
	check(group.Close())
}

func connect(broker string) sarama.Client {
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.Producer.Return.Successes = true
	config.Producer.Compression = sarama.CompressionSnappy
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	client, err := sarama.NewClient([]string{broker}, config)
	check(err)
	return client
}

func main() {
	broker, topic, group := os.Args[1], os.Args[2], os.Args[3]
	admin, err := sarama.NewClusterAdminFromClient(connect(broker))
	check(err)
	check(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, false))
	produce(connect(broker), topic, 0)
	consume(connect(broker), topic, group)
	produce(connect(broker), topic, 5)
	consume(connect(broker), topic, group)
	produce(connect(broker), topic, 10)
	topics, err := admin.ListTopics()
	check(err)
	fmt.Println("partitions", topics[topic].NumPartitions)
	configs, err := admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: topic})
	check(err)
	for _, config := range configs {
		if config.Name == "cleanup.policy" {
			fmt.Println("cleanup.policy", config.Value)
		}
	}
	committed, err := admin.ListConsumerGroupOffsets(group, nil)
	check(err)
	lag := int64(0)
	client := connect(broker)
	for partition, block := range committed.Blocks[topic] {
		next, err := client.GetOffset(topic, partition, sarama.OffsetNewest)
		check(err)
		lag += next - block.Offset
	}
	fmt.Println("lag", lag)
}
