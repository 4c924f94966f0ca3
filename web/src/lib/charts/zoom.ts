/** Draws stacked bars with uPlot, which comes when there is something to draw. */
import type uPlot from 'uplot';
import { short } from '$lib/format/number';
import { tick } from '$lib/format/time';
import type { Series } from './BarChart.svelte';

export interface Pointed {
  /** Number of the bucket. */
  at: number;
  /** Where it stands, in pixels. */
  left: number;
}

interface Size {
  width: number;
  height: number;
  /** Seconds a bucket. */
  step: number;
}

interface Heard {
  onpoint: (pointed: Pointed | null) => void;
  onzoom: (on: boolean) => void;
}

/** Each series on top of those before it, the whole first: the ones in front cover what is not their own. Pure. */
export function stacked(times: number[], series: Pick<Series, 'counts'>[]): number[][] {
  const sums: number[][] = [];
  for (const { counts } of series) {
    const below = sums.at(-1);
    sums.push(times.map((_, at) => (below?.[at] ?? 0) + (counts[at] ?? 0)));
  }
  return [times, ...sums.reverse()];
}

/** Pixels that a label of the axis needs. */
const LABEL = 72;

/** The buckets within `min..max` that have a label: as many as there is room for, at even distances. Pure. */
export function labelled(times: number[], min: number, max: number, width: number): number[] {
  const inside = times.filter((time) => time >= min && time <= max);
  const every = Math.max(1, Math.ceil(inside.length / Math.max(1, Math.floor(width / LABEL))));
  return inside.filter((_, at) => at % every === 0);
}

export async function draw(
  box: HTMLElement,
  data: number[][],
  series: Series[],
  { width, height, step }: Size,
  heard: Heard
): Promise<uPlot> {
  const [{ default: Chart }] = await Promise.all([
    import('uplot'),
    import('uplot/dist/uPlot.min.css')
  ]);
  const ink = painted(box, 'var(--ink-faint)');
  const line = painted(box, 'var(--line)');
  const bars = Chart.paths.bars?.({ size: [0.8, 64], align: 0 });
  const [first = 0, last = 0] = [data[0]?.[0], data[0]?.at(-1)];
  const whole = { min: first - step / 2, max: last + step / 2 };
  const axis = {
    stroke: ink,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: '11px sans-serif'
  };
  const fills = series.toReversed().map(({ colour }) => painted(box, colour));
  return new Chart(
    {
      width,
      height,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, uni: 20 } },
      scales: {
        x: {
          time: true,
          range: (_, min, max) =>
            min === first && max === last ? [whole.min, whole.max] : [min, max]
        },
        y: { range: (_, _min, max) => [0, Math.max(1, max * 1.05)] }
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          splits: (_, _at, min, max) => labelled(data[0] ?? [], min, max, width),
          values: (_, splits) => splits.map((time) => tick(time, step, last - first))
        },
        { ...axis, size: 44, values: (_, splits) => splits.map((n) => (n % 1 ? '' : short(n))) }
      ],
      series: [
        {},
        ...fills.map((fill) => ({ fill, width: 0, paths: bars, points: { show: false } }))
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx, left } }) =>
            heard.onpoint(
              idx == null || left == null || left < 0 ? null : { at: idx, left: left + 44 }
            )
        ],
        setScale: [
          (chart, key) => {
            const { min, max } = chart.scales.x ?? {};
            if (key === 'x') heard.onzoom(Number(max) - Number(min) < whole.max - whole.min - 1);
          }
        ]
      }
    },
    data as uPlot.AlignedData,
    box
  );
}

/** A colour of the tokens as a canvas takes it. */
function painted(box: HTMLElement, colour: string): string {
  const probe = box.appendChild(document.createElement('i'));
  probe.style.color = colour;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
