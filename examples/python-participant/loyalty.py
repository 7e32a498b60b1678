"""A participant in Python: a loyalty service that awards and revokes points.

Made from docs/protocol.md and asyncapi.yaml, with kafka-python and the sqlite3 of the standard library. The numbers in the
comments are the rules of the protocol that a piece of code keeps.
"""

import argparse
import hashlib
import json
import logging
import os
import re
import signal
import sqlite3
import time
import uuid
from datetime import datetime, timezone

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from effects_page import serve_effects

SERVICE = "loyalty"
DEFAULT_ORCHESTRATOR = "orchestrator"


class Topics:
    """The topic names on the broker, for a prefix of the environment and the name of the orchestrator."""

    def name(self, orchestrator, prefix):
        self.commands = f"{prefix}{SERVICE}.commands"
        self.replies = f"{prefix}{orchestrator}.replies.{SERVICE}"
        parks = "saga" if orchestrator == DEFAULT_ORCHESTRATOR else orchestrator
        self.dead_letters = f"{prefix}{parks}.dead-letters"
        self.group = f"{prefix}{SERVICE}"


TOPICS = Topics()
CONTENT_TYPE = [("content-type", b"application/cloudevents+json")]

MOST_BYTES = 256 * 1024
MOST_DEPTH = 64
MOST_KEY = 512
DAY_MS = 86_400_000
INBOX_DAYS = 8

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MEMBER_ID = re.compile(r"[a-z0-9-]{1,40}")

TABLES = """
CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, outcome TEXT NOT NULL, reply TEXT, digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS award (referral TEXT, member TEXT, points INTEGER NOT NULL, PRIMARY KEY (referral, member));
-- One row for each effect, without a unique key, so that a doubled effect would show.
CREATE TABLE IF NOT EXISTS effect (command TEXT NOT NULL, referral TEXT NOT NULL);
"""

log = logging.getLogger(SERVICE)


class Refused(Exception):
    """A refusal: the business declines, for a reason that the contract declares."""


class PartnerAway(Exception):
    """A failure: nothing happened, and another attempt may succeed."""


class Unreadable(Exception):
    """A message that cannot be handled; it is dead-lettered with the reason."""

    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


class Mistaken(Unreadable):
    """The inbox has another command with one of the ids (22)."""


# The action is so old that the inbox no longer remembers it; nothing is done (8).
FORGOTTEN = Unreadable("action-forgotten", "The action is older than the inbox remembers, or from the future.")

# --- what the service does -------------------------------------------------------------------------------------------


def award_points(database, command):
    data = command["data"]
    if data["memberId"].startswith("nobody"):
        raise Refused("unknown-member")
    # A partner, which is never available, keeps the points of these members, to demonstrate a failure.
    if data["memberId"].startswith("partner-"):
        raise PartnerAway("The partner does not answer.")
    database.execute(
        "INSERT INTO award (referral, member, points) VALUES (?, ?, ?)",
        (data["referralId"], data["memberId"], data["points"]),
    )
    note_effect(database, command)
    query = "SELECT sum(points) FROM award WHERE member = ?"
    return {"balance": database.execute(query, (data["memberId"],)).fetchone()[0]}


def revoke_points(database, command):
    data = command["data"]
    statement = "DELETE FROM award WHERE referral = ? AND member = ?"
    # Found by the business key (10); when there is nothing to revoke, that is a success too.
    if database.execute(statement, (data["referralId"], data["memberId"])).rowcount > 0:
        note_effect(database, command)
    return None


def note_effect(database, command):
    values = (command["id"], command["data"]["referralId"])
    database.execute("INSERT INTO effect (command, referral) VALUES (?, ?)", values)


def wrong_in_award(data):
    points = data.get("points")
    if type(points) is not int or not 1 <= points <= 10_000:
        return "points must be an integer from 1 to 10000"
    return wrong_in_revoke(data)


