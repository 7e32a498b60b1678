export type { NeededTopic, TopicUse } from '../contract';
export { breaksBetween, type Break } from './compatibility';
export { asyncApiOf, type Documented } from './document';
export { neededTopics, strimziTopics, topicCommands, type TopicPlan } from './needed-topics';
export type { Use } from './uses';
