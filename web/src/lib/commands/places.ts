/** The pages that can be gone to by name. */
import type { IconName } from '$lib/ui/icons';

export interface Place {
  /** Set where a phone has no room for it. */
  wide?: true;
  href: string;
  label: string;
  icon: IconName;
}

/** Those of the bar above every page. */
export const MAIN: Place[] = [
  { href: '/', label: 'Projects', icon: 'projects' },
  { href: '/overview', label: 'Overview', icon: 'rise' },
  { href: '/issues', label: 'Issues', icon: 'issues' },
  { href: '/releases', label: 'Releases', icon: 'releases' },
  { href: '/alerts', label: 'Alerts', icon: 'bell' },
  { href: '/stats', label: 'Stats', icon: 'stats', wide: true },
  { href: '/settings', label: 'Settings', icon: 'settings' }
];

/** Pages below them that people look for by name. */
export const FURTHER: Place[] = [
  { href: '/issues?query=is%3Aunresolved+assigned%3Ame', label: 'Issues of mine', icon: 'person' },
  { href: '/issues?query=is%3Aregressed', label: 'Regressed issues', icon: 'undo' },
  { href: '/issues?sort=new', label: 'Newest issues', icon: 'clock' },
  { href: '/alerts/rules/new', label: 'New alert rule', icon: 'plus' },
  { href: '/alerts/history', label: 'Alert history', icon: 'clock' },
  { href: '/alerts/destinations', label: 'Alert destinations', icon: 'send' },
  { href: '/settings/account', label: 'Account and API tokens', icon: 'person' },
  { href: '/settings/members', label: 'Members', icon: 'users' },
  { href: '/settings/storage', label: 'Storage', icon: 'archive' },
  { href: '/settings/health', label: 'Health of the installation', icon: 'rise' }
];
