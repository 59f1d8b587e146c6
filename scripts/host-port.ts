export type HostPort = { readonly host: string; readonly port: number };

/** `host:port`, an IPv6 address in brackets, which the host is given back without. Null: it is none. */
export function readHostPort(text: string): HostPort | null {
  const [, host, port] = /^(.+):(\d{1,5})$/u.exec(text) ?? [];
  return host === undefined ? null : { host: host.replace(/^\[(.*)\]$/u, '$1'), port: Number(port) };
}
