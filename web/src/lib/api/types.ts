/** The shapes that the HTTP API answers with. It holds no behaviour. */

export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'debug' | (string & {});
export type Status = 'unresolved' | 'resolved' | 'ignored';
export type Role = 'owner' | 'admin' | 'member';
/** A count a bucket: [start of the bucket in Unix seconds, events]. */
export type Point = [number, number];

export interface Me {
  id: string;
  name: string;
  email: string;
  username: string;
  role: Role;
  hasPassword: boolean;
  csrfToken: string | null;
}

export interface Organization {
  id: string;
  slug: string;
  name: string;
}

export interface Project {
  id: string;
  slug: string;
  name: string;
  platform: string | null;
  dateCreated: string;
  firstEvent: string | null;
  environments: string[];
  stats?: Point[];
  unresolvedCount?: number;
}

export interface Key {
  id: string;
  name: string;
  label: string;
  public: string;
  isActive: boolean;
  dsn: { public: string };
  dateCreated: string;
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  dateCreated: string;
  pending: boolean;
}

export interface Invited extends Member {
  inviteLink: string;
}

export interface ApiToken {
  id: string;
  name: string;
  /** Only in the answer that created it. */
  token?: string;
  tokenPreview: string;
  dateCreated: string;
}

export interface IssueMetadata {
  type?: string | null;
  value?: string | null;
  filename?: string | null;
  function?: string | null;
  title?: string | null;
}

export interface Issue {
  id: string;
  shortId: string;
  title: string;
  culprit: string | null;
  level: Level;
  status: Status;
  substatus: string | null;
  platform: string | null;
  type: string;
  project: { id: string; slug: string; name: string; platform: string | null };
  metadata: IssueMetadata;
  firstSeen: string;
  lastSeen: string;
  count: string;
  userCount: number;
  isUnhandled: boolean;
  environments: string[];
  stats: Record<string, Point[]>;
  firstRelease?: { version: string } | null;
  lastRelease?: { version: string } | null;
}

export interface TagValue {
  value: string;
  name: string;
  count: number;
}

export interface TagDistribution {
  key: string;
  name: string;
  totalValues: number;
  uniqueValues: number;
  topValues: TagValue[];
}

export interface Frame {
  filename: string | null;
  absPath: string | null;
  function: string | null;
  rawFunction: string | null;
  module: string | null;
  package: string | null;
  lineNo: number | null;
  colNo: number | null;
  inApp: boolean | null;
  context: [number, string | null][] | null;
  vars: Record<string, unknown> | null;
  instructionAddr: string | null;
}

export interface Stacktrace {
  frames: Frame[] | null;
}

export interface Mechanism {
  type?: string | null;
  handled?: boolean | null;
  source?: string | null;
  exception_id?: number | null;
  parent_id?: number | null;
  is_exception_group?: boolean | null;
  description?: string | null;
  help_link?: string | null;
  data?: Record<string, unknown> | null;
}

export interface Exception {
  type: string | null;
  value: string | null;
  module: string | null;
  mechanism: Mechanism | null;
  threadId: string | number | null;
  stacktrace: Stacktrace | null;
}

export interface Thread {
  id: string | number | null;
  name: string | null;
  crashed: boolean | null;
  current: boolean | null;
  state?: string | null;
  stacktrace: Stacktrace | null;
}

export interface Breadcrumb {
  timestamp: string | null;
  type: string | null;
  category: string | null;
  level: string | null;
  message: string | null;
  data: unknown;
}

export type Pairs = [string, string | null][];

export interface Request {
  url: string | null;
  method: string | null;
  query: Pairs | string | null;
  fragment: string | null;
  headers: Pairs | null;
  cookies: Pairs | null;
  data: unknown;
  env: Record<string, unknown> | null;
  inferredContentType: string | null;
}

export interface Message {
  formatted: string | null;
  message: string | null;
  params: unknown;
}

export type Entry =
  | { type: 'exception'; data: { values: Exception[] | null } }
  | { type: 'stacktrace'; data: Stacktrace }
  | { type: 'threads'; data: { values: Thread[] | null } }
  | { type: 'message'; data: Message }
  | { type: 'request'; data: Request }
  | { type: 'breadcrumbs'; data: { values: Breadcrumb[] | null } }
  | { type: 'csp' | 'template' | 'debugmeta'; data: Record<string, unknown> };

export interface EventUser {
  id: string | null;
  email: string | null;
  username: string | null;
  name: string | null;
  ip_address: string | null;
  data: Record<string, unknown> | null;
}

/** What normalisation had to change: which field, why, and what stood there. */
export interface Remark {
  type: string;
  name?: string | null;
  path?: string | null;
  message: string;
  data: Record<string, unknown> | null;
}

export interface Event {
  id: string;
  eventID: string;
  groupID: string | null;
  title: string;
  message: string | null;
  culprit: string | null;
  location: string | null;
  platform: string | null;
  type: string;
  level: Level | null;
  dateCreated: string;
  dateReceived: string;
  size: number;
  tags: { key: string; value: string }[];
  user: EventUser | null;
  contexts: Record<string, Record<string, unknown>>;
  context: Record<string, unknown>;
  packages: Record<string, string | null>;
  sdk: { name: string | null; version: string | null } | null;
  release: { version: string } | null;
  dist: string | null;
  environment: string | null;
  entries: Entry[];
  errors: Remark[];
  fingerprints: string[];
  nextEventID: string | null;
  previousEventID: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  mimetype: string;
  size: number;
}

export interface Outcomes {
  start: string;
  end: string;
  intervals: string[];
  groups: OutcomeGroup[];
  received: number;
  pending: number;
}

export interface OutcomeGroup {
  by: Record<string, string | number | null>;
  totals: Record<string, number>;
  series: Record<string, number[]>;
}
