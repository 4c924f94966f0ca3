import { expect, test } from 'vitest';
import { choices, fault, NOTHING, taken, wordAt, type Known } from './complete';

const known: Known = {
  people: ['ada@example.com', 'bob@example.com'],
  releases: ['shop@2.1.0', 'shop@2.0.0'],
  environments: ['production', 'staging'],
  tags: new Map([
    [
      'browser.name',
      new Map([
        ['Firefox', 3],
        ['Mobile Safari', 12]
      ])
    ],
    ['url', new Map([['//cdn.example/a.js', 2]])],
    ['size', new Map([['>5', 1]])],
    ['level', new Map([['error', 15]])]
  ])
};

/** What is offered where | stands. */
function offered(text: string) {
  const caret = text.indexOf('|');
  return choices(wordAt(text.replace('|', ''), caret), known).map(({ label }) => label);
}

/** The text once the first of it is taken. */
function completed(text: string) {
  const caret = text.indexOf('|');
  const plain = text.replace('|', '');
  const word = wordAt(plain, caret);
  const [first] = choices(word, known);
  if (!first) return null;
  const done = taken(plain, word, first);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

test('keys are offered by how they begin, fields and tags alike', () => {
  expect(offered('b|')).toEqual(['bookmarks:', 'browser.name:']);
  expect(offered('is:unresolved !lev|')).toEqual(['level:']);
  expect(offered('|')).toContain('release:');
  expect(offered('nullpointer|')).toEqual([]);
});

test('values are offered most common first', () => {
  expect(offered('browser.name:|')).toEqual(['Mobile Safari', 'Firefox']);
  expect(offered('browser.name:fi|')).toEqual(['Firefox']);
  expect(offered('(release:2.0|')).toEqual(['shop@2.0.0']);
  expect(offered('assigned:a|').slice(0, 1)).toEqual(['ada@example.com']);
  expect(offered('is:re|')).toEqual(['resolved', 'regressed', 'unresolved']);
  expect(offered('has:br|')).toEqual(['browser.name']);
  expect(offered('is:resolved|')).toEqual(['resolved', 'unresolved']);
  expect(offered('unheard.of:|')).toEqual([]);
});

test('what is taken stands in place of the word, ready to go on', () => {
  expect(completed('environment:"|prod" is:new')).toBe('environment:production |is:new');
  expect(completed('environment:"pr|od" is:new')).toBe('environment:production |is:new');
  expect(completed('lev|')).toBe('level:|');
  expect(completed('lev| is:new')).toBe('level:| is:new');
  expect(completed('!environment:pro| is:new')).toBe('!environment:production |is:new');
  expect(completed('browser.name:mob|')).toBe('browser.name:"Mobile Safari" |');
  expect(completed('url:cdn|')).toBe('url:"//cdn.example/a.js" |');
  expect(completed('size:|')).toBe('size:">5" |');
  expect(completed('users:|')).toBe('users:>10 |');
  expect(completed('browser.name:"mobile s|')).toBe('browser.name:"Mobile Safari" |');
  expect(completed('browser.name:"mob|ile" is:new')).toBe('browser.name:"Mobile Safari" |is:new');
});

test('nothing is offered where nothing is known', () => {
  expect(choices(wordAt('release:', 8), NOTHING)).toEqual([]);
});

test('the place of a fault is taken from the words of the server', () => {
  expect(fault('this quote is never closed (at character 3)')).toEqual({
    message: 'this quote is never closed',
    position: 3
  });
  expect(fault('No.')).toEqual({ message: 'No.', position: null });
});
