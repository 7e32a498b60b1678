export { PipelinedClient } from '../messaging';
export { HandleCommand, type HandleCommandOptions } from './handle-command';
export { commandOf, onCommitted } from './handler-context';
export { participantMigrations } from './migrations';
export {
  connectParticipant,
  ParticipantHealth,
  ParticipantModule,
  type ParticipantOptions,
} from './participant-module';
export { Sagas } from './sagas';
