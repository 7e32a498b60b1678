import type { Admin } from '../../api/schemas';

type Point = Admin['StatisticsPointView'];

const OUTCOMES = ['completed', 'compensated', 'paused'] as const;

/** A part of a bar: so many sagas with one outcome in one interval. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly title: string;
}

/** Stacks the outcomes of each interval; the highest interval fills the height, and one saga is always seen. */
export function barsOf(
  series: readonly Point[],
  room: { readonly width: number; readonly height: number },
): { readonly bars: readonly Bar[]; readonly width: number } {
  const slot = room.width / Math.max(series.length, 1);
  const most = Math.max(1, ...series.map((point) => OUTCOMES.reduce((sum, outcome) => sum + point[outcome], 0)));
  const bars = series.flatMap((point, at) => {
    let top = room.height;
    return OUTCOMES.flatMap((outcome) => {
      if (point[outcome] === 0) return [];
      const height = Math.min(top, Math.max(1.5, (point[outcome] / most) * room.height));
      top -= height;
      const title = `${new Date(point.at).toLocaleTimeString()}: ${point[outcome]} ${outcome}`;
      return [{ x: at * slot, y: top, height, outcome, title }];
    });
  });
  return { bars, width: slot * 0.8 };
}
