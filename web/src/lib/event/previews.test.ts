import { expect, test } from 'vitest';
import type { Attachment } from '$lib/api/types';
import { imageType, previewOf } from './previews';

const file = (name: string, mimetype = 'application/octet-stream', size = 100) =>
  previewOf({ name, mimetype, size } as Attachment);

test('pictures and texts are shown, as far as they are small', () => {
  expect(file('screenshot.png')).toBe('image');
  expect(file('shot', 'image/jpeg')).toBe('image');
  expect(file('shop.log')).toBe('text');
  expect(file('state', 'application/json')).toBe('text');
  expect(file('core.dmp')).toBeNull();
  expect(file('shop.log', 'text/plain', 1_000_000)).toBeNull();
  expect(file('huge.png', 'image/png', 9_000_000)).toBeNull();
});

test('what could run in a page is text', () => {
  expect(file('logo.svg', 'image/svg+xml')).toBe('text');
  expect(file('page.html', 'text/html')).toBe('text');
});

test('a picture is what its bytes say', () => {
  expect(imageType(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d]))).toBe('image/png');
  expect(imageType(new TextEncoder().encode('<svg onload="alert(1)">'))).toBeNull();
});
