/** What a search can be completed with: fetched when somebody begins to type, of the issues that are on the page. */
import { get, path } from '$lib/api/client';
import { tags } from '$lib/api/issues';
import { releases } from '$lib/api/releases';
import type { Issue, Project, User } from '$lib/api/types';
import type { Known } from './complete';

/** So many issues are asked for their tags. */
const ASKED = 10;

export async function know(
  org: string,
  project: string[],
  projects: Project[],
  issues: Issue[]
): Promise<Known> {
  const meant = projects.filter(({ id }) => project.length === 0 || project.includes(id));
  const [people, shipped, ...tagged] = await Promise.all([
    get<User[]>(path`/organizations/${org}/users/`).catch((): User[] => []),
    releases(org, { project, per_page: 50 }, fetch).then(
      ({ data }) => data.map(({ version }) => version),
      () => []
    ),
    ...issues.slice(0, ASKED).map(({ id }) => tags(org, id, fetch).catch(() => []))
  ]);
  const known = new Map<string, Map<string, number>>();
  for (const { key, topValues } of tagged.flat()) {
    const values = known.get(key) ?? new Map<string, number>();
    for (const { value, count } of topValues) values.set(value, (values.get(value) ?? 0) + count);
    known.set(key, values);
  }
  return {
    people: people.map(({ email }) => email),
    releases: [...new Set(shipped)],
    environments: [...new Set(meant.flatMap(({ environments }) => environments))].sort(),
    tags: known
  };
}
