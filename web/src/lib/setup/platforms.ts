/** The platforms that the app has a name and a set-up guide for. */

export interface Platform {
  /** As the server keeps it on a project. */
  id: string;
  name: string;
}

export const platforms: Platform[] = [
  { id: 'javascript', name: 'Browser JavaScript' },
  { id: 'javascript-react', name: 'React' },
  { id: 'javascript-nextjs', name: 'Next.js' },
  { id: 'node-express', name: 'Node.js and Express' },
  { id: 'python', name: 'Python' },
  { id: 'python-django', name: 'Django' },
  { id: 'go', name: 'Go' },
  { id: 'rust', name: 'Rust' },
  { id: 'ruby-rails', name: 'Ruby on Rails' },
  { id: 'php-laravel', name: 'Laravel' },
  { id: 'java-spring-boot', name: 'Spring Boot' },
  { id: 'dotnet-aspnetcore', name: 'ASP.NET Core' }
];

/** The set-up guide nearest to what a project says of itself: `python-flask` reads Python's. */
export function nearest(platform: string | null | undefined): string {
  const wanted = platform ?? 'python';
  const exact = platforms.find(({ id }) => id === wanted);
  const family = wanted.split('-')[0] ?? wanted;
  const related = platforms.find(({ id }) => id === family || id.startsWith(`${family}-`));
  return (exact ?? related)?.id ?? 'python';
}

export const platformName = (platform: string | null | undefined) =>
  platforms.find(({ id }) => id === platform)?.name ?? platform ?? 'No platform';
