"""The core operations of a Kafka client with kafka-python: BROKER TOPIC GROUP."""
import sys

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

broker, topic, group = sys.argv[1:]


def produce(start):
    producer = KafkaProducer(bootstrap_servers=broker, compression_type='gzip')
    for value in range(start, start + 5):
        producer.send(topic, key=b'key', value=str(value).encode()).get(10)
    producer.close()


def consume():
    consumer = KafkaConsumer(topic, group_id=group, bootstrap_servers=broker,
                             auto_offset_reset='earliest', enable_auto_commit=False)
    for received, message in enumerate(consumer, 1):
        print('received', message.value.decode())
        if received == 5:
            break
    consumer.commit()
    consumer.close()


admin = KafkaAdminClient(bootstrap_servers=broker)
admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
produce(0)
consume()
produce(5)
consume()
produce(10)
reader = KafkaConsumer(bootstrap_servers=broker)
assert topic in reader.topics()
print('partitions', len(reader.partitions_for_topic(topic)))
resource = ConfigResource(ConfigResourceType.TOPIC, topic, {'cleanup.policy': None})
described = admin.describe_configs([resource], config_filter='all')
print('cleanup.policy', described['topic'][topic]['cleanup.policy']['value'])
committed = admin.list_group_offsets(group)[group]
ends = reader.end_offsets(list(committed))
print('lag', sum(ends[at] - offset.offset for at, offset in committed.items()))
reader.close()
admin.close()
