/** How issues will stand when a change goes through: shown at once, before the server has answered. Pure. */
import type { Actor, EditIssue, Issue, User } from '$lib/api/types';

export type Assumed = Partial<Pick<Issue, 'status' | 'substatus' | 'assignedTo'>>;

export function assume(
  { status, substatus, assignedTo }: EditIssue,
  people: User[],
  me: User
): Assumed {
  return {
    ...(status
      ? { status: status === 'ignored' || status === 'resolved' ? status : 'unresolved' }
      : {}),
    ...(status ? { substatus: substatus ?? (status === 'unresolved' ? 'ongoing' : null) } : {}),
    ...(assignedTo === undefined ? {} : { assignedTo: actor(assignedTo ?? '', people, me) })
  } as Assumed;
}

function actor(name: string, people: User[], me: User): Actor | null {
  if (name === '') return null;
  const [kind, id] = name === 'me' ? ['user', me.id] : name.split(':');
  if (kind === 'team') return { type: 'team', id: id ?? '', name: id ?? '' } as Actor;
  const person = [me, ...people].find((one) => one.id === id);
  return { type: 'user', id: id ?? '', name: person?.name ?? '', email: person?.email } as Actor;
}
