/*
 * The advisory locks of the library and of the shop. PostgreSQL knows an advisory lock by its number alone, and a number is
 * shared by all sessions of a database, so every number stands here. A number stays what it is: instances of two
 * releases run side by side, and must take the same lock.
 */

/** The numbers of advisory locks; an application that takes locks of its own in the same database chooses others. */
export const ADVISORY_LOCKS = {
  /** The migrations of a service: instances that start together run them one after another. */
  migrations: 7_253_000,
  /** Making and dropping partitions of the inbox. */
  inboxPartitions: 7_253_001,
  /** Creating the table of fault hits. It is also the seed by which a rule's id is hashed, so that a rule's hits are counted. */
  faultHits: 7_253_002,
  /** Creating the table of fault rules. */
  faultRules: 7_253_003,
  /** The shop's reservations: one transaction of the inventory writes them at a time. */
  reservations: 7_253_010,
  /** Which instance of a service publishes its events. */
  eventPublisher: 7_253_011,
  /** Events of one subject, in the order of their commits; the second number is the hash of the subject. */
  eventSubject: 7_253_012,
  /** Appending to the operator log, whose entries are chained. A migration wrote it into the trigger of the table. */
  operatorLog: 7_253_013,
  /** Which instance rolls up what sagas add to the statistics. */
  statistics: 7_253_014,
} as const;

/** The seeds by which ids are hashed to the number of a lock; two hashes of 64 bits meet by chance only, which costs a wait. */
export const ADVISORY_LOCK_SEEDS = {
  /** A command, by its id: no two processes handle it at once. */
  command: 0,
  /** The third-party calls of a step, by the saga's id and the step's name. */
  thirdPartyCalls: 20,
} as const;
