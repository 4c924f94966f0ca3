/** The ways of telling: what each needs, and where one finds it. Pure. */
import type { Channel, Destination } from '$lib/api/types';
import { plural } from '$lib/format/number';
import { exact } from '$lib/format/time';

export interface ChannelField {
  /** As the API names it. */
  key: string;
  label: string;
  placeholder?: string;
  hint?: string;
  /** Not shown again once it is saved. */
  secret?: true;
  optional?: true;
}

export interface ChannelKind {
  type: Channel['type'];
  label: string;
  fields: ChannelField[];
  /** Where to find what it needs, step by step. */
  steps: string[];
}

type Health = Pick<Destination, 'failingSince' | 'waiting'>;

const webhook = (placeholder: string): ChannelField => ({
  key: 'url',
  label: 'Webhook URL',
  placeholder,
  secret: true
});

export const CHANNELS: ChannelKind[] = [
  {
    type: 'email',
    label: 'E-mail',
    fields: [],
    steps: [
      'For addresses that are no members: a list, or an on-call mailbox.',
      'Members need none of this: a rule mails them by itself, as far as they want it.',
      'The server sends mail once [mail] url is set in its configuration.'
    ]
  },
  {
    type: 'slack_webhook',
    label: 'Slack webhook',
    fields: [webhook('https://hooks.slack.com/services/…')],
    steps: [
      'At api.slack.com/apps create an app from scratch for your workspace.',
      'Under Incoming Webhooks switch them on, then Add New Webhook to Workspace, and choose the channel.',
      'Copy the webhook URL. It posts to that one channel.'
    ]
  },
  {
    type: 'slack_bot',
    label: 'Slack bot',
    fields: [
      { key: 'token', label: 'Bot token', placeholder: 'xoxb-…', secret: true },
      {
        key: 'channel',
        label: 'Slack channel',
        placeholder: '#alerts',
        hint: 'Name or id. Invite the bot to it.'
      }
    ],
    steps: [
      'At api.slack.com/apps create an app, and under OAuth & Permissions give its bot the scope chat:write.',
      'Install it to the workspace and copy the Bot User OAuth Token.',
      'In the channel, type /invite and the name of the app.'
    ]
  },
  {
    type: 'discord',
    label: 'Discord',
    fields: [webhook('https://discord.com/api/webhooks/…')],
    steps: [
      'In the channel’s settings open Integrations, then Webhooks.',
      'Make a new webhook and copy its URL.'
    ]
  },
  {
    type: 'teams',
    label: 'Microsoft Teams',
    fields: [webhook('https://….logic.azure.com/workflows/…')],
    steps: [
      'Beside the channel’s name choose Workflows.',
      'Take the template “Post to a channel when a webhook request is received”.',
      'Copy the URL that it shows at the end.'
    ]
  },
  {
    type: 'pager_duty',
    label: 'PagerDuty',
    fields: [{ key: 'routingKey', label: 'Integration key', secret: true }],
    steps: [
      'In PagerDuty open the service that is to be paged, then Integrations.',
      'Add an integration of the type Events API V2.',
      'Copy its integration key. The end of a spike, of silence and of a bad rate resolves its alert there, too.'
    ]
  },
  {
    type: 'ntfy',
    label: 'ntfy',
    fields: [
      { key: 'url', label: 'Server', placeholder: 'https://ntfy.sh' },
      {
        key: 'topic',
        label: 'Topic',
        placeholder: 'tripline-3f9c1a',
        secret: true,
        hint: 'On a public server, whoever guesses it can read along.'
      },
      { key: 'token', label: 'Access token', placeholder: 'tk_…', secret: true, optional: true }
    ],
    steps: [
      'Choose a topic and subscribe to it in the ntfy app.',
      'A protected topic needs an access token: in the account of the server, under Access tokens.'
    ]
  },
  {
    type: 'telegram',
    label: 'Telegram',
    fields: [
      { key: 'token', label: 'Bot token', placeholder: '123456:ABC…', secret: true },
      {
        key: 'chat',
        label: 'Chat',
        placeholder: '-1001234567890',
        hint: 'Id of a chat, or @name of a public channel.'
      }
    ],
    steps: [
      'Write /newbot to @BotFather and copy the token that it answers with.',
      'Add the bot to the group and send a message there.',
      'https://api.telegram.org/bot‹token›/getUpdates then shows the id of the chat.'
    ]
  },
  {
    type: 'webhook',
    label: 'Webhook, signed JSON',
    fields: [
      {
        key: 'url',
        label: 'URL',
        placeholder: 'https://example.com/hooks/tripline',
        secret: true
      },
      {
        key: 'secret',
        label: 'Signing secret',
        secret: true,
        hint: 'Your receiver needs it to check the signature. Copy it now: it is not shown again.'
      }
    ],
    steps: [
      'Each message is a JSON document, signed with HMAC-SHA256 over its timestamp and body.',
      'Answer with any 2xx status within 10 seconds.',
      'No answer, 408, 425, 429 and 5xx are tried again for a day. Any other answer is final, a redirect too.',
      'Addresses within the own network have to be allowed in the server’s configuration.'
    ]
  }
];

export const channelOf = (type: string): ChannelKind | undefined =>
  CHANNELS.find((kind) => kind.type === type);

/** What the form of a channel holds: null for a saved secret that is to be taken away. */
export type Values = Record<string, string | null>;

/** The fields as they begin for a saved channel: secrets are not known here, and stay empty. */
export function valuesOf(channel: Channel): Values {
  const fields = channelOf(channel.type)?.fields ?? [];
  const saved = channel as Record<string, unknown>;
  return Object.fromEntries(
    fields.map(({ key, secret }) => [key, secret ? '' : String(saved[key] ?? '')])
  );
}

/** A channel as the API takes it: what is left empty is absent, so that it stays. */
export function channelFrom(type: string, values: Values, to: string[]): Channel {
  if (type === 'email') return { type, to };
  const filled = (channelOf(type)?.fields ?? []).flatMap(({ key }) => {
    const value = values[key]?.trim();
    return value || values[key] === null ? [[key, value ?? '']] : [];
  });
  return { type, ...Object.fromEntries(filled) } as Channel;
}

/** Where a saved channel leads to, without secrets, in a few words. */
export function whereOf(channel: Channel): string {
  const { to, url, channel: room, chat, topic, routingKey } = channel as Record<string, unknown>;
  if (Array.isArray(to)) return to.join(', ');
  return [url, topic, room, chat, routingKey]
    .filter((part) => typeof part === 'string' && part !== '…')
    .join(' · ');
}

/** `since 30 Nov 2026, 20:08:12 CET, 4 messages wait`; empty where nothing fails. */
export function failing({ failingSince, waiting }: Health): string {
  if (!failingSince) return '';
  const waits =
    waiting > 0 ? `, ${plural(waiting, 'message')} ${waiting > 1 ? 'wait' : 'waits'}` : '';
  return `since ${exact(failingSince)}${waits}`;
}

/** A secret that nobody guesses: 40 letters and digits. */
export function drawSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
