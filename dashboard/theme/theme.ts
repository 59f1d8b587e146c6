const KEY = 'zhuji.theme';

export type Theme = 'dark' | 'light';

/** Dark unless somebody chose otherwise: the console is made for the night. */
export function startTheme(storage: Pick<Storage, 'getItem'>, root: HTMLElement): void {
  root.dataset['theme'] = storage.getItem(KEY) === 'light' ? 'light' : 'dark';
}

export function toggleTheme(storage: Pick<Storage, 'setItem'>, root: HTMLElement): void {
  const theme: Theme = root.dataset['theme'] === 'light' ? 'dark' : 'light';
  root.dataset['theme'] = theme;
  storage.setItem(KEY, theme);
}
