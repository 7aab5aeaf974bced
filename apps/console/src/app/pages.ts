import {
  Activity,
  CircleParking,
  GitCompareArrows,
  type LucideIcon,
  ScanSearch,
  Server,
  Spline,
  Waypoints,
} from 'lucide-react';

export interface PageLink {
  readonly path: string;
  readonly name: string;
  readonly icon: LucideIcon;
}

/** The console's pages in menu order, grouped by purpose. */
export const PAGES: readonly (readonly [group: string, links: readonly PageLink[]])[] = [
  [
    'Watch',
    [
      { path: '/', name: 'Overview', icon: Waypoints },
      { path: '/flow', name: 'Flow', icon: Activity },
      { path: '/entity', name: 'Entity', icon: ScanSearch },
    ],
  ],
  [
    'Act',
    [
      { path: '/parked', name: 'Parked', icon: CircleParking },
      { path: '/subscriptions', name: 'Subscriptions', icon: Spline },
      { path: '/reconcile', name: 'Reconcile', icon: GitCompareArrows },
    ],
  ],
  ['System', [{ path: '/cluster', name: 'Cluster', icon: Server }]],
];
