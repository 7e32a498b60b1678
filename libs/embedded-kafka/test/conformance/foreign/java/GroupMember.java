import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member of a group with Apache Kafka's client for Java, until it is ended: BROKER TOPIC GROUP. Prints what it reads. */
public class GroupMember {
  public static void main(String[] args) throws Exception {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", args[0], "group.id", args[2], "auto.offset.reset", "earliest");
    var consumer = new KafkaConsumer<String, String>(properties, new StringDeserializer(), new StringDeserializer());
    var main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  consumer.wakeup();
                  try {
                    main.join();
                  } catch (InterruptedException ignored) {
                  }
                }));
    try (consumer) {
      consumer.subscribe(List.of(args[1]));
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) System.out.println(record.value());
      }
    } catch (WakeupException ended) {
    }
  }
}
