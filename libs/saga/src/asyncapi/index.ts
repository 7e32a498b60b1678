export { aclCommands, strimziUsers, type KafkaCommandOptions, type StrimziOptions } from './acl-formats';
export {
  aclsOf,
  type Acl,
  type AclOperation,
  type SecuredOrchestrator,
  type SecuredService,
  type SecuredSubscription,
  type SecuredSystem,
} from './acls';
export type { NeededTopic, TopicUse } from '../contract';
export { breaksBetween, type Break, type Document } from './compatibility';
export { asyncApiOf, type Documented } from './document';
export { neededTopics, strimziTopics, topicCommands, type TopicPlan } from './needed-topics';
export type { Use } from './uses';
