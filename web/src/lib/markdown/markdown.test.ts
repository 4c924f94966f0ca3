import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { destination } from './markdown';
import Markdown from './Markdown.svelte';

/** What a comment becomes, without the frame around it and what the framework marks for itself. */
function html(text: string): string {
  const { body } = render(Markdown, { props: { text } });
  return body
    .replace(/<!--.*?-->/gs, '')
    .replace(/^<div class="markdown[^>]*>|<\/div>$/g, '')
    .replace(/\s+(?=<|$)|(?<=<li>)\s+/g, '')
    .replace(/ class="[^"]*"/g, '');
}

test.each([
  ['plain', '<p>plain</p>'],
  ['one\ntwo', '<p>one<br/>two</p>'],
  [
    '**bold** _it_ ~~gone~~ `a < b`',
    '<p><strong>bold</strong><em>it</em><del>gone</del><code>a &lt; b</code></p>'
  ],
  ['# Title', '<h3>Title</h3>'],
  ['- one\n- two', '<ul><li>one</li><li>two</li></ul>'],
  ['3. three', '<ol start="3"><li>three</li></ol>'],
  ['> said', '<blockquote><p>said</p></blockquote>'],
  ['```js\nlet a = "<b>";\n```', '<pre><code>let a = "&lt;b>";</code></pre>'],
  ['a \\* b &amp; c < d', '<p>a * b &amp;amp; c &lt; d</p>'],
  [
    '[docs](https://example.com/a?b=1&c=2)',
    '<p><a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">docs</a></p>'
  ]
])('%j is shown', (text, shown) => {
  expect(html(text)).toBe(shown);
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a <b onclick="alert(1)">b</b> c',
  '<iframe src="https://example.com"></iframe>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '![x](javascript:alert(1))',
  '![x](https://example.com/spy.png)',
  '<https://example.com/"onmouseover="alert(1)>',
  '[x](https://example.com "\\" onmouseover=\\"alert(1)")',
  '"><svg onload=alert(1)>',
  '<!-- --><style>*{display:none}</style>'
])('%s does nothing', (text) => {
  const shown = html(text);
  const elements = [...shown.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+="[^"]*")*)\s*\/?>/gi)];
  for (const [, name, attributes] of elements) {
    expect(['p', 'a', 'br', 'strong', 'em', 'code', 'pre']).toContain(name);
    expect(attributes).not.toMatch(/\son|style=|src=/i);
    expect(attributes).not.toMatch(/href="(?!https?:|mailto:)/i);
  }
});

test.each([
  ['https://example.com/', 'https://example.com/'],
  ['mailto:ada@example.com', 'mailto:ada@example.com'],
  ['javascript:alert(1)', null],
  [' javascript:alert(1)', null],
  ['java\nscript:alert(1)', null],
  ['vbscript:x', null],
  ['/settings', null],
  ['//example.com/x', 'https://example.com/x'],
  ['http://', null],
  ['', null]
])('%j leads to %j', (href, to) => {
  expect(destination(href)).toBe(to);
});

test.each([
  '>',
  '> ',
  '- ',
  '* ',
  '*',
  '_',
  '[',
  '![',
  '(',
  '`',
  '**a ',
  '~~',
  '1. ',
  '  - \n',
  '|',
  '<',
  '&#'
])('thousands of %j are shown within a second', (mark) => {
  const before = performance.now();
  html(mark.repeat(10_000 / mark.length));
  expect(performance.now() - before).toBeLessThan(1_000);
});
