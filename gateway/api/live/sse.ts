/** One server-sent event (WHATWG HTML §9.2). JSON has no raw line breaks, so one data line holds it. */
export function formatSse(event: { readonly name: string; readonly id?: string; readonly data: unknown }): string {
  const id = event.id === undefined ? '' : `id: ${event.id}\n`;
  return `${id}event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`;
}
