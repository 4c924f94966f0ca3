/** A set-up guide: what to install, what to write where, and how to raise the first error. */

export interface Step {
  /** A file name, or what the code does. */
  title: string;
  code: string;
}

export type Guide = (dsn: string) => Step[];

/** Cuts the indentation of a template down to what the snippet itself means. */
export function snippet(parts: TemplateStringsArray, ...values: string[]): string {
  const lines = String.raw({ raw: parts }, ...values).split('\n');
  const body = lines.slice(1, -1);
  const indents = body.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return body.map((line) => line.slice(indent)).join('\n');
}
