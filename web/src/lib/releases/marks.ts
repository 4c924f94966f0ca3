/** Releases and deploys as flags on a timeline. */
import type { Marker } from '$lib/api/types';
import type { Mark } from '$lib/charts/marks';
import { releasePath } from './filters';

export const toMarks = (markers: Marker[], project: string): Mark[] =>
  markers.map((marker) => ({
    time: Date.parse(marker.date) / 1000,
    label: marker.shortVersion,
    note: marker.type === 'deploy' ? `deployed to ${marker.environment}` : 'came out',
    href: releasePath(marker.version, { project })
  }));
