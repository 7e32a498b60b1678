import type { Broker } from '../broker';
import { apiVersions } from './api-versions';
import { createPartitions } from './create-partitions';
import { createTopics } from './create-topics';
import { deleteGroups } from './delete-groups';
import { deleteTopics } from './delete-topics';
import { describeConfigs } from './describe-configs';
import { describeGroups } from './describe-groups';
import { fetch } from './fetch';
import { findCoordinator } from './find-coordinator';
import { heartbeat } from './heartbeat';
import { initProducerId } from './init-producer-id';
import { joinGroup } from './join-group';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { unsupported } from './kafka-request';
import { leaveGroup } from './leave-group';
import { listGroups } from './list-groups';
import { listOffsets } from './list-offsets';
import { metadata } from './metadata';
import { offsetCommit } from './offset-commit';
import { offsetFetch } from './offset-fetch';
import { produce } from './produce';
import { syncGroup } from './sync-group';

export const handlers: readonly ApiHandler[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  createTopics,
  deleteTopics,
  initProducerId,
  createPartitions,
  deleteGroups,
  describeConfigs,
];

const versions = apiVersions(handlers);
const byKey = new Map([...handlers, versions].map((handler) => [handler.key, handler]));

/**
 * Passes a request to its handler. Throws when the API or its version is not supported, except for ApiVersions itself.
 */
export function answerRequest(request: KafkaRequest, broker: Broker): RequestOutcome | Promise<RequestOutcome> {
  const handler = byKey.get(request.apiKey);
  if (handler === versions) return versions.handle(request, broker);
  if (!handler || request.version < handler.minVersion || request.version > handler.maxVersion) {
    throw unsupported(request);
  }
  request.useFlexible(request.version >= handler.flexibleFrom);
  return handler.handle(request, broker);
}
