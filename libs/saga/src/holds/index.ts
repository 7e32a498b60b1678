export { CreateHolds1764500000001 } from './create-holds';
export { heldStepChanges, NO_CHANGES, type HeldStepChanges } from './held-step';
export { HOLD_CAUSES, type Hold, type HoldWhere } from './hold';
export { HoldEventWriter } from './hold-event-writer';
export { HoldMonitor } from './hold-monitor';
export { HoldRules, type HoldAfter, type HoldSettings } from './hold-settings';
export { HOLD_STATUSES, HoldStore, type Waiting } from './hold-store';
export { Holds, placeOf } from './holds';
export { ParticipantHealth } from './participant-health';
