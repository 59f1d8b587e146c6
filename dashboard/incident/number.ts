/** A number as people read it aloud: mainland numbers in groups of four from the end, others as they are. */
export function formatNumber(number: string): string {
  const national = /^\+86(\d{9,11})$/.exec(number)?.[1];
  if (national === undefined) return number;
  const head = national.slice(0, -8);
  return ['+86', head, national.slice(-8, -4), national.slice(-4)].filter((part) => part !== '').join(' ');
}
