/**
 * The shapes that the HTTP API answers with, by the names the app uses for them. They come from the
 * server's OpenAPI document; what that leaves open, because SDKs may send anything there, is
 * narrowed here to what the pages read of it. It holds no behaviour.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type AlertAction = Schemas['AlertAction'];
export type AlertCause = Schemas['FiringCause'];
export type AlertCondition = Schemas['AlertCondition'];
export type AlertRule = Schemas['AlertRule'];
export type AlertTest = Schemas['AlertTest'];
export type Backtest = Schemas['Backtest'];
export type Channel = Schemas['Channel'];
export type Delivery = Schemas['AlertDelivery'];
export type Destination = Schemas['Destination'];
export type Firing = Schemas['Firing'];
export type HeldFiring = Schemas['HeldFiring'];
export type Moment = Schemas['BacktestMoment'];
export type Notifications = Schemas['Notifications'];
export type QuietHours = Schemas['QuietHours'];
export type RuleEdit = Schemas['EditAlertRule'];
export type Tried = Schemas['Tested'];
export type Trigger = Schemas['Trigger'];
export type Unsubscription = Schemas['Unsubscription'];

export type Activities = Schemas['Activities'];
export type Activity = Schemas['Activity'];
export type Actor = Schemas['Actor'];
export type ApiToken = Schemas['ApiToken'];
export type Attachment = Schemas['Attachment'];
export type Commit = Schemas['Commit'];
export type Committers = Schemas['Committers'];
export type Comparison = Schemas['Comparison'];
export type IssueMove = Schemas['IssueMove'];
export type Deploy = Schemas['Deploy'];
export type Breadcrumb = Schemas['Breadcrumb'];
export type EditIssue = Schemas['EditIssue'];
export type EventSummary = Schemas['EventSummary'];
export type EventUser = Schemas['EventUser'];
export type Frame = Schemas['Frame'];
export type GroupingComponent = Schemas['GroupingComponent'];
export type GroupingInfo = Schemas['GroupingInfo'];
export type GroupingJob = Schemas['GroupingJob'];
export type GroupingPreview = Schemas['GroupingPreview'];
export type GroupingVariant = Schemas['GroupingVariant'];
export type Hash = Schemas['Hash'];
export type Invited = Schemas['NewMember'];
export type NearMiss = Schemas['NearMiss'];
export type NewLink = Schemas['NewLink'];
export type Health = Schemas['Health'];
export type IssueRelease = Schemas['IssueRelease'];
export type Issue = Schemas['Issue'];
export type IssueMetadata = Schemas['Metadata'];
export type Key = Schemas['Key'];
export type Marker = Schemas['Marker'];
export type Member = Schemas['Member'];
export type Me = Schemas['Me'];
export type Message = Schemas['Message'];
export type Merged = { merge: Schemas['MergedIssues'] };
export type Minted = Schemas['Minted'];
export type Organization = Schemas['Organization'];
export type OutcomeGroup = Schemas['OutcomeGroup'];
export type Outcomes = Schemas['Outcomes'];
export type PreviewedIssue = Schemas['PreviewedIssue'];
export type Project = Schemas['Project'];
export type ProjectQuotas = Schemas['ProjectQuotas'];
export type Quota = Schemas['Quota'];
export type ProjectStorage = Schemas['ProjectStorage'];
export type ProjectGrouping = Schemas['ProjectGrouping'];
export type Release = Schemas['Release'];
export type HealthData = Schemas['HealthData'];
export type ReleaseProject = Schemas['ReleaseProject'];
export type Remark = Schemas['Remark'];
export type Request = Schemas['Request'];
export type Split = Schemas['Split'];
export type Sessions = Schemas['Sessions'];
export type Stacktrace = Schemas['StackTrace'];
export type Storage = Schemas['Storage'];
export type TagDistribution = Schemas['TagDetails'];
export type Thread = Schemas['Thread'];
export type User = Schemas['User'];

export type Entry = Schemas['Entry'];
export type Event = Schemas['Event'];
export type Exception = Schemas['Thrown'];

export type Role = 'owner' | 'admin' | 'member';
export type Status = 'unresolved' | 'resolved' | 'ignored';
/** A count a bucket: [start of the bucket in Unix seconds, events]. */
export type Point = [number, number];

/** How an exception was caught, and its place among the others of the event. */
export interface Mechanism {
  type?: string | null;
  handled?: boolean | null;
  description?: string | null;
  source?: string | null;
  exception_id?: number | null;
  parent_id?: number | null;
  is_exception_group?: boolean | null;
  data?: unknown;
}
