import {
  BeakerIcon,
  GitBranchIcon,
  InboxIcon,
  InfoIcon,
  IssueOpenedIcon,
  LogIcon,
  PulseIcon,
  ServerIcon,
  StopwatchIcon,
  TasklistIcon,
  WorkflowIcon,
  ZapIcon,
} from '@primer/octicons-react';
import { settings } from '../settings';

/** The screens of the menu. */
export const places = [
  { to: '/', label: 'Now', icon: PulseIcon },
  { to: '/sagas', label: 'Sagas', icon: WorkflowIcon },
  { to: '/incidents', label: 'Incidents', icon: IssueOpenedIcon },
  { to: '/dead-letters', label: 'Dead letters', icon: InboxIcon },
  { to: '/definitions', label: 'Definitions', icon: GitBranchIcon },
  { to: '/holds', label: 'Holds', icon: StopwatchIcon },
  { to: '/bulk-actions', label: 'Bulk actions', icon: TasklistIcon },
  { to: '/audit', label: 'Audit', icon: LogIcon },
  { to: '/instances', label: 'Instances', icon: ServerIcon },
  { to: '/faults', label: 'Faults', icon: ZapIcon },
  ...(settings.services.includes('order') ? ([{ to: '/shop', label: 'Shop', icon: BeakerIcon }] as const) : []),
  { to: '/about', label: 'About', icon: InfoIcon },
] as const;
