/* The graph of a definition as plain data, laid out by dagre: what is drawn where. */
import { Graph, layout } from '@dagrejs/dagre';
import type { Admin } from '../api/schemas';

export type Step = Admin['DefinedStep'];

export interface StepBox {
  readonly step: Step;
  readonly stage: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface StepArrow {
  readonly from: string;
  readonly to: string;
}

export interface LaidOutDefinition {
  readonly boxes: readonly StepBox[];
  readonly arrows: readonly StepArrow[];
  readonly width: number;
  readonly height: number;
}

export const BOX_WIDTH = 240;
const TITLE_PX = 34;
const LINE_PX = 20;
const PADDING_PX = 14;

/** Lays the stages out from left to right; the steps of a parallel stage are below each other. */
export function layOutDefinition(stages: readonly Admin['DefinedStage'][], lines = 0): LaidOutDefinition {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 24, ranksep: 64, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const arrows = arrowsOf(stages);
  for (const { steps } of stages)
    for (const step of steps) graph.setNode(step.name, { width: BOX_WIDTH, height: heightOf(step, lines) });
  for (const { from, to } of arrows) graph.setEdge(from, to);
  layout(graph);
  const boxes = stages.flatMap(({ steps }, stage) =>
    steps.map((step): StepBox => {
      const { x, y, height } = graph.node(step.name) as { x: number; y: number; height: number };
      return { step, stage, x: x - BOX_WIDTH / 2, y: y - height / 2, height };
    }),
  );
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { boxes, arrows, width, height };
}

/** Each step of a stage follows all of the stage before. */
function arrowsOf(stages: readonly Admin['DefinedStage'][]): StepArrow[] {
  return stages.flatMap(({ steps }, index) => {
    const before = index === 0 ? [] : (stages[index - 1]?.steps ?? []);
    return before.flatMap((from) => steps.map((to) => ({ from: from.name, to: to.name })));
  });
}

function heightOf(step: Step, lines: number): number {
  return TITLE_PX + PADDING_PX + LINE_PX * (factsOf(step).length + lines);
}

export interface Fact {
  readonly kind: 'action' | 'compensation' | 'note';
  readonly text: string;
}

/** What a step does, a line each. */
export function factsOf({ action, compensation, child, wait, forEach, conditional }: Step): readonly Fact[] {
  const facts: (Fact | undefined)[] = [
    action && { kind: 'action', text: action.command },
    child && { kind: 'action', text: `starts ${child.definition} v${child.version}` },
    wait && { kind: 'action', text: `waits for ${wait.signal}` },
    compensation && { kind: 'compensation', text: compensation.command },
    forEach && { kind: 'note', text: `once per item, ${forEach.concurrency} at once` },
    conditional ? { kind: 'note', text: 'only if its condition holds' } : undefined,
  ];
  return facts.filter((fact) => fact !== undefined);
}
