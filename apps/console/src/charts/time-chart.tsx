import 'uplot/dist/uPlot.min.css';
import './time-chart.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import UPlot, { type AlignedData, type Options, type Series } from 'uplot';
import { heightsOf, type ChartData, type ChartSeries } from './chart-series';

const HEIGHT = 190;
/** No labels between whole numbers. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat();

interface TimeChartProps {
  /** What it shows, and what that comes to: for those who do not see it. */
  readonly label: string;
  readonly data: ChartData;
  /** Charts with the same key show the same instant at the pointer. */
  readonly syncKey: string;
}

/** Values over time; its legend says those at the pointer. */
export function TimeChart({ label, data, syncKey }: TimeChartProps) {
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const [room, setRoom] = useState<HTMLDivElement | null>(null);
  const ref = useMergedRef(measured, setRoom);
  const latest = useRef(data);
  const chart = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme();
  // What it is made of does not change, only its values do.
  useEffect(() => {
    if (room === null) return undefined;
    chart.current = new UPlot(optionsOf(room, latest, syncKey), drawnOf(latest.current), room);
    return () => chart.current?.destroy();
  }, [room, syncKey]);
  useEffect(() => {
    latest.current = data;
    chart.current?.setData(drawnOf(data));
  }, [data]);
  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height: HEIGHT });
  }, [width]);
  useEffect(() => {
    // Colours of a new theme are there with the next frame.
    const frame = requestAnimationFrame(() => chart.current?.redraw(false));
    return () => cancelAnimationFrame(frame);
  }, [scheme]);
  return <div ref={ref} role="img" aria-label={label} className="time-chart" />;
}

/** The columns of uPlot. The end of the last interval has no value: it is how far a line of that interval reaches. */
function drawnOf({ edges, series }: ChartData): AlignedData {
  return [[...edges], ...heightsOf(series).map((heights) => [...heights, null])];
}

function optionsOf(room: HTMLElement, latest: { readonly current: ChartData }, syncKey: string): Options {
  const colorOf = (name: string) => (): string => getComputedStyle(room).getPropertyValue(name);
  const axis = {
    stroke: colorOf('--mantine-color-dimmed'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colorOf('--mantine-color-default-border'), width: 1 },
    ticks: { show: false },
  };
  const { series, areWhole } = latest.current;
  return {
    width: Math.max(room.clientWidth, 200),
    height: HEIGHT,
    // Room for half of the last label.
    padding: [8, 32, 0, 0],
    cursor: { sync: { key: syncKey }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [latest.current.edges[0] ?? 0, latest.current.edges.at(-1) ?? 1] },
      y: { range: (_, __, most) => [0, Math.max(most * 1.05, 1)] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        values: (_, instants) => instants.map((instant) => axisText(instant, latest.current.edges)),
      },
      {
        ...axis,
        size: 64,
        values: (_, values) => values.map((value) => latest.current.text(value)),
        ...(areWhole ? { incrs: WHOLE_STEPS } : {}),
      },
    ],
    legend: { markers: { width: 0, fill: (_, index) => `var(${series[index - 1]?.color})` } },
    series: [
      { label: 'From', value: (_, instant) => (instant === null ? '–' : new Date(instant * 1_000).toLocaleString()) },
      ...series.map((each, index) => seriesOf(each, colorOf(each.color), (at) => textAt(latest.current, index, at))),
    ],
  };
}

function seriesOf({ label, look }: ChartSeries, color: () => string, textOf: (at: number | null) => string): Series {
  return {
    label,
    stroke: color,
    value: (_, __, ___, at) => textOf(at),
    ...LOOKS[look](color),
  };
}

const LOOKS: Readonly<Record<ChartSeries['look'], (color: () => string) => Partial<Series>>> = {
  bars: (color) => ({
    fill: color,
    width: 0,
    paths: UPlot.paths.bars?.({ size: [0.8, 40], align: 1 }),
    points: { show: false },
  }),
  steps: () => ({ width: 2, paths: UPlot.paths.stepped?.({ align: 1 }), points: { show: false } }),
  points: (color) => ({ width: 1.5, points: { show: true, size: 5, fill: color } }),
};

function textAt({ series, text }: ChartData, index: number, at: number | null): string {
  const value = at === null ? null : series[index]?.values[at];
  return value === null || value === undefined ? '–' : text(value);
}

const DAY_S = 86_400;
const byTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const byDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });

/** The time, or the day when there are several. */
function axisText(instant: number, edges: readonly number[]): string {
  const length = (edges.at(-1) ?? 0) - (edges[0] ?? 0);
  return (length > 2 * DAY_S ? byDay : byTime).format(instant * 1_000);
}
