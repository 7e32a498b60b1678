"""The core operations of a Kafka client with aiokafka: BROKER TOPIC GROUP."""
import asyncio
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

broker, topic, group = sys.argv[1:]


async def produce(start):
    async with AIOKafkaProducer(bootstrap_servers=broker, enable_idempotence=True) as producer:
        for value in range(start, start + 5):
            await producer.send_and_wait(topic, key=b'key', value=str(value).encode())


async def consume():
    consumer = AIOKafkaConsumer(topic, group_id=group, bootstrap_servers=broker,
                                auto_offset_reset='earliest', enable_auto_commit=False)
    async with consumer:
        for _ in range(5):
            print('received', (await consumer.getone()).value.decode())
        await consumer.commit()


async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    await produce(0)
    await consume()
    await produce(5)
    await consume()
    await produce(10)
    [described] = await admin.describe_topics([topic])
    print('partitions', len(described['partitions']))
    configs = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    settings = {entry[0]: entry[1] for entry in configs[0].resources[0][4]}
    print('cleanup.policy', settings['cleanup.policy'])
    committed = await admin.list_consumer_group_offsets(group)
    async with AIOKafkaConsumer(bootstrap_servers=broker) as reader:
        ends = await reader.end_offsets(list(committed))
    print('lag', sum(ends[at] - offset.offset for at, offset in committed.items()))
    await admin.close()


asyncio.run(main())
