export { CreateIncidents1764600000001 } from './create-incidents';
export { INCIDENT_STATUSES, incidentOf, type Incident, type IncidentStatus } from './incident';
export { hasIncident, incidentChange, incidentRow, type IncidentChange, type IncidentRow } from './incident-change';
export { HELD_INCIDENT, HELD_STEP_NAME, isHeldIncident } from './held-incident';
