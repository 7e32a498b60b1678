export { diagnose } from './diagnose';
export { DIAGNOSIS_CODES, type Diagnosis, type DiagnosisCode, type Expected, type StepEffect } from './diagnosis';
export type { ParticipantFacts, Situation } from './situation';
