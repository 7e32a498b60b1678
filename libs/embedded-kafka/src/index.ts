export { EmbeddedKafka } from './embedded-kafka';
export { InvalidSettingError } from './settings';
export type { EmbeddedKafkaOptions } from './settings';
export { CannotListenError } from './network/listener';
export { DamagedMarkerError, ForeignDirectoryError } from './storage/data-directory';
export { DamagedJournalError } from './storage/journal';
export { UnknownDirectoryError } from './topics/topic-directories';
export { DirectoryInUseError } from './storage/directory-lock';
export { DamagedSegmentError } from './log/segment-recovery';
