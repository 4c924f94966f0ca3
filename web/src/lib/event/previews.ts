/** Which files can be shown on the page, and what they are by their own bytes. Pure. */
import type { Attachment } from '$lib/api/types';

export type Preview = 'image' | 'text';

const IMAGE_BYTES = 5 * 1024 * 1024;
const TEXT_BYTES = 256 * 1024;

const TEXTS = /\.(txt|log|json|xml|csv|ya?ml|md|ini|conf|toml|html?|svg|js|ts|py)$/i;
const IMAGES = /\.(png|jpe?g|gif|webp)$/i;

/** Null for what is only to be downloaded. A picture made of markup is shown as the text that it is. */
export function previewOf({ name, mimetype, size }: Attachment): Preview | null {
  const markup = mimetype.includes('svg');
  if (!markup && (/^image\//.test(mimetype) || IMAGES.test(name))) {
    return size <= IMAGE_BYTES ? 'image' : null;
  }
  const text = markup || /^text\/|json|xml/.test(mimetype) || TEXTS.test(name);
  return text && size <= TEXT_BYTES ? 'text' : null;
}

const SIGNATURES: [string, number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]]
];

/** What kind of picture the bytes are, whatever their sender calls them; null for none. */
export const imageType = (bytes: Uint8Array): string | null =>
  SIGNATURES.find(([, begin]) => begin.every((byte, at) => bytes[at] === byte))?.[0] ?? null;
