/** Which guide belongs to which platform of `platforms.ts`. */
import type { Guide } from '../guide';
import { aspnet, go, rust, spring } from './compiled';
import { browser, express, nextjs, react } from './javascript';
import { django, laravel, python, rails } from './scripting';

export const guides: Record<string, Guide> = {
  javascript: browser,
  'javascript-react': react,
  'javascript-nextjs': nextjs,
  'node-express': express,
  python,
  'python-django': django,
  go,
  rust,
  'ruby-rails': rails,
  'php-laravel': laravel,
  'java-spring-boot': spring,
  'dotnet-aspnetcore': aspnet
};
