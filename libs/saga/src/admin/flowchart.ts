/*
 * Draws a definition: the stages from left to right, and the compensations as dotted edges from each step to its
 * compensation and on to those of earlier stages. After the pivot no edge leads back. For a saga, each step shows its
 * status.
 */
import { durationOf, type SagaDefinition, type StepDefinition } from '../definition';
import { statusOfStep, type SagaState, type StepStatus } from '../engine';
import { MermaidChart, type Shape } from './mermaid-chart';
import { runningSteps } from './running-steps';

const STYLES = {
  pivot: 'stroke-width:4px',
  undo: 'stroke-dasharray:4',
  done: 'fill:#d3f9d8,color:#111',
  underWay: 'fill:#d0ebff,color:#111',
  held: 'fill:#fff3bf,color:#111',
  failed: 'fill:#ffe3e3,color:#111',
  leftOut: 'fill:#e9ecef,color:#111',
} as const;

type Style = keyof typeof STYLES;

const STATUS_STYLES: Readonly<Record<StepStatus, Style | undefined>> = {
  PENDING: undefined,
  INVOKED: 'underWay',
  COMPENSATING: 'underWay',
  DONE: 'done',
  REFUSED: 'failed',
  FAILED: 'failed',
  UNKNOWN: 'failed',
  SKIPPED: 'leftOut',
  COMPENSATED: 'leftOut',
  COMPENSATION_SKIPPED: 'leftOut',
};

const BEGIN = 'begin';
const COMPLETED = 'completed';
const COMPENSATED = 'compensated';

/** A step with the ids of its nodes. */
interface Drawn {
  readonly step: StepDefinition;
  readonly forward: string | undefined;
  readonly undo: string | undefined;
}

/** Returns the flowchart as Mermaid text. */
export function flowchartOf(definition: SagaDefinition, state?: SagaState): string {
  const chart = new MermaidChart(STYLES);
  const stages = numbered(definition);
  chart.node(BEGIN, 'stadium', [`${definition.name} v${definition.version}`]);
  for (const drawn of stages.flat()) drawStep(chart, drawn, state);
  drawForward(chart, stages);
  drawCompensation(chart, stages);
  return chart.toString();
}

function numbered({ stages }: SagaDefinition): Drawn[][] {
  let steps = 0;
  const drawn = (step: StepDefinition): Drawn => {
    const n = (steps += 1);
    return { step, forward: step.kind === 'compensation' ? undefined : `s${n}`, undo: step.compensation && `u${n}` };
  };
  return stages.map((stage) => stage.steps.map(drawn));
}

function drawStep(chart: MermaidChart<Style>, { step, forward, undo }: Drawn, state: SagaState | undefined): void {
  const names = state ? runningSteps(step, state).map(({ name }) => name) : [];
  const statuses = state ? names.map((name) => statusOfStep(state, name)) : [];
  const held = names.filter((name) => state?.steps[name]?.held).length;
  const each = step.forEach ? ['for each item'] : [];
  if (forward) {
    const label = [step.name, ...actionLines(step), ...each, ...(step.when ? ['if wanted'] : []), ...counted(statuses)];
    if (held > 0) label.push(statuses.length > 1 ? `${held} held` : 'held');
    chart.node(forward, shapeOf(step), label, ...stylesOf(step, statuses, held > 0));
  }
  if (undo) chart.node(undo, 'round', [...compensationLines(step), ...each], 'undo');
}

function shapeOf({ kind, child }: StepDefinition): Shape {
  if (kind === 'pivot') return 'hexagon';
  if (kind === 'wait') return 'flag';
  return child ? 'framed' : 'box';
}

function actionLines({ kind, action, child, wait }: StepDefinition): string[] {
  if (wait) return [`signal ${wait.signal.name}`, `within ${durationOf(wait.timeoutMs)}`];
  if (child) return [`saga ${child.name} v${child.version}`];
  return [action?.command.name ?? '', ...(kind === 'pivot' ? ['pivot'] : [])];
}

function compensationLines({ compensation, child }: StepDefinition): string[] {
  return child ? [`compensate ${child.name}`] : [compensation?.command.name ?? ''];
}

function counted(statuses: readonly StepStatus[]): string[] {
  if (statuses.length <= 1) return [...statuses];
  return [...new Set(statuses)].map((status) => `${statuses.filter((each) => each === status).length} ${status}`);
}

/** The branch that needs the most attention decides the status of a forEach. */
function stylesOf({ kind }: StepDefinition, statuses: readonly StepStatus[], isHeld: boolean): Style[] {
  const found = new Set(statuses.map((status) => STATUS_STYLES[status]));
  if (isHeld) found.add('held');
  const status = (['held', 'failed', 'underWay', 'leftOut', 'done'] as const).find((style) => found.has(style));
  return [...(kind === 'pivot' ? ['pivot' as const] : []), ...(status ? [status] : [])];
}

function drawForward(chart: MermaidChart<Style>, stages: readonly Drawn[][]): void {
  let from = [BEGIN];
  for (const stage of stages) {
    const to = idsOf(stage, 'forward');
    if (to.length === 0) continue;
    chart.edge(from, '-->', to);
    from = to;
  }
  chart.node(COMPLETED, 'stadium', ['COMPLETED']);
  chart.edge(from, '-->', [COMPLETED]);
}

function drawCompensation(chart: MermaidChart<Style>, stages: readonly Drawn[][]): void {
  const reversible = stages.slice(0, compensableStages(stages));
  if (reversible.length > 0) chart.node(COMPENSATED, 'stadium', ['COMPENSATED']);
  let back = [COMPENSATED];
  for (const stage of reversible) {
    for (const { step, forward = BEGIN, undo } of stage) {
      if (undo) chart.edge([undo], '-.->', back);
      if (undo || mayFail(step)) chart.edge([forward], '-.->', undo ? [undo] : back);
    }
    const undone = idsOf(stage, 'undo');
    if (undone.length > 0) back = undone;
  }
}

/** Returns how many stages can be compensated: those up to the pivot, including it, but no retriable steps. */
function compensableStages(stages: readonly Drawn[][]): number {
  const last = stages.findIndex((stage) =>
    stage.some(({ step }) => step.kind === 'pivot' || step.kind === 'retriable'),
  );
  if (last < 0) return stages.length;
  return stages[last]?.some(({ step }) => step.kind === 'pivot') ? last + 1 : last;
}

/** A wait with a default and without refusal always continues. */
function mayFail({ wait }: StepDefinition): boolean {
  return !wait || wait.otherwise === undefined || wait.refusal !== undefined;
}

function idsOf(stage: readonly Drawn[], node: 'forward' | 'undo'): string[] {
  return stage.flatMap((drawn) => drawn[node] ?? []);
}
