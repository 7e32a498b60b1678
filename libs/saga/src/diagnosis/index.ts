export { diagnose, diagnosisSummary } from './diagnose';
export {
  DIAGNOSIS_CODES,
  type Diagnosis,
  type DiagnosisCode,
  type DiagnosisSummary,
  type Expected,
  type StepEffect,
} from './diagnosis';
export { exposedCommands } from './interference';
export { pauseSummary } from './pause-summary';
export type { ParticipantFacts, Situation } from './situation';
