import './outcome-bars.css';
import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { count } from '../../parts/texts';
import { barsOf } from './bars';

const WIDTH = 240;
const HEIGHT = 28;

/** What became of a definition's sagas in each minute of the last hour: completed below, compensated and paused above. */
export function OutcomeBars({ definition }: { readonly definition: string }) {
  const { data } = useQuery({
    queryKey: ['overview', 'statistics', definition],
    queryFn: () => dataOf(admin.GET('/v1/statistics', { params: { query: { definition, window: '1h' } } })),
  });
  if (!data) return <div style={{ height: HEIGHT }} />;
  const { bars, width } = barsOf(data.series, { width: WIDTH, height: HEIGHT });
  const sum = (of: 'completed' | 'compensated' | 'paused'): number =>
    data.series.reduce((total, point) => total + point[of], 0);
  return (
    <>
      <svg className="outcome-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        <line x1={0} y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} className="outcome-axis" />
        {bars.map(({ x, y, height, outcome, title }) => (
          <rect key={`${x} ${outcome}`} x={x} y={y} width={width} height={height} className={`outcome-${outcome}`}>
            <title>{title}</title>
          </rect>
        ))}
      </svg>
      <VisuallyHidden>
        Last hour: {count(sum('completed'))} completed, {count(sum('compensated'))} compensated, {count(sum('paused'))}{' '}
        paused
      </VisuallyHidden>
    </>
  );
}
