"""The core operations of a Kafka client with confluent-kafka (librdkafka): BROKER TOPIC GROUP."""
import sys

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

broker, topic, group = sys.argv[1:]


def produce(start):
    producer = Producer({'bootstrap.servers': broker, 'compression.type': 'zstd', 'enable.idempotence': True})
    for value in range(start, start + 5):
        producer.produce(topic, key='key', value=str(value))
    assert producer.flush(10) == 0


def consumer():
    return Consumer({'bootstrap.servers': broker, 'group.id': group, 'auto.offset.reset': 'earliest',
                     'enable.auto.commit': False})


def consume():
    reader = consumer()
    reader.subscribe([topic])
    for _ in range(5):
        message = reader.poll(10)
        assert message is not None and message.error() is None
        print('received', message.value().decode())
    reader.commit(asynchronous=False)
    reader.close()


admin = AdminClient({'bootstrap.servers': broker})
admin.create_topics([NewTopic(topic, 2, 1)])[topic].result(10)
produce(0)
consume()
produce(5)
consume()
produce(10)
print('partitions', len(admin.list_topics(timeout=10).topics[topic].partitions))
resource = ConfigResource(ResourceType.TOPIC, topic)
print('cleanup.policy', admin.describe_configs([resource])[resource].result(10)['cleanup.policy'].value)
committed = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(10)
reader = consumer()
print('lag', sum(reader.get_watermark_offsets(each)[1] - each.offset for each in committed.topic_partitions))
reader.close()
try:
    Producer({'bootstrap.servers': broker, 'transactional.id': 'tx'}).init_transactions(15)
except KafkaException as error:
    print('transactions', error.args[0].str())
