/** Alerts: rules, where they send to, what fired, and what each person wants to hear of. */
import { get, path, post, put, remove, send, type Fetch, type Params } from './client';
import type {
  AlertRule,
  Backtest,
  Channel,
  Delivery,
  Destination,
  Firing,
  HeldFiring,
  Notifications,
  RuleEdit,
  Tried,
  Unsubscription
} from './types';

export const rules = (org: string, fetch?: Fetch) =>
  get<AlertRule[]>(path`/organizations/${org}/alerts/rules/`, { fetch });

export const rule = (org: string, id: string, fetch?: Fetch) =>
  get<AlertRule>(path`/organizations/${org}/alerts/rules/${id}/`, { fetch });

export const createRule = (org: string, rule: RuleEdit) =>
  post<AlertRule>(path`/organizations/${org}/alerts/rules/`, rule);

/** What is absent stays. */
export const changeRule = (org: string, id: string, change: RuleEdit) =>
  put<AlertRule>(path`/organizations/${org}/alerts/rules/${id}/`, change);

export const deleteRule = (org: string, id: string) =>
  remove(path`/organizations/${org}/alerts/rules/${id}/`);

/** What a rule would have done in the last days; changes nothing. */
export const backtest = (org: string, rule: RuleEdit, days: number) =>
  post<Backtest>(path`/organizations/${org}/alerts/backtest/`, { ...rule, days });

export const destinations = (org: string, fetch?: Fetch) =>
  get<Destination[]>(path`/organizations/${org}/alerts/destinations/`, { fetch });

export const destination = (org: string, id: string, fetch?: Fetch) =>
  get<Destination>(path`/organizations/${org}/alerts/destinations/${id}/`, { fetch });

/** Secrets that are absent stay as they are. */
export interface DestinationEdit {
  name: string;
  channel: Channel;
}

export const createDestination = (org: string, made: DestinationEdit) =>
  post<Destination>(path`/organizations/${org}/alerts/destinations/`, made);

export const changeDestination = (org: string, id: string, change: DestinationEdit) =>
  put<Destination>(path`/organizations/${org}/alerts/destinations/${id}/`, change);

export const deleteDestination = (org: string, id: string) =>
  remove(path`/organizations/${org}/alerts/destinations/${id}/`);

/** What to try: a saved destination, one that is being edited, or mail to oneself. */
export type Trial = { destination?: string; channel?: Channel } | { mail: true };

/** Sends a test message; what the other side said to it is an answer, not a refusal. */
export const tryOut = (org: string, trial: Trial) =>
  post<Tried>(path`/organizations/${org}/alerts/test/`, trial);

/** What fired, latest first. */
export const history = (org: string, params: Params, fetch?: Fetch) =>
  send<Firing[]>('GET', path`/organizations/${org}/alerts/history/`, { fetch, params });

/** What waits to be told, what is told next first. */
export const held = (org: string, params: Params, fetch?: Fetch) =>
  get<HeldFiring[]>(path`/organizations/${org}/alerts/held/`, { fetch, params });

export const deliveries = (org: string, params: Params, fetch?: Fetch) =>
  send<Delivery[]>('GET', path`/organizations/${org}/alerts/deliveries/`, { fetch, params });

export const resend = (org: string, id: string) =>
  post<Delivery>(path`/organizations/${org}/alerts/deliveries/${id}/resend/`);

export const notifications = (fetch?: Fetch) =>
  get<Notifications>('/users/me/notifications/', { fetch });

export const changeNotifications = (wanted: Notifications) =>
  put<Notifications>('/users/me/notifications/', wanted);

/** What a link in a mail would end, and for whom; ends nothing. */
export const mailing = (token: string, fetch: Fetch) =>
  get<Unsubscription>(path`/unsubscribe/${token}/`, { fetch });

export const unsubscribe = (token: string) => post<Unsubscription>(path`/unsubscribe/${token}/`);
