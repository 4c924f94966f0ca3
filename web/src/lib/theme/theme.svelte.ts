/** Light, dark or as the system says; kept in the browser. `static/theme.js` applies it before paint. */

export type Theme = 'system' | 'light' | 'dark';

export const THEMES: Theme[] = ['system', 'light', 'dark'];

let theme = $state<Theme>(read());

export const chosenTheme = () => theme;

export const nextTheme = () =>
  setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system');

export function setTheme(chosen: Theme) {
  theme = chosen;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage may be blocked: the choice then lasts as long as the page.
  }
}

function read(): Theme {
  const set = document.documentElement.dataset.theme;
  return set === 'light' || set === 'dark' ? set : 'system';
}