def wrong_in_revoke(data):
    if not is_like(UUID, data.get("referralId")):
        return "referralId must be a UUID"
    if not is_like(MEMBER_ID, data.get("memberId")):
        return "memberId must be 1 to 40 of a-z, 0-9 and -"
    return None


def wrong_in_awarded(data):
    return None if type(data.get("balance")) is int else "balance must be an integer"


# By type: the handler, the check of the payload, the check of the reply, and the possible refusals.
HANDLERS = {
    "loyalty.award-points.v1": (award_points, wrong_in_award, wrong_in_awarded, {"unknown-member"}),
    "loyalty.revoke-points.v1": (revoke_points, wrong_in_revoke, None, set()),
}

# --- reading ---------------------------------------------------------------------------------------------------------


def read_document(value):
    """The JSON object in a message; raises Unreadable for anything else (13)."""
    if not value:
        raise Unreadable("no-value", "The message has no value.")
    if len(value) > MOST_BYTES:
        raise Unreadable("too-large", f"The message has {len(value)} bytes.")
    try:
        document = json.loads(value.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable("no-json", "The message is not JSON in UTF-8.") from error
    if not isinstance(document, dict):
        raise Unreadable("no-envelope", "The message is not a JSON object.")
    if depth_of(document) > MOST_DEPTH:
        raise Unreadable("too-deep", f"The message is nested deeper than {MOST_DEPTH}.")
    return document


def check_command(command):
    """Raises Unreadable for a message that is not a valid command (13, 14)."""
    if command.get("specversion") != "1.0":
        raise Unreadable("no-envelope", "specversion must be 1.0.")
    if not is_answerable(command) or not is_key(command.get("type")):
        raise Unreadable("no-command", "id, type, sagaid, sagastep or sagadirection is missing or wrong.")
    if not is_key(command.get("source")) or command["source"] == "":
        raise Unreadable("no-envelope", "source must name the sender.")
    for attribute in ("subject", "traceparent", "sagafault"):
        if attribute in command and not is_key(command[attribute]):
            raise Unreadable("no-envelope", f"{attribute} must be a short text.")
    undoes = command.get("undoes")
    if undoes is not None and (not is_message_id(undoes) or undoes == command["id"]):
        raise Unreadable("no-command", "undoes must be the id of another command.")
    if command.get("replyto") != TOPICS.replies:
        raise Unreadable("foreign-reply-topic", f"replyto must be {TOPICS.replies}.")


def check_payload(command):
    if command["type"] not in HANDLERS:
        raise Unreadable("unknown-type", f"{SERVICE} handles no {command['type']}.")
    data = command.get("data")
    wrong = HANDLERS[command["type"]][1](data) if isinstance(data, dict) else "data must be an object"
    if wrong:
        raise Unreadable("invalid-payload", wrong)


def is_answerable(command):
    """Whether the command can be answered (14)."""
    return (
        is_message_id(command.get("id"))
        and is_like(UUID, command.get("sagaid"))
        and is_key(command.get("sagastep"))
        and command.get("sagadirection") in ("action", "compensation")
    )


def is_like(pattern, text):
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def is_message_id(text):
    return is_like(UUID, text) and text[14] == "7"


def is_key(text):
    return isinstance(text, str) and len(text) <= MOST_KEY and "\0" not in text


def depth_of(document):
    depth, level = 0, [document]
    while level:
        depth += 1
        children = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
        level = [child for child in children if isinstance(child, (dict, list))]
    return depth


def is_remembered(command_id):
    """Whether the inbox still remembers this id; minus a day, because clocks differ (15)."""
    age = time.time() * 1000 - int(command_id[:8] + command_id[9:13], 16)
    return -DAY_MS < age < (INBOX_DAYS - 1) * DAY_MS


# --- handling --------------------------------------------------------------------------------------------------------


class Participant:
    """Handles messages. The caller publishes the messages that handle() returns before it commits the offset."""

    def __init__(self, file):
        self.database = sqlite3.connect(file, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.executescript(TABLES)

    def handle(self, message):
        """The messages to publish, as (topic, key, value, headers). Raises sqlite3.OperationalError while the database is down."""
        command = {}
        try:
            command = read_document(message.value)
            if is_answerable(command) and not is_remembered(command["id"]):
                command = {}
                raise Unreadable("not-remembered", "The id is too old, or from the future.")
            check_command(command)
            check_payload(command)
        except Unreadable as objection:
            log.warning("parked a message: %s: %s", objection.reason, objection)
            parked = [parked_message(message, objection)]
            if not is_answerable(command):
                return parked
            try:
                return parked + self.answer_failure(command, objection)
            except Mistaken as mistake:
                return parked + [answer_unknown(command, mistake)]
        try:
            answers = self.answer(command)
        except Mistaken as mistake:
            log.warning("parked a message: %s: %s", mistake.reason, mistake)
            return [parked_message(message, mistake), answer_unknown(command, mistake)]
        failure = failure_in(answers)
        # No attempt follows automatically, so operators must see it (6); likewise when the action is forgotten (8).
        if failure and failure.reason != FORGOTTEN.reason and command.get("sagalastattempt") is not True:
            failure = None
        return [parked_message(message, failure), *answers] if failure else answers

    def answer(self, command):
        try:
            return self.in_transaction(lambda: self.decide(command))
        except (sqlite3.OperationalError, Mistaken):
            raise
        except Exception as error:  # Whatever the handler threw has been rolled back (6).
            log.warning("%s failed: %r", command["type"], error)
            return self.answer_failure(command, Unreadable(type(error).__name__[:100], str(error)[:500]))

    def decide(self, command):
        """Runs the handler, unless the inbox already has an answer or a tombstone (5, 8, 9, 22)."""
        known = self.answer_known(command)
        if known is not None:
            return known
        undoes = command.get("undoes")
        if undoes is not None:
            undone = self.find(undoes)
            if undone is None and not is_remembered(undoes):
                # The outcome of the action is unknown: nothing is compensated on a guess (8).
                return self.keep(command, "failure", {"reason": FORGOTTEN.reason, "detail": str(FORGOTTEN)})
            if undone is None:
                statement = "INSERT INTO inbox (id, outcome, digest) VALUES (?, 'tombstone', ?)"
                self.database.execute(statement, (undoes, tombstone_digest(command)))
            elif not is_action_of(command, undone):
                raise Mistaken("another-undone", f"{undoes} is the id of a command of another saga or step.")
            if undone is None or undone["outcome"] != "success":
                return self.keep(command, "success", None)
        return self.run(command)

    def run(self, command):
        handler, _, wrong_in_reply, refusals = HANDLERS[command["type"]]
        try:
            data = handler(self.database, command)
        except Refused as refusal:
            reason = str(refusal)
            if reason not in refusals:
                raise ValueError(f"{command['type']} may not be refused for {reason}") from refusal
            return self.keep(command, "refusal", {"reason": reason})
        wrong = wrong_in_reply(data) if wrong_in_reply else None
        if wrong:  # It does not leave, and what it came from is rolled back (12).
            raise ValueError(f"the reply to {command['type']} is wrong: {wrong}")
        return self.keep(command, "success", data)

    def answer_failure(self, command, objection):
        """Stores a failure and answers with the stored reply: a failure never changes either (5, 6, 14)."""

        def settle():
            known = self.answer_known(command)
            if known is not None:
                return known
            return self.keep(command, "failure", {"reason": objection.reason, "detail": str(objection)[:500]})

        return self.in_transaction(settle)

    def answer_known(self, command):
        """The inbox's answer to a command (5, 9); None if it is new. Raises Mistaken for the id of another command (22)."""
        found = self.find(command["id"])
        if found is None:
            return None
        late = found["outcome"] == "tombstone"
        if found["digest"] != (tombstone_digest(command) if late else command_digest(command)):
            raise Mistaken("another-command", f"{command['id']} is the id of a command that asked something else.")
        return [] if late else [reply_message(command, found["reply"])]

    def keep(self, command, outcome, data):
        """Stores the reply in the inbox, in the transaction of the effect (4)."""
        reply = reply_to(command, outcome, data)
        self.database.execute(
            "INSERT INTO inbox (id, outcome, reply, digest) VALUES (?, ?, ?, ?)",
            (command["id"], outcome, reply, command_digest(command)),
        )
        return [reply_message(command, reply)]

    def find(self, command_id):
        row = self.database.execute("SELECT outcome, reply, digest FROM inbox WHERE id = ?", (command_id,)).fetchone()
        return row and {"outcome": row[0], "reply": row[1], "digest": row[2]}

    def in_transaction(self, work):
        self.database.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            self.database.execute("COMMIT")
            return result
        except BaseException:
            if self.database.in_transaction:
                self.database.execute("ROLLBACK")
            raise

    def forget(self):
        """Deletes old rows: message ids begin with the time, so old ids sort first (15)."""
        oldest = f"{int(time.time() * 1000) - INBOX_DAYS * DAY_MS:012x}"
        self.database.execute("DELETE FROM inbox WHERE id < ?", (f"{oldest[:8]}-{oldest[8:]}",))


def command_digest(command):
    """Identifies a command's content, without attributes that may differ in a resend (22)."""
    content = [command.get(name) for name in ("type", "sagaid", "sagastep", "sagadirection", "undoes", "data")]
    return digest_of(content)


def tombstone_digest(compensation):
    """Identifies the saga whose action a tombstone blocks."""
    return digest_of([compensation["sagaid"], compensation["sagastep"]])


def digest_of(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def is_action_of(compensation, undone):
    """Whether an inbox row is the action of this compensation's step."""
    if undone["outcome"] == "tombstone":
        return undone["digest"] == tombstone_digest(compensation)
    reply = json.loads(undone["reply"])
    same = all(reply[name] == compensation[name] for name in ("sagaid", "sagastep"))
    return same and reply["sagadirection"] == "action"


def answer_unknown(command, mistake):
    """Not stored: the row with that id belongs to another command."""
    return reply_message(command, reply_to(command, "unknown", {"reason": mistake.reason, "detail": str(mistake)[:500]}))


def reply_to(command, outcome, data):
    """The attributes of rule 11."""
    reply_type = re.sub(r"\.v(\d+)$", r".reply.v\1", str(command.get("type", f"{SERVICE}.unreadable.v1"))[:MOST_KEY])
    schema = reply_type if outcome == "success" else "objection.v1"
    reply = {
        "specversion": "1.0",
        "id": new_id(),
        "type": reply_type,
        "source": f"/examples/{SERVICE}",
        "time": datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"urn:palinode:schema:{schema}",
        "sagaid": command["sagaid"],
        "sagastep": command["sagastep"],
        "sagadirection": command["sagadirection"],
        "inreplyto": command["id"],
        "outcome": outcome,
        "data": data,
    }
    handed_on = {name: command[name] for name in ("subject", "traceparent", "sagafault") if is_key(command.get(name))}
    return json.dumps({**reply, **handed_on})


def new_id():
    """A UUIDv7: 48 bits of milliseconds, then random bits."""
    millis = int(time.time() * 1000).to_bytes(6, "big")
    rest = bytearray(os.urandom(10))
    rest[0] = 0x70 | rest[0] & 0x0F
    rest[2] = 0x80 | rest[2] & 0x3F
    return str(uuid.UUID(bytes=bytes(millis + rest)))


def failure_in(answers):
    """The reason of a failure, from the stored reply; also for a duplicate, in case a crash lost the first dead letter."""
    for _, _, value, _ in answers:
        reply = json.loads(value)
        if reply["outcome"] == "failure":
            if reply["data"]["reason"] == FORGOTTEN.reason:
                return FORGOTTEN
            return Unreadable("handler-failed", f"{reply['data']['reason']}: {reply['data']['detail']}")
    return None


def reply_message(command, reply):
    return (TOPICS.replies, command["sagaid"].encode(), reply.encode(), CONTENT_TYPE)


def parked_message(message, objection):
    said = {
        "reason": objection.reason,
        "detail": re.sub(r"[\x00-\x1f\x7f]+", " ", str(objection))[:1000],
        "service": SERVICE,
        "original-topic": message.topic,
        "original-partition": str(message.partition),
        "original-offset": str(message.offset),
    }
    return (TOPICS.dead_letters, message.key, message.value, [(name, text.encode()) for name, text in said.items()])


# --- between broker and database -------------------------------------------------------------------------------------


def until_done(what, work, errors, stopping):
    """Retries while the broker or the database is down (16, 17); None when the service stops."""
    wait = 0.1
    while not stopping():
        try:
            return work()
        except errors as error:
            log.warning("cannot %s, trying again: %r", what, error)
            time.sleep(wait)
            wait = min(wait * 2, 5)
    return None


def publish(producer, messages):
    sent = [producer.send(topic, key=key, value=value, headers=headers) for topic, key, value, headers in messages]
    producer.flush()
    for each in sent:
        each.get(timeout=10)


def serve(participant, consumer, producer, stopping):
    """Answers batch after batch and commits the offset last (1). One thread keeps the order of each key (2)."""
    forgotten = 0.0
    while not stopping():
        if time.monotonic() - forgotten > 3600 or forgotten == 0:
            until_done("forget old ids", participant.forget, sqlite3.OperationalError, stopping)
            forgotten = time.monotonic()
        batches = consumer.poll(timeout_ms=200)
        if not batches:
            continue
        answers = []
        for message in (message for batch in batches.values() for message in batch):
            done = until_done("handle", lambda: participant.handle(message), sqlite3.OperationalError, stopping)
            if done is None:
                return
            answers.extend(done)
        if until_done("publish", lambda: publish(producer, answers) or True, KafkaError, stopping) is None:
            return
        try:
            consumer.commit()
        except KafkaError as error:  # The messages come again, and the inbox has their answers.
            log.warning("cannot commit offsets: %r", error)


def make_topics(brokers):
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    for topic in (TOPICS.commands, TOPICS.replies, TOPICS.dead_letters):
        try:
            admin.create_topics([NewTopic(topic, num_partitions=4, replication_factor=1)])
        except TopicAlreadyExistsError:
            pass
    admin.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brokers", default="127.0.0.1:9192")
    parser.add_argument("--database", default="loyalty.db")
    parser.add_argument("--port", type=int, default=3010, help="where GET /effects?referralId=… counts effects")
    parser.add_argument("--orchestrator", default=DEFAULT_ORCHESTRATOR, help="the name of the orchestrator that it serves")
    parser.add_argument("--topic-prefix", default="", help="the prefix of all topics and groups of its environment")
    options = parser.parse_args()
    TOPICS.name(options.orchestrator, options.topic_prefix)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    log.setLevel(logging.INFO)

    stop = {"requested": False}
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.update(requested=True))
    stopping = lambda: stop["requested"]

    brokers = options.brokers.split(",")
    participant = Participant(options.database)
    until_done("make the topics", lambda: make_topics(brokers) or True, KafkaError, stopping)
    producer = KafkaProducer(bootstrap_servers=brokers, acks="all", max_request_size=2 * 1024 * 1024, linger_ms=0)
    consumer = KafkaConsumer(
        TOPICS.commands,
        bootstrap_servers=brokers,
        group_id=TOPICS.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        metadata_max_age_ms=5_000,
    )
    port = serve_effects(options.database, options.port)
    log.info("listening on %s, counting on port %d", TOPICS.commands, port)
    serve(participant, consumer, producer, stopping)
    consumer.close(autocommit=False)
    producer.close()


if __name__ == "__main__":
    main()
