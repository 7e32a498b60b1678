export { EmbeddedKafka } from './embedded-kafka';
export { InvalidSettingError } from './settings';
export type { EmbeddedKafkaOptions } from './settings';
export { CannotListenError } from './network/listener';
export { ForeignDirectoryError } from './storage/data-directory';
export { DirectoryInUseError } from './storage/directory-lock';
export { DamagedSegmentError } from './log/segment-recovery';
