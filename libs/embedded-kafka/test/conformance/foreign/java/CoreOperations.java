import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The core operations of a Kafka client with Apache Kafka's own for Java: BROKER TOPIC GROUP. */
public class CoreOperations {
  static String broker, topic, group;

  static Properties properties(String... more) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    for (String name : List.of("key", "value")) {
      properties.put(name + ".serializer", "org.apache.kafka.common.serialization.StringSerializer");
      properties.put(name + ".deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
    }
    for (int at = 0; at < more.length; at += 2) properties.put(more[at], more[at + 1]);
    return properties;
  }

  static void produce(int from) throws Exception {
    try (var producer = new KafkaProducer<String, String>(properties("compression.type", "zstd", "acks", "all"))) {
      for (int value = from; value < from + 5; value++) {
        producer.send(new ProducerRecord<>(topic, "key", "" + value)).get();
      }
    }
  }

  static void consume() {
    var properties = properties("group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit", "false");
    try (var consumer = new KafkaConsumer<String, String>(properties)) {
      consumer.subscribe(List.of(topic));
      for (int received = 0; received < 5; ) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println("received " + record.value());
          received++;
        }
      }
      consumer.commitSync();
    }
  }

  static long lag(Admin admin) throws Exception {
    var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    var latest = new HashMap<TopicPartition, OffsetSpec>();
    for (var partition : committed.keySet()) latest.put(partition, OffsetSpec.latest());
    var ends = admin.listOffsets(latest).all().get();
    long lag = 0;
    for (var entry : committed.entrySet()) lag += ends.get(entry.getKey()).offset() - entry.getValue().offset();
    return lag;
  }

  static void tryTransaction() {
    try (var producer = new KafkaProducer<String, String>(properties("transactional.id", "tx"))) {
      producer.initTransactions();
    } catch (Exception error) {
      System.out.println("transactions " + error.getMessage());
    }
  }

  public static void main(String[] args) throws Exception {
    broker = args[0];
    topic = args[1];
    group = args[2];
    try (var admin = Admin.create(properties())) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
      produce(0);
      consume();
      produce(5);
      consume();
      produce(10);
      try (var reader = new KafkaConsumer<String, String>(properties())) {
        System.out.println("partitions " + reader.partitionsFor(topic).size());
      }
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      System.out.println("cleanup.policy " + config.get("cleanup.policy").value());
      System.out.println("lag " + lag(admin));
    }
    tryTransaction();
    System.exit(0);
  }
}
