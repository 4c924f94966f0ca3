import { expect, test } from 'vitest';
import { guides } from './guides';
import { nearest, platforms } from './platforms';

const DSN = 'http://0123456789abcdef0123456789abcdef@127.0.0.1:9000/1';

test.each(platforms)('the guide of $name holds the DSN once it is due', ({ id }) => {
  const steps = guides[id]?.(DSN) ?? [];
  expect(steps.length).toBeGreaterThan(1);
  expect(steps.some(({ code }) => code.includes(DSN))).toBe(true);
});

test('a platform without a guide of its own reads its family', () => {
  expect(nearest('python-flask')).toBe('python');
  expect(nearest('java')).toBe('java-spring-boot');
  expect(nearest('cobol')).toBe('python');
  expect(nearest(null)).toBe('python');
});
