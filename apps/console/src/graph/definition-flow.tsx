import '@xyflow/react/dist/style.css';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { useComputedColorScheme } from '@mantine/core';
import { useMemo, type CSSProperties } from 'react';
import type { Admin } from '../api/schemas';
import { BOX_WIDTH, factsOf, layOutDefinition, type Step, type StepArrow } from './definition-graph';
import { kindText } from './difference';
import styles from './graph.module.css';
import type { Overlay, StepOverlay } from './overlay';
import { looksOf } from './step-looks';

interface StepData extends Record<string, unknown> {
  readonly step: Step;
  readonly overlay: StepOverlay | undefined;
  readonly clickable: boolean;
  readonly selected: boolean;
}

type StepNode = Node<StepData, 'step'>;

const nodeTypes = { step: StepBoxNode };
const MIN_HEIGHT_PX = 200;
const MAX_HEIGHT_PX = 560;

/** The graph that can be moved and zoomed. A step can be chosen by mouse, or by Tab and Enter. */
export function DefinitionFlow({
  stages,
  overlay,
  selected,
  onStep,
}: {
  readonly stages: readonly Admin['DefinedStage'][];
  readonly overlay: Overlay;
  readonly selected: string | undefined;
  readonly onStep: ((step: string) => void) | undefined;
}) {
  const theme = useComputedColorScheme('light');
  const lines = Object.keys(overlay).length > 0 ? 1 : 0;
  const laidOut = useMemo(() => layOutDefinition(stages, lines), [stages, lines]);
  const nodes = laidOut.boxes.map(({ step, x, y, height }): StepNode => {
    const data = {
      step,
      overlay: overlay[step.name],
      clickable: onStep !== undefined,
      selected: step.name === selected,
    };
    return {
      id: step.name,
      type: 'step',
      position: { x, y },
      width: BOX_WIDTH,
      height,
      data,
      ariaLabel: `${step.name}, ${kindText[step.kind]}`,
    };
  });
  const edges = laidOut.arrows.map((arrow) => edgeOf(arrow, overlay));
  const height = Math.min(MAX_HEIGHT_PX, Math.max(MIN_HEIGHT_PX, laidOut.height + 48));
  return (
    <div className={styles.canvas} style={{ height }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        onNodeClick={(_, node) => onStep?.(node.id)}
        onKeyDown={(event) => {
          const id = (event.target as HTMLElement).closest('[data-id]')?.getAttribute('data-id');
          if ((event.key === 'Enter' || event.key === ' ') && id) onStep?.(id);
        }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} position="top-right" orientation="horizontal" />
      </ReactFlow>
    </div>
  );
}

function edgeOf({ from, to }: StepArrow, overlay: Overlay): Edge {
  const passed = overlay[to]?.status !== undefined && !['PENDING', 'SKIPPED'].includes(overlay[to].status);
  const running = overlay[to]?.status === 'INVOKED';
  return {
    id: `${from} ${to}`,
    source: from,
    target: to,
    animated: running,
    style: passed ? { stroke: 'var(--state-running)', strokeWidth: 2 } : {},
    markerEnd: { type: MarkerType.ArrowClosed },
    focusable: false,
  };
}

function StepBoxNode({ data: { step, overlay, clickable, selected } }: NodeProps<StepNode>) {
  const looks = looksOf(overlay);
  return (
    <div
      className={styles.box}
      data-pivot={step.kind === 'pivot'}
      data-clickable={clickable}
      data-selected={selected}
      style={(looks === undefined ? {} : { '--step-color': looks.color }) as CSSProperties}
    >
      <Handle className={styles.handle} type="target" position={Position.Left} />
      <div className={styles.title}>
        <bdi title={step.name}>{step.name}</bdi>
        <span className={styles.kind}>{kindText[step.kind]}</span>
      </div>
      {factsOf(step).map(({ kind, text }) => (
        <div key={kind + text} className={`${styles.line} ${styles[kind]}`} title={text}>
          {kind === 'compensation' && '↩ '}
          {text}
        </div>
      ))}
      {overlay?.line !== undefined && (
        <div className={`${styles.line} ${styles.overlay}`} title={overlay.line}>
          {looks?.sign} {overlay.line}
        </div>
      )}
      <Handle className={styles.handle} type="source" position={Position.Right} />
    </div>
  );
}
